package dev.llmlifecycle.eval.junit;

/**
 * When a {@link PassRate} leaves out the rest of the cases.
 *
 * @since 0.1
 */
public enum Stopping {
    /**
     * When no result of the rest could change the outcome, whichever it is. The outcome is that of the whole run, so
     * nothing is lost but the rows that were not run.
     */
    SETTLED,
    /**
     * When the cases so far show that the rate is reached, or that it is not. Cases run in a shuffled order, and an
     * e-process ({@link dev.llmlifecycle.eval.statistics.BettingEProcess}) bets on each side: whenever one stops, a
     * wrong pass has at most the chance {@code 1 - confidence}, and so has a wrong early failure. What the whole
     * dataset does not show has failed. It can stop long before the outcome is settled, and asks for somewhat more
     * cases where the rate is close; needs a confidence.
     */
    ANYTIME_VALID,
    /** Never. */
    NEVER
}
