package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;

/**
 * A fusion whose weights were learned from judged queries.
 *
 * <pre>{@code
 * LearnedFusion learned = LearnedFusion.train(hybrid, judged);
 * if (learned.quality().learned() > learned.quality().reciprocalRank()) {
 *     builder.fusion(learned.fusion());
 * }
 * }</pre>
 *
 * <p>A source contributes {@code rank * 11 / (10 + rank in the source) + score * scaled score + presence}, with three
 * weights of its own, none of them negative; weights that were given to sources do not count. The weights make the
 * relevant passages of the judged queries most likely under a softmax over what the sources found for a query (the
 * conditional logit of D. McFadden, 1974; in ranking, Z. Cao and others, "Learning to Rank: From Pairwise Approach to
 * Listwise Approach", ICML 2007), less a penalty on the squares of the weights. The penalty is chosen by cross
 * validation. The same queries in the same order give the same weights.
 *
 * <p>Judge queries as they come, and report on others than those that were learned from: the quality here compares
 * fusions, it is no estimate for new kinds of questions.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class LearnedFusion {

    /** How many queries are needed of which a source finds a relevant passage. */
    public static final int LEAST_QUERIES = 20;

    private static final int FOLDS = 5;
    private static final List<Double> PENALTIES = List.of(0.1, 0.03, 0.01, 0.003, 0.001);

    private final Map<String, SourceWeights> weights;
    private final Quality quality;

    private LearnedFusion(Map<String, SourceWeights> weights, Quality quality) {
        this.weights = weights;
        this.quality = quality;
    }

    /**
     * What was learned of a source.
     *
     * @param rank the weight of {@code 11 / (10 + rank)}, at least 0
     * @param score the weight of the scaled score, at least 0
     * @param presence what a passage gets for being found, at least 0
     */
    public record SourceWeights(double rank, double score, double presence) {

        /** Checks that no weight is negative. */
        public SourceWeights {
            if (!(rank >= 0 && score >= 0 && presence >= 0) || Double.isInfinite(rank + score + presence)) {
                throw new IllegalArgumentException("the weights of a source must be finite and at least 0 but were "
                        + rank + ", " + score + " and " + presence);
            }
        }

        double of(Fusion.Place place) {
            return rank * FusionRows.rankFeature(place) + score * place.scaled() + presence;
        }
    }

    /**
     * How good the fusions are, as mean nDCG@10 over the queries that were used, those of the learned one by weights
     * that were learned from the other folds.
     *
     * @param queries how many queries there were
     * @param used how many of them had a relevant passage in a source
     * @param learned that of the learned fusion, in [0, 1]; slightly too high, as the penalty was chosen by it
     * @param reciprocalRank that of reciprocal rank fusion with k = 60, in [0, 1]
     * @param relativeScore that of relative score fusion, in [0, 1]
     * @param penalty the penalty that was chosen
     */
    public record Quality(
            int queries, int used, double learned, double reciprocalRank, double relativeScore, double penalty) {}

    /**
     * Learns weights for the sources of a retriever.
     *
     * @param retriever the sources with their depths; its own fusion does not matter
     * @param queries the judged queries; each is asked once
     * @return what was learned
     * @throws IllegalArgumentException when fewer than {@value #LEAST_QUERIES} queries have a relevant passage in a
     *     source
     * @throws LifecycleException when a source is dropped, since weights would then be learned from half of it
     */
    public static LearnedFusion train(HybridRetriever retriever, List<JudgedQuery> queries) {
        List<String> sources = retriever.sourceNames();
        List<FusionRows> all = new ArrayList<>();
        for (JudgedQuery query : List.copyOf(queries)) {
            HybridRetriever.Asked asked = retriever.ask(query.request());
            if (!asked.dropped().isEmpty()) {
                throw new LifecycleException("Learning a fusion from " + queries.size()
                        + " judged queries lost a source at query " + (all.size() + 1) + ": " + asked.dropped()
                        + "; allow the sources more time and learn again");
            }
            all.add(FusionRows.of(sources, asked.found(), query.relevant()));
        }
        List<FusionRows> used = all.stream().filter(FusionRows::isUsable).toList();
        if (used.size() < LEAST_QUERIES) {
            throw new IllegalArgumentException("learning a fusion found " + used.size() + " of " + queries.size()
                    + " judged queries with a relevant passage in a source; give at least " + LEAST_QUERIES
                    + ", or use reciprocal rank fusion");
        }
        double best = -1;
        double penalty = 0;
        for (double each : PENALTIES) {
            double value = crossValidated(used, each);
            if (value > best + 1e-9) {
                best = value;
                penalty = each;
            }
        }
        double[] learned = ConditionalLogit.fit(used, penalty);
        Map<String, SourceWeights> weights = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            weights.put(sources.get(i), new SourceWeights(learned[3 * i], learned[3 * i + 1], learned[3 * i + 2]));
        }
        Quality quality = new Quality(
                queries.size(),
                used.size(),
                best,
                mean(used, FusionRows::reciprocalRankNdcg),
                mean(used, FusionRows::relativeScoreNdcg),
                penalty);
        return new LearnedFusion(weights, quality);
    }

    /** Every fifth query is ranked by what the others taught. */
    private static double crossValidated(List<FusionRows> rows, double penalty) {
        double sum = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            List<FusionRows> train = new ArrayList<>();
            List<FusionRows> test = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                (i % FOLDS == fold ? test : train).add(rows.get(i));
            }
            double[] weights = ConditionalLogit.fit(train, penalty);
            for (FusionRows each : test) {
                sum += each.ndcg(weights);
            }
        }
        return sum / rows.size();
    }

    private static double mean(List<FusionRows> rows, ToDoubleFunction<FusionRows> value) {
        return rows.stream().mapToDouble(value).sum() / rows.size();
    }

    /**
     * Makes a fusion of weights that were learned before, such as those of a configuration file.
     *
     * @param weights the weights of each source, by its name, at least one
     * @return the fusion
     * @throws IllegalArgumentException when there are none
     */
    public static Fusion of(Map<String, SourceWeights> weights) {
        Map<String, SourceWeights> known = Map.copyOf(weights);
        if (known.isEmpty()) {
            throw new IllegalArgumentException("a learned fusion was given no weights; give those of each source");
        }
        Map<String, Object> canonical = new TreeMap<>();
        known.forEach((source, each) ->
                canonical.put(source, Map.of("rank", each.rank(), "score", each.score(), "presence", each.presence())));
        SourceWeights none = new SourceWeights(0, 0, 0);
        return new Fusion(
                Identity.of("learned-fusion", "1", Map.of("weights", canonical)),
                Optional.of(known.keySet()),
                place -> known.getOrDefault(place.source(), none).of(place));
    }

    /**
     * Returns the fusion, for a retriever whose sources have the same names.
     *
     * @return the fusion; its identity covers the weights
     */
    public Fusion fusion() {
        return of(weights);
    }

    /**
     * Returns what was learned of each source.
     *
     * @return the weights by the name of the source, in the order of the retriever
     */
    public Map<String, SourceWeights> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /**
     * Returns how good the fusion is beside others.
     *
     * @return cross-validated figures
     */
    public Quality quality() {
        return quality;
    }
}
