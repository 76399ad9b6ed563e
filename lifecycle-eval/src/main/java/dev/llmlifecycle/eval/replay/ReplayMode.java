package dev.llmlifecycle.eval.replay;

/**
 * What the models of a {@link Cassette} do with a request.
 *
 * @since 0.1
 */
public enum ReplayMode {
    /** Answers from the cassette only: no request ever leaves, and one that was not recorded is an error. */
    REPLAY,
    /** Answers from the cassette, and asks the model and records what is not in it. */
    AUTO,
    /** Asks the model each time, and the answer takes the place of the one that was recorded for the same request. */
    RECORD,
    /** Asks the model each time; the cassette is neither read nor written. */
    LIVE
}
