package dev.llmlifecycle.core.validation.content;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.internal.text.Words;

/**
 * The probability that a text stands on its passages: a logistic regression on six figures that are counted of words.
 *
 * <p>The figures are named in {@link #weights()}: the share of the text's content words that stand in the passages, the
 * logarithm of the number of those that do not, the share of its words in runs of three copied from them, the share of
 * all its words there, the largest share of its content words in one sentence of them, and the logarithm of how often
 * the writer speaks of himself. They see words and not meaning: a paraphrase gets a low probability, which says "not
 * sure" rather than "wrong". Texts that were supported and not were given equal weight, so 0.5 is where they are
 * equally likely.
 *
 * <p>{@link #shipped()} was fitted on answers of people and of small models in conversations; a host that has labelled
 * answers of its own fits its own with {@link #train}. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class GroundednessModel {

    /** The name of the constant term among the {@linkplain #weights() weights}. */
    public static final String INTERCEPT = "intercept";

    private static final int FEWEST_OF_A_KIND = 20;
    private static final double PENALTY = 0.01;
    private static final int ROUNDS = 100;
    private static final double SETTLED = 1e-10;

    private final double[] weights;

    private GroundednessModel(double[] weights) {
        this.weights = weights;
    }

    /**
     * Returns the model that the library ships. Its weights are printed by the measure task {@code groundedness} from
     * the halves of three sets that it does not report on; the decision record 24 names the sets.
     *
     * @return the model
     */
    public static GroundednessModel shipped() {
        return ShippedGroundedness.MODEL;
    }

    /**
     * Creates a model from weights, such as those that {@link #weights()} gave another time.
     *
     * @param weights one for each figure, and {@value #INTERCEPT}
     * @return the model
     * @throws IllegalArgumentException when one is missing, unknown or not finite
     */
    public static GroundednessModel of(Map<String, Double> weights) {
        double[] values = new double[GroundednessFigures.NAMES.size() + 1];
        Map<String, Double> rest = new LinkedHashMap<>(weights);
        for (int i = 0; i < values.length; i++) {
            String name = name(i);
            Double value = rest.remove(name);
            if (value == null || !Double.isFinite(value)) {
                throw new IllegalArgumentException("the weight '" + name + "' of a groundedness model must be a finite"
                        + " number but was " + value + "; give one for each of " + GroundednessFigures.NAMES + " and "
                        + INTERCEPT);
            }
            values[i] = value;
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("a groundedness model has no weights " + rest.keySet()
                    + "; give those of " + GroundednessFigures.NAMES + " and " + INTERCEPT);
        }
        return new GroundednessModel(values);
    }

    /**
     * Fits a model by penalised maximum likelihood (Newton's method). The order of the answers does not matter.
     *
     * @param answers at least 20 that are supported and 20 that are not
     * @return the model
     * @throws IllegalArgumentException when there are fewer
     */
    public static GroundednessModel train(List<LabelledAnswer> answers) {
        long supported = answers.stream().filter(LabelledAnswer::supported).count();
        if (supported < FEWEST_OF_A_KIND || answers.size() - supported < FEWEST_OF_A_KIND) {
            throw new IllegalArgumentException("fitting a groundedness model takes at least " + FEWEST_OF_A_KIND
                    + " answers that are supported and " + FEWEST_OF_A_KIND + " that are not but got " + supported
                    + " and " + (answers.size() - supported) + "; label more, or use the shipped model");
        }
        double[][] rows = new double[answers.size()][];
        boolean[] labels = new boolean[answers.size()];
        double[] importance = new double[answers.size()];
        for (int i = 0; i < rows.length; i++) {
            LabelledAnswer answer = answers.get(i);
            rows[i] = figures(answer.answer(), Evidence.ofTexts(answer.passages()));
            labels[i] = answer.supported();
            importance[i] = 0.5 / (answer.supported() ? supported : answers.size() - supported);
        }
        return new GroundednessModel(fit(rows, labels, importance));
    }

    /**
     * Returns how likely it is that a text stands on its passages.
     *
     * @param text a sentence, or a short answer
     * @param passages the passages
     * @return the probability in [0, 1]; 1 for a text without words
     */
    public double probability(String text, List<Passage> passages) {
        List<Words.Token> tokens = Words.tokens(Objects.requireNonNull(text, "text"));
        return tokens.isEmpty() ? 1 : probability(tokens, Evidence.of(passages));
    }

    double probability(List<Words.Token> tokens, Evidence evidence) {
        return logistic(weights, GroundednessFigures.of(tokens, evidence).values());
    }

    /**
     * Returns the weights, with which {@link #of} makes the model again.
     *
     * @return the weight of each figure by its name, and the {@value #INTERCEPT}
     */
    public Map<String, Double> weights() {
        Map<String, Double> named = new LinkedHashMap<>();
        for (int i = 0; i < weights.length; i++) {
            named.put(name(i), weights[i]);
        }
        return Collections.unmodifiableMap(named);
    }

    private static String name(int index) {
        return index < GroundednessFigures.NAMES.size() ? GroundednessFigures.NAMES.get(index) : INTERCEPT;
    }

    private static double[] figures(String text, Evidence evidence) {
        return GroundednessFigures.of(Words.tokens(text), evidence).values();
    }

    private static double logistic(double[] weights, double[] figures) {
        double sum = weights[figures.length];
        for (int i = 0; i < figures.length; i++) {
            sum += weights[i] * figures[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** Fits on standardised figures, so that the penalty means the same for each, and returns weights of plain ones. */
    private static double[] fit(double[][] rows, boolean[] labels, double[] importance) {
        int count = rows[0].length;
        double[] mean = new double[count];
        double[] deviation = new double[count];
        for (int f = 0; f < count; f++) {
            for (int i = 0; i < rows.length; i++) {
                mean[f] += importance[i] * rows[i][f];
            }
            for (int i = 0; i < rows.length; i++) {
                deviation[f] += importance[i] * (rows[i][f] - mean[f]) * (rows[i][f] - mean[f]);
            }
            deviation[f] = deviation[f] > 0 ? Math.sqrt(deviation[f]) : 1;
        }
        double[][] standard = new double[rows.length][count];
        for (int i = 0; i < rows.length; i++) {
            for (int f = 0; f < count; f++) {
                standard[i][f] = (rows[i][f] - mean[f]) / deviation[f];
            }
        }
        double[] fitted = newton(standard, labels, importance);
        double[] plain = new double[count + 1];
        plain[count] = fitted[count];
        for (int f = 0; f < count; f++) {
            plain[f] = fitted[f] / deviation[f];
            plain[count] -= plain[f] * mean[f];
        }
        return plain;
    }

    private static double[] newton(double[][] rows, boolean[] labels, double[] importance) {
        int size = rows[0].length + 1;
        double[] weights = new double[size];
        for (int round = 0; round < ROUNDS; round++) {
            double[] gradient = new double[size];
            double[][] curvature = new double[size][size];
            for (int i = 0; i < rows.length; i++) {
                double[] row = Arrays.copyOf(rows[i], size);
                row[size - 1] = 1;
                double p = logistic(weights, rows[i]);
                for (int a = 0; a < size; a++) {
                    gradient[a] += importance[i] * (p - (labels[i] ? 1 : 0)) * row[a];
                    for (int b = 0; b < size; b++) {
                        curvature[a][b] += importance[i] * p * (1 - p) * row[a] * row[b];
                    }
                }
            }
            for (int a = 0; a < size; a++) {
                boolean penalised = a < size - 1;
                gradient[a] += penalised ? PENALTY * weights[a] : 0;
                curvature[a][a] += penalised ? PENALTY : SETTLED;
            }
            double[] step = solve(curvature, gradient);
            double largest = 0;
            for (int a = 0; a < size; a++) {
                weights[a] -= step[a];
                largest = Math.max(largest, Math.abs(step[a]));
            }
            if (largest < SETTLED) {
                break;
            }
        }
        return weights;
    }

    /** Solves by elimination with pivots; the matrix is positive definite. */
    private static double[] solve(double[][] matrix, double[] right) {
        int size = right.length;
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) {
                    pivot = row;
                }
            }
            double[] swapped = matrix[column];
            matrix[column] = matrix[pivot];
            matrix[pivot] = swapped;
            double value = right[column];
            right[column] = right[pivot];
            right[pivot] = value;
            for (int row = column + 1; row < size; row++) {
                double factor = matrix[row][column] / matrix[column][column];
                for (int k = column; k < size; k++) {
                    matrix[row][k] -= factor * matrix[column][k];
                }
                right[row] -= factor * right[column];
            }
        }
        double[] solution = new double[size];
        for (int row = size - 1; row >= 0; row--) {
            double sum = right[row];
            for (int k = row + 1; k < size; k++) {
                sum -= matrix[row][k] * solution[k];
            }
            solution[row] = sum / matrix[row][row];
        }
        return solution;
    }
}
