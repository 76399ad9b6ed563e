package dev.llmlifecycle.retrieval.routing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.LabelProbability;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.statistics.ConformalThreshold;

/**
 * What was learned from the examples.
 *
 * <p>Immutable.
 *
 * @param intents the names, in the order of the positions
 * @param table the examples
 * @param evidences compares a text with all examples
 * @param own weighs the evidence of the examples alone
 * @param stacked weighs it together with the head that was trained along; {@code own} where there is none
 * @param head the trained head, if any
 * @param headIsFitted whether the head was trained along, and {@code stacked} weighs it
 * @param strangeness how unlike the examples a text is
 * @param scope the threshold of strangeness
 * @param labels the threshold of {@code 1 - p} for the label set
 * @param outcomes of the calibration cases
 * @param outside the vectors of the out-of-scope examples
 */
record Calibrated(
        List<String> intents,
        ExampleTable table,
        Evidences evidences,
        Stacking own,
        Stacking stacked,
        Optional<TextClassifier> head,
        boolean headIsFitted,
        Strangeness strangeness,
        ConformalThreshold scope,
        ConformalThreshold labels,
        List<Outcome> outcomes,
        Map<String, float[]> outside) {

    /** The least probability that a head is taken to have said. */
    private static final double FLOOR = 1e-5;

    /** A calibration case: which intent it has, and which it was given by what had not seen it. */
    record Outcome(int truth, int predicted) {}

    /** What is said of one text. */
    static final class Judgement {

        private final Evidence evidence;
        private final double[] probabilities;
        private final double[] signs;
        private final double strangeness;

        Judgement(Evidence evidence, double[] probabilities, double[] signs, double strangeness) {
            this.evidence = evidence;
            this.probabilities = probabilities;
            this.signs = signs;
            this.strangeness = strangeness;
        }

        Evidence evidence() {
            return evidence;
        }

        double[] probabilities() {
            return probabilities;
        }

        double[] signs() {
            return signs;
        }

        double strangeness() {
            return strangeness;
        }
    }

    /** Judges a text by its vector, and by what the head said of it where there is one. */
    Judgement judge(float[] vector, Optional<Classification> headSaid) {
        Evidence evidence = evidences.of(vector);
        double[][] kinds = kinds(evidence, 0);
        double[] alone = own.probabilities(kinds);
        double[] probabilities = alone;
        if (headSaid.isPresent()) {
            double[] said = logarithms(headSaid.get(), intents);
            probabilities =
                    headIsFitted ? stacked.probabilities(with(kinds, masked(said, kinds))) : pooled(alone, said);
        }
        // A head that may know the examples by heart has no say in a threshold that rests on them.
        double[] scoping = headIsFitted ? probabilities : alone;
        double[] signs = Strangeness.signs(scoping[Softmax.best(scoping)], evidence);
        return new Judgement(evidence, probabilities, signs, strangeness.of(signs));
    }

    /** Returns the geometric mean of two opinions (C. Genest and J. V. Zidek, Statistical Science 1, 1986). */
    private static double[] pooled(double[] alone, double[] said) {
        double[] pooled = new double[alone.length];
        for (int i = 0; i < alone.length; i++) {
            pooled[i] = (StrictMath.log(Math.max(FLOOR, alone[i])) + said[i]) / 2;
        }
        Softmax.inPlace(pooled);
        return pooled;
    }

    static double[][] kinds(Evidence evidence, int gauss) {
        return evidence.gauss().length == 0
                ? new double[][] {evidence.centre(), evidence.near()}
                : new double[][] {evidence.gauss()[gauss], evidence.centre(), evidence.near()};
    }

    static double[][] with(double[][] kinds, double[] more) {
        double[][] all = Arrays.copyOf(kinds, kinds.length + 1);
        all[kinds.length] = more;
        return all;
    }

    /** An intent without examples has no evidence of any kind. */
    static double[] masked(double[] said, double[][] kinds) {
        double[] masked = said.clone();
        for (int i = 0; i < masked.length; i++) {
            if (kinds[0][i] == Double.NEGATIVE_INFINITY) {
                masked[i] = Double.NEGATIVE_INFINITY;
            }
        }
        return masked;
    }

    static double[] logarithms(Classification said, List<String> intents) {
        Map<String, Double> byLabel = new HashMap<>();
        for (LabelProbability each : said.ranking()) {
            byLabel.put(each.label(), each.probability());
        }
        double[] logarithms = new double[intents.size()];
        for (int i = 0; i < logarithms.length; i++) {
            logarithms[i] = StrictMath.log(Math.max(FLOOR, byLabel.getOrDefault(intents.get(i), 0.0)));
        }
        return logarithms;
    }
}
