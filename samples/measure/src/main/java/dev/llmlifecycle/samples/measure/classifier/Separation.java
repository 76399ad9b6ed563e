package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.samples.measure.task.Figure;

/** How well scores tell bad texts from good ones. */
final class Separation {

    private static final int DRAWS = 1_000;
    private static final double ALIKE = 1.25;

    private Separation() {}

    /** Returns the area under the curve, with a percentile interval over the texts. */
    static Figure area(String set, double[] bad, double[] good, long seed) {
        double[] scores = new double[bad.length + good.length];
        System.arraycopy(bad, 0, scores, 0, bad.length);
        System.arraycopy(good, 0, scores, bad.length, good.length);
        double[] rows = new double[scores.length];
        Arrays.setAll(rows, i -> i);
        ToDoubleFunction<double[]> area = drawn -> {
            double[] own = new double[drawn.length];
            boolean[] positive = new boolean[drawn.length];
            for (int i = 0; i < drawn.length; i++) {
                own[i] = scores[(int) drawn[i]];
                positive[i] = drawn[i] < bad.length;
            }
            return BinaryScores.auroc(own, positive);
        };
        Interval interval = new Bootstrap(seed, DRAWS).percentile(rows, area, Figure.LEVEL);
        return new Figure(set, "AUROC", area.applyAsDouble(rows), interval, scores.length);
    }

    static Figure share(String set, String name, double[] scores, double above) {
        long count = Arrays.stream(scores).filter(score -> score > above).count();
        return Figure.share(set, name, count, scores.length);
    }

    /** Returns the score that a share of the good texts reaches. */
    static double threshold(double[] good, double share) {
        double[] sorted = good.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * (1 - share)))];
    }

    /** Texts of two kinds, in pairs of about one length. */
    record Pairs(List<String> bad, List<String> good) {}

    /**
     * Pairs each good text with the bad one not yet taken that is nearest in length, at most a quarter longer or
     * shorter.
     */
    static Pairs ofOneLength(List<String> bad, List<String> good) {
        List<String> free = new ArrayList<>(bad);
        List<String> left = new ArrayList<>();
        List<String> right = new ArrayList<>();
        for (String each : good.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList()) {
            free.stream()
                    .min(Comparator.comparingInt(other -> Math.abs(other.length() - each.length())))
                    .filter(other ->
                            Math.max(other.length(), each.length()) <= ALIKE * Math.min(other.length(), each.length()))
                    .ifPresent(other -> {
                        left.add(other);
                        right.add(each);
                        free.remove(other);
                    });
        }
        return new Pairs(List.copyOf(left), List.copyOf(right));
    }
}
