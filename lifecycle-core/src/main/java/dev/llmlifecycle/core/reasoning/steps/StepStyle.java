package dev.llmlifecycle.core.reasoning.steps;

/**
 * How a step was set apart from its neighbours.
 *
 * @since 0.1
 */
public enum StepStyle {
    /** {@code 1.}, {@code 1)}, {@code (1)}, {@code Step 1:}. */
    NUMBERED,
    /** {@code (a)}, {@code a)}. */
    LETTERED,
    /** {@code -}, {@code *}, {@code +}, {@code •}. */
    BULLET,
    /** A row of a Markdown table. */
    TABLE_ROW,
    /** An element of a JSON array. */
    JSON_ELEMENT,
    /** A line that is not blank, or what stands before the first item of a list. */
    LINE,
    /** A sentence of a text of one line. */
    SENTENCE
}
