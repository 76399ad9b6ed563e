package dev.llmlifecycle.eval.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How often each label was given where each was right.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class ConfusionMatrix {

    private record Cell(String actual, String predicted) {}

    private final SortedSet<String> labels = new TreeSet<>();
    private final TreeMap<String, Integer> ofActual = new TreeMap<>();
    private final TreeMap<String, Integer> ofPredicted = new TreeMap<>();
    private final Map<Cell, Integer> cells = new HashMap<>();
    private final int total;

    private ConfusionMatrix(List<String> actual, List<String> predicted) {
        this.total = actual.size();
        for (int i = 0; i < total; i++) {
            labels.add(actual.get(i));
            labels.add(predicted.get(i));
            ofActual.merge(actual.get(i), 1, Integer::sum);
            ofPredicted.merge(predicted.get(i), 1, Integer::sum);
            cells.merge(new Cell(actual.get(i), predicted.get(i)), 1, Integer::sum);
        }
    }

    /**
     * Counts labels.
     *
     * @param actual what is right, at least one
     * @param predicted as many: what was given
     * @return the matrix
     */
    public static ConfusionMatrix of(List<String> actual, List<String> predicted) {
        if (actual.isEmpty() || actual.size() != predicted.size()) {
            throw new IllegalArgumentException("a confusion matrix needs two lists of one length but got "
                    + actual.size() + " actual and " + predicted.size() + " predicted labels; match them row by row");
        }
        return new ConfusionMatrix(List.copyOf(actual), List.copyOf(predicted));
    }

    /**
     * Returns all labels, right or given.
     *
     * @return in their natural order
     */
    public List<String> labels() {
        return List.copyOf(labels);
    }

    /**
     * Returns how often a label was given where another was right.
     *
     * @param actual the right label
     * @param predicted the given one
     * @return at least 0
     */
    public int count(String actual, String predicted) {
        return cells.getOrDefault(new Cell(actual, predicted), 0);
    }

    /**
     * Returns the share of rows whose label was right.
     *
     * @return in [0, 1]
     */
    public double accuracy() {
        return correct() / (double) total;
    }

    /**
     * Returns how often a label was right where it was given.
     *
     * @param label the label
     * @return in [0, 1], 0 where it was never given
     */
    public double precision(String label) {
        return ratio(count(label, label), ofPredicted.getOrDefault(label, 0));
    }

    /**
     * Returns how often a label was given where it was right.
     *
     * @param label the label
     * @return in [0, 1], 0 where it never was right
     */
    public double recall(String label) {
        return ratio(count(label, label), ofActual.getOrDefault(label, 0));
    }

    /**
     * Returns {@code 2PR/(P + R)} of a label.
     *
     * @param label the label
     * @return in [0, 1]
     */
    public double f1(String label) {
        return ratio(2 * count(label, label), ofActual.getOrDefault(label, 0) + ofPredicted.getOrDefault(label, 0));
    }

    /**
     * Returns the mean of {@link #f1} over all labels, rare ones counting as much as common ones.
     *
     * @return in [0, 1]
     */
    public double macroF1() {
        return labels.stream().mapToDouble(this::f1).average().orElse(0);
    }

    /**
     * Returns Matthews' correlation of right and given labels, for any number of labels: {@code (c s - Σ p_k t_k) /
     * √((s² - Σ p_k²)(s² - Σ t_k²))} with s rows, c of them right, and t_k and p_k how often k was right and given (B.
     * W. Matthews, Biochimica et Biophysica Acta 405, 1975; J. Gorodkin, "Comparing two K-category assignments by a
     * K-category correlation coefficient", Computational Biology and Chemistry 28, 2004).
     *
     * @return in [-1, 1], 0 where one side knows a single label
     */
    public double matthewsCorrelation() {
        double s = total;
        double both = 0;
        double actual = 0;
        double predicted = 0;
        for (String label : labels) {
            double t = ofActual.getOrDefault(label, 0);
            double p = ofPredicted.getOrDefault(label, 0);
            both += t * p;
            actual += t * t;
            predicted += p * p;
        }
        double spread = Math.sqrt(s * s - predicted) * Math.sqrt(s * s - actual);
        return spread == 0 ? 0 : (correct() * s - both) / spread;
    }

    private int correct() {
        return labels.stream().mapToInt(label -> count(label, label)).sum();
    }

    private static double ratio(int part, int whole) {
        return whole == 0 ? 0 : part / (double) whole;
    }
}
