package dev.llmlifecycle.api.app;

import java.util.Objects;

/**
 * What a question is, seen after the conversation before it.
 *
 * @since 0.1
 */
public sealed interface Rewriting {

    /** The question stands alone as it is; it may go on with what was spoken of or not. */
    record StandsAlone() implements Rewriting {}

    /**
     * The question continues the conversation.
     *
     * @param text the same question in words that stand alone, never blank
     */
    record FollowUp(String text) implements Rewriting {

        /** Checks that it is there. */
        public FollowUp {
            requireNotBlank(text, "the question that stands alone");
        }
    }

    /** The question stands alone and is about something else, so what was said before has no part in its answer. */
    record NewTopic() implements Rewriting {}

    /**
     * Nobody can tell what the question is about, so the user is asked back.
     *
     * @param clarification what the user is asked, never blank
     */
    record Unclear(String clarification) implements Rewriting {

        /** Checks that it is there. */
        public Unclear {
            requireNotBlank(clarification, "the question back to the user");
        }
    }

    private static void requireNotBlank(String text, String what) {
        if (Objects.requireNonNull(text, what).isBlank()) {
            throw new IllegalArgumentException(
                    what + " of a rewriter is blank; leave the question as it is with StandsAlone instead");
        }
    }
}
