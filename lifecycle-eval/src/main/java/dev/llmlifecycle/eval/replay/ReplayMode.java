package dev.llmlifecycle.eval.replay;

/**
 * What a {@link ReplayChatModel} does with a request.
 *
 * @since 0.1
 */
public enum ReplayMode {
    /** Asks the model each time and starts the cassette anew with the first answer. */
    RECORD,
    /** Answers from the cassette only: no request ever leaves, and one that was not recorded is an error. */
    REPLAY,
    /** Answers from the cassette, and asks the model and records what is not in it. */
    AUTO
}
