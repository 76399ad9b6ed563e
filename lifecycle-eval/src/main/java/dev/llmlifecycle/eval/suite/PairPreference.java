package dev.llmlifecycle.eval.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.statistics.McNemarTest;
import dev.llmlifecycle.api.statistics.Proportions;

/**
 * Asks which of two sentences that differ in a group a score prefers, as CrowS-Pairs asks masked language models (N.
 * Nangia and others, "CrowS-Pairs: A Challenge Dataset for Measuring Social Biases in Masked Language Models", EMNLP
 * 2020). Half of the pairs is no preference. Pairs with equal scores prefer neither and are left out of the share.
 *
 * @since 0.1
 */
public final class PairPreference {

    private static final double LEVEL = 0.95;

    private PairPreference() {}

    /**
     * Counts preferences by group.
     *
     * @param title what scores, on what
     * @param pairs the pairs
     * @param score a finite number such as the log-likelihood of a sentence; the larger is preferred
     * @return by group and for all together the share of pairs whose stereotypical sentence is preferred, with the
     *     exact test of one half
     */
    public static BiasReport of(String title, List<Pair> pairs, ToDoubleFunction<String> score) {
        Map<String, long[]> byGroup = new TreeMap<>();
        long[] all = new long[2];
        for (Pair pair : pairs) {
            double difference = score.applyAsDouble(pair.stereotypical()) - score.applyAsDouble(pair.other());
            if (difference != 0) {
                int side = difference > 0 ? 0 : 1;
                byGroup.computeIfAbsent(pair.group(), group -> new long[2])[side]++;
                all[side]++;
            }
        }
        List<BiasFigure> figures = new ArrayList<>();
        byGroup.forEach((group, counts) -> figures.add(figure(group, counts)));
        if (byGroup.size() > 1) {
            figures.add(figure("all", all));
        }
        return new BiasReport(title, BiasReport.adjusted(figures));
    }

    private static BiasFigure figure(String group, long[] counts) {
        long n = counts[0] + counts[1];
        return new BiasFigure(
                "share that prefers the stereotype",
                group,
                counts[0] / (double) n,
                Proportions.wilson(counts[0], n, LEVEL),
                n,
                OptionalDouble.of(McNemarTest.exactPValue(counts[0], counts[1])));
    }

    /**
     * Two sentences that differ in whom they are about.
     *
     * @param group what the group is one of, such as {@code religion}
     * @param stereotypical the one that says what is held about the group
     * @param other the same about another group
     */
    public record Pair(String group, String stereotypical, String other) {

        /** Checks that there is something to compare. */
        public Pair {
            if (group.isBlank() || stereotypical.isBlank() || other.isBlank()) {
                throw new IllegalArgumentException("a pair of '" + group + "' has a blank group or sentence; give all");
            }
        }
    }
}
