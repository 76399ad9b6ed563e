package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import org.jspecify.annotations.Nullable;

/**
 * What the sources found for one judged query, as numbers: for each passage and source how it ranks, how it scores and
 * that it is there.
 */
final class FusionRows {

    static final int FEATURES = 3;
    private static final int CUT = 10;
    private static final int RRF = 60;

    private final double[][] features;
    private final double[] reciprocal;
    private final boolean[] relevant;
    private final int allRelevant;

    private FusionRows(double[][] features, double[] reciprocal, boolean[] relevant, int allRelevant) {
        this.features = features;
        this.reciprocal = reciprocal;
        this.relevant = relevant;
        this.allRelevant = allRelevant;
    }

    static FusionRows of(List<String> sources, Map<String, Retrieval> found, Set<String> relevantIds) {
        // By id, as ties are ordered.
        Map<String, double[]> features = new TreeMap<>();
        Map<String, Double> reciprocal = new TreeMap<>();
        for (int source = 0; source < sources.size(); source++) {
            @Nullable Retrieval retrieval = found.get(sources.get(source));
            List<Passage> ranking = retrieval == null ? List.of() : retrieval.passages();
            List<Fusion.Place> places = Fusion.places(sources.get(source), 1, ranking);
            for (int i = 0; i < ranking.size(); i++) {
                String id = ranking.get(i).id();
                double[] row = features.computeIfAbsent(id, any -> new double[FEATURES * sources.size()]);
                row[FEATURES * source] = rankFeature(places.get(i));
                row[FEATURES * source + 1] = places.get(i).scaled();
                row[FEATURES * source + 2] = 1;
                reciprocal.merge(id, 1.0 / (RRF + places.get(i).rank()), Double::sum);
            }
        }
        List<String> ids = new ArrayList<>(features.keySet());
        boolean[] relevant = new boolean[ids.size()];
        for (int i = 0; i < relevant.length; i++) {
            relevant[i] = relevantIds.contains(ids.get(i));
        }
        return new FusionRows(
                features.values().toArray(double[][]::new),
                reciprocal.values().stream().mapToDouble(Double::doubleValue).toArray(),
                relevant,
                relevantIds.size());
    }

    static double rankFeature(Fusion.Place place) {
        return 11.0 / (10 + place.rank());
    }

    /** Says whether there is something to learn: a relevant passage, and one that is not. */
    boolean isUsable() {
        boolean any = false;
        boolean all = true;
        for (boolean each : relevant) {
            any |= each;
            all &= each;
        }
        return any && !all;
    }

    int size() {
        return features.length;
    }

    int width() {
        return features[0].length;
    }

    double[] row(int i) {
        return features[i];
    }

    boolean isRelevant(int i) {
        return relevant[i];
    }

    double score(int i, double[] weights) {
        double sum = 0;
        for (int feature = 0; feature < weights.length; feature++) {
            sum += weights[feature] * features[i][feature];
        }
        return sum;
    }

    double ndcg(double[] weights) {
        return ndcgOf(
                IntStream.range(0, size()).mapToDouble(i -> score(i, weights)).toArray());
    }

    double reciprocalRankNdcg() {
        return ndcgOf(reciprocal);
    }

    double relativeScoreNdcg() {
        double[] scores = new double[size()];
        for (int i = 0; i < scores.length; i++) {
            for (int feature = 1; feature < width(); feature += FEATURES) {
                scores[i] += features[i][feature];
            }
        }
        return ndcgOf(scores);
    }

    private double ndcgOf(double[] scores) {
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -scores[i]).thenComparing(i -> i))
                .toList();
        double sum = 0;
        double ideal = 0;
        for (int i = 0; i < CUT; i++) {
            double discount = Math.log(2) / Math.log(i + 2);
            sum += i < order.size() && relevant[order.get(i)] ? discount : 0;
            ideal += i < allRelevant ? discount : 0;
        }
        return sum / ideal;
    }
}
