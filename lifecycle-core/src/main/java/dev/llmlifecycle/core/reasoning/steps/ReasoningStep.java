package dev.llmlifecycle.core.reasoning.steps;

import java.util.Objects;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * One step of a chain of thought.
 *
 * <p>Immutable. The spans of all steps of a text follow each other without a gap and cover it.
 *
 * @param index its place, from 0
 * @param style how it was set apart
 * @param label its marker as written, such as {@code Step 2:} or {@code (a)}; empty where it has none
 * @param text what it says: without marker and without white space around it
 * @param span where it stands in the whole, marker and white space included
 * @since 0.1
 */
public record ReasoningStep(int index, StepStyle style, String label, String text, TextSpan span) {

    /** Checks. */
    public ReasoningStep {
        if (index < 0) {
            throw new IllegalArgumentException("the index of a step must be at least 0 but was " + index);
        }
        Objects.requireNonNull(style, "style");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(span, "span");
    }

    /**
     * Makes a step of a text that is one already.
     *
     * @param index its place, from 0
     * @param text what it says
     * @return a step whose span covers that text alone
     */
    public static ReasoningStep of(int index, String text) {
        return new ReasoningStep(index, StepStyle.LINE, "", text.strip(), new TextSpan(0, text.length()));
    }
}
