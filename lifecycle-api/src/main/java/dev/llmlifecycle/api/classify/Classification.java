package dev.llmlifecycle.api.classify;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a {@link TextClassifier} says of a text.
 *
 * <p>Labels may be paths, such as {@code billing/refund}: {@link #probability} of {@code billing} is then the chance of
 * any label under it, and {@link #label(double)} falls back to the group where the label itself is not sure enough.
 *
 * <p>Immutable.
 *
 * @param ranking every label with its calibrated probability, most probable first, ties by label; where a text has one
 *     label each they sum to 1
 * @param labels the labels that the text is given: one, or none when it abstains; any number where a text may have
 *     several
 * @param conformalSet the labels that cannot be ruled out: for texts like those of the training, the right label is
 *     among them as often as the classifier states; best first, empty where no label fits well enough
 * @param outOfDistribution how unlike the training texts this one is, 0 for one of them, rising to 1
 * @param abstained whether the classifier would rather not say: the text is too strange or no label is sure enough
 * @since 0.1
 */
public record Classification(
        List<LabelProbability> ranking,
        List<String> labels,
        List<String> conformalSet,
        double outOfDistribution,
        boolean abstained) {

    /** What divides the parts of a label. */
    public static final char SEPARATOR = '/';

    /** Checks order and ranges, and copies. */
    public Classification {
        ranking = List.copyOf(ranking);
        labels = List.copyOf(labels);
        conformalSet = List.copyOf(conformalSet);
        if (ranking.isEmpty()) {
            throw new IllegalArgumentException("a classification has no label at all; rank every label");
        }
        for (int i = 1; i < ranking.size(); i++) {
            if (LabelProbability.BEST_FIRST.compare(ranking.get(i - 1), ranking.get(i)) >= 0) {
                throw new IllegalArgumentException("a classification ranks '"
                        + ranking.get(i).label() + "' behind '"
                        + ranking.get(i - 1).label() + "', which is less probable or the same; sort the labels");
            }
        }
        if (!(outOfDistribution >= 0 && outOfDistribution <= 1)) {
            throw new IllegalArgumentException("an out-of-distribution score must be in [0, 1] but was "
                    + outOfDistribution + "; scale it into that range");
        }
        if (abstained && !labels.isEmpty()) {
            throw new IllegalArgumentException(
                    "a classification abstains and gives " + labels.size() + " labels; leave the labels out");
        }
    }

    /**
     * Returns the label that the text is given.
     *
     * @return the first of {@link #labels()}, nothing when there is none
     */
    public Optional<String> label() {
        return labels.isEmpty() ? Optional.empty() : Optional.of(labels.get(0));
    }

    /**
     * Returns the most specific label or group of labels that is at least so probable.
     *
     * <p>Goes down from the most probable group to the most probable part of it for as long as that is probable enough.
     *
     * @param atLeast in (0, 1]
     * @return a label, the beginning of labels such as {@code billing}, or nothing when even the groups are unsure
     */
    public Optional<String> label(double atLeast) {
        if (!(atLeast > 0 && atLeast <= 1)) {
            throw new IllegalArgumentException(
                    "the least probability of a label must be in (0, 1] but was " + atLeast + "; 0.8 is usual");
        }
        String found = "";
        Optional<LabelProbability> next = bestUnder("");
        while (next.isPresent() && next.get().probability() >= atLeast) {
            found = next.get().label();
            next = bestUnder(found + SEPARATOR);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /**
     * Returns the probability of the first label.
     *
     * @return in [0, 1]
     */
    public double confidence() {
        return ranking.get(0).probability();
    }

    /**
     * Returns the probability of a label or of a group of labels.
     *
     * @param label a label, or the beginning of labels up to a {@link #SEPARATOR}
     * @return the sum over the label and those under it, at most 1
     * @throws IllegalArgumentException when there is no such label
     */
    public double probability(String label) {
        Objects.requireNonNull(label, "label");
        String group = label + SEPARATOR;
        double sum = 0;
        boolean found = false;
        for (LabelProbability each : ranking) {
            if (each.label().equals(label) || each.label().startsWith(group)) {
                sum += each.probability();
                found = true;
            }
        }
        if (!found) {
            throw new IllegalArgumentException(
                    "there is no label and no group of labels '" + label + "'; take one of TextClassifier.labels()");
        }
        return Math.min(1, sum);
    }

    /** Returns the most probable of the labels and groups one step under a prefix. */
    private Optional<LabelProbability> bestUnder(String prefix) {
        TreeMap<String, Double> sums = new TreeMap<>();
        for (LabelProbability each : ranking) {
            if (each.label().startsWith(prefix) && each.label().length() > prefix.length()) {
                int end = each.label().indexOf(SEPARATOR, prefix.length() + 1);
                sums.merge(end < 0 ? each.label() : each.label().substring(0, end), each.probability(), Double::sum);
            }
        }
        return sums.entrySet().stream()
                .map(sum -> new LabelProbability(sum.getKey(), Math.min(1, sum.getValue())))
                .min(LabelProbability.BEST_FIRST);
    }
}
