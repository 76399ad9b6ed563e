package dev.llmlifecycle.core.langchain4j.internal;

import java.util.Objects;

/**
 * A piece of a streamed answer as it came, in terms that will outlive LangChain4j's experimental ones.
 *
 * <p>Immutable.
 *
 * @param kind what it is a piece of
 * @param index which tool call it belongs to, from 0; 0 for anything else
 * @param text the piece, empty where a tool call ends
 * @since 0.1
 */
public record StreamPiece(Kind kind, int index, String text) {

    /** Checks that nothing is missing. */
    public StreamPiece {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }

    /** What a piece is a piece of. */
    public enum Kind {
        /** The text of the answer. */
        TEXT,
        /** The model's thinking. */
        THINKING,
        /** The arguments of a tool call. */
        TOOL_CALL,
        /** The end of a tool call. */
        TOOL_CALL_END
    }
}
