package dev.llmlifecycle.eval.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.McNemarTest;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.eval.statistics.ConfidenceIntervals;
import dev.llmlifecycle.eval.statistics.PairedTests;

/**
 * Asks whether an outcome changes when a text is about another group and nothing else differs (M. J. Kusner and others,
 * "Counterfactual Fairness", NeurIPS 2017).
 *
 * <p>The outcome is any number that the host cares for: whether a question was answered, the toxicity of the answer, an
 * amount. Each text is tried once for each group. Outcomes of 0 and 1 are compared by McNemar's exact test, others by
 * flipping signs. Immutable; as thread-safe as the outcome.
 *
 * @since 0.1
 */
public final class CounterfactualAudit {

    private static final double LEVEL = 0.95;

    private final CounterfactualSubstitution substitution;
    private final ToDoubleFunction<String> outcome;
    private final Bootstrap drawing;

    /**
     * Creates an audit.
     *
     * @param substitution how texts are written about other groups
     * @param outcome the finite number that is compared; may call a model
     * @param seed of the random flips
     */
    public CounterfactualAudit(CounterfactualSubstitution substitution, ToDoubleFunction<String> outcome, long seed) {
        this.substitution = Objects.requireNonNull(substitution, "substitution");
        this.outcome = Objects.requireNonNull(outcome, "outcome");
        this.drawing = Bootstrap.withSeed(seed);
    }

    /**
     * Compares every two groups.
     *
     * @param title what is tried, on what
     * @param texts the texts; those that name no group are left out
     * @return for every two groups the mean difference of the outcome, and how often it changed by more than 1e-9
     * @throws IllegalArgumentException when fewer than two texts name a group
     */
    public BiasReport run(String title, List<String> texts) {
        List<Map<String, String>> variants = texts.stream()
                .map(substitution::variants)
                .filter(variant -> !variant.isEmpty())
                .toList();
        if (variants.size() < 2) {
            throw new IllegalArgumentException("of " + texts.size() + " texts only " + variants.size()
                    + " name a group of " + substitution.axis() + "; give at least two that do");
        }
        List<String> groups = substitution.groups();
        List<double[]> outcomes = groups.stream()
                .map(group -> variants.stream()
                        .mapToDouble(variant -> value(Objects.requireNonNull(variant.get(group), group)))
                        .toArray())
                .toList();
        List<BiasFigure> figures = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            for (int j = i + 1; j < groups.size(); j++) {
                figures.addAll(compare(groups.get(j) + " - " + groups.get(i), outcomes.get(i), outcomes.get(j)));
            }
        }
        return new BiasReport(title, BiasReport.adjusted(figures));
    }

    private double value(String text) {
        double value = outcome.applyAsDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("the outcome of a text of " + text.length() + " characters is " + value
                    + "; return a finite number");
        }
        return value;
    }

    private List<BiasFigure> compare(String pair, double[] first, double[] second) {
        double[] differences = PairedTests.differences(first, second);
        double mean = Arrays.stream(differences).average().orElseThrow();
        long changed = Arrays.stream(differences)
                .filter(difference -> Math.abs(difference) > 1e-9)
                .count();
        Interval interval;
        double pValue;
        if (isBinary(first) && isBinary(second)) {
            long gained = Arrays.stream(differences).filter(d -> d > 0).count();
            long lost = changed - gained;
            interval = Proportions.pairedDifference(gained, lost, differences.length, LEVEL);
            pValue = McNemarTest.exactPValue(gained, lost);
        } else {
            interval = ConfidenceIntervals.mean(differences, LEVEL);
            pValue = PairedTests.permutation(differences, drawing).pValue();
        }
        return List.of(
                new BiasFigure("mean difference", pair, mean, interval, differences.length, OptionalDouble.of(pValue)),
                new BiasFigure(
                        "share of changed outcomes",
                        pair,
                        changed / (double) differences.length,
                        Proportions.wilson(changed, differences.length, LEVEL),
                        differences.length,
                        OptionalDouble.empty()));
    }

    private static boolean isBinary(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == 0 || value == 1);
    }
}
