package dev.llmlifecycle.core.reasoning.steps;

/** Parts of the text of a step. */
final class StepText {

    /** So much of a step is looked at by validators that search it with several patterns. */
    private static final int MOST_LOOKED_AT = 50_000;

    private static final int MOST_QUOTED = 160;

    private StepText() {}

    /** Returns what a validator looks at. */
    static String head(String text) {
        return text.length() <= MOST_LOOKED_AT ? text : text.substring(0, MOST_LOOKED_AT);
    }

    /** Returns a text as evidence quotes it: in one line, and not long. */
    static String shortened(String text) {
        String start = text.length() <= MOST_QUOTED ? text : text.substring(0, MOST_QUOTED) + "…";
        return start.replace('\n', ' ');
    }
}
