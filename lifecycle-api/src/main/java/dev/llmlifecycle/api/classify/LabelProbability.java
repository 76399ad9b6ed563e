package dev.llmlifecycle.api.classify;

import java.util.Comparator;
import java.util.Objects;

/**
 * A label and the probability that a text has it.
 *
 * <p>Immutable.
 *
 * @param label the label, never blank
 * @param probability in [0, 1]
 * @since 0.1
 */
public record LabelProbability(String label, double probability) {

    /** Most probable first, ties by label. */
    static final Comparator<LabelProbability> BEST_FIRST =
            Comparator.comparingDouble(LabelProbability::probability).reversed().thenComparing(LabelProbability::label);

    /** Checks the range. */
    public LabelProbability {
        if (Objects.requireNonNull(label, "label").isBlank()) {
            throw new IllegalArgumentException("a label is blank; name it");
        }
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("the probability of label '" + label + "' must be in [0, 1] but was "
                    + probability + "; calibrate the score first");
        }
    }
}
