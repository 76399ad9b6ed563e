package dev.llmlifecycle.samples.measure.classifier;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The two simplest classifiers over embeddings: the nearest training texts, and the nearest mean of a label. */
final class Neighbours {

    private static final int[] CANDIDATES = {1, 3, 5, 10, 20};
    private static final int JUDGES = 1_000;

    private final List<float[]> vectors;
    private final List<String> labels;
    private final TreeMap<String, float[]> means = new TreeMap<>();
    private final int nearest;

    Neighbours(List<float[]> vectors, List<String> labels) {
        this.vectors = vectors;
        this.labels = labels;
        for (int i = 0; i < labels.size(); i++) {
            float[] sum = means.computeIfAbsent(labels.get(i), label -> new float[vectors.get(0).length]);
            for (int k = 0; k < sum.length; k++) {
                sum[k] += vectors.get(i)[k];
            }
        }
        this.nearest = choose();
    }

    /** Returns how many neighbours vote, chosen by leaving out training texts one at a time. */
    int nearest() {
        return nearest;
    }

    String byNeighbours(float[] text) {
        return vote(similarities(text), nearest);
    }

    String byMeans(float[] text) {
        String best = "";
        double most = Double.NEGATIVE_INFINITY;
        for (var mean : means.entrySet()) {
            double similarity = product(text, mean.getValue()) / Math.sqrt(product(mean.getValue(), mean.getValue()));
            if (similarity > most) {
                most = similarity;
                best = mean.getKey();
            }
        }
        return best;
    }

    private int choose() {
        int step = Math.max(1, labels.size() / JUDGES);
        int[] right = new int[CANDIDATES.length];
        for (int i = 0; i < labels.size(); i += step) {
            double[] similarities = similarities(vectors.get(i));
            similarities[i] = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < CANDIDATES.length; c++) {
                right[c] += vote(similarities, CANDIDATES[c]).equals(labels.get(i)) ? 1 : 0;
            }
        }
        int best = 0;
        for (int c = 1; c < CANDIDATES.length; c++) {
            best = right[c] > right[best] ? c : best;
        }
        return CANDIDATES[best];
    }

    private double[] similarities(float[] text) {
        return vectors.stream().mapToDouble(each -> product(text, each)).toArray();
    }

    /** Lets the nearest vote by their similarity. */
    private String vote(double[] similarities, int count) {
        double[] sorted = similarities.clone();
        Arrays.sort(sorted);
        double least = sorted[Math.max(0, sorted.length - count)];
        TreeMap<String, Double> votes = new TreeMap<>();
        IntStream.range(0, similarities.length)
                .filter(i -> similarities[i] >= least && similarities[i] > Double.NEGATIVE_INFINITY)
                .forEach(i -> votes.merge(labels.get(i), Math.max(0, similarities[i]), Double::sum));
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private static double product(float[] one, float[] other) {
        float even = 0;
        float odd = 0;
        int i = 0;
        for (; i + 1 < one.length; i += 2) {
            even += one[i] * other[i];
            odd += one[i + 1] * other[i + 1];
        }
        return i < one.length ? even + odd + one[i] * other[i] : even + odd;
    }
}
