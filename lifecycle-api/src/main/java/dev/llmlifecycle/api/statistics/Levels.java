package dev.llmlifecycle.api.statistics;

/** Checks of probabilities that callers choose. */
final class Levels {

    private Levels() {}

    static void require(double level) {
        require(level, "a confidence level", "use 0.95 for 95 %");
    }

    static void require(double value, String what, String remedy) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(what + " must be in (0, 1) but was " + value + "; " + remedy);
        }
    }
}
