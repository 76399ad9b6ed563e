package dev.llmlifecycle.api.statistics;

/** Checks of confidence levels. */
final class Levels {

    private Levels() {}

    static void require(double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException(
                    "a confidence level must be in (0, 1) but was " + level + "; use 0.95 for 95 %");
        }
    }
}
