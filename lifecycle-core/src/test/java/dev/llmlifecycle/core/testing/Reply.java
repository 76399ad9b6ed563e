package dev.llmlifecycle.core.testing;

import java.time.Duration;
import java.util.Objects;

/**
 * What an {@link OpenAiServer} does with one request.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public sealed interface Reply {

    /**
     * A whole answer.
     *
     * @param content the text
     * @param finishReason the protocol's word for why it ends here, such as {@code stop} or {@code length}
     * @param delay how long nothing is sent before the first token
     */
    record Text(String content, String finishReason, Duration delay) implements Reply {
        /** Checks for null. */
        public Text {
            Objects.requireNonNull(content, "content");
            Objects.requireNonNull(finishReason, "finishReason");
            Objects.requireNonNull(delay, "delay");
        }
    }

    /**
     * An HTTP error with an error body as the protocol has it.
     *
     * @param status the HTTP status, 400 or above
     * @param message the message in the body
     * @param retryAfter the value of the {@code Retry-After} header; zero sends none
     */
    record Failure(int status, String message, Duration retryAfter) implements Reply {
        /** Checks the status. */
        public Failure {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException(
                        "the status of a failure must be in [400, 599] but was " + status + "; use a text to succeed");
            }
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(retryAfter, "retryAfter");
        }
    }

    /**
     * Status 200 with a body sent as it is: JSON, or events where the client asked for a stream.
     *
     * @param body the body
     */
    record Raw(String body) implements Reply {
        /** Checks for null. */
        public Raw {
            Objects.requireNonNull(body, "body");
        }
    }

    /** A well-formed completion that has no choice in it. */
    record EmptyChoices() implements Reply {}

    /**
     * A stream that never ends: the piece again and again until the client goes away, see
     * {@link OpenAiServer#abandoned()}, or the server is closed.
     *
     * @param piece the piece, never empty
     * @param pause how long nothing is sent between two pieces
     */
    record Endless(String piece, Duration pause) implements Reply {
        /** Checks that there is something to send. */
        public Endless {
            if (Objects.requireNonNull(piece, "piece").isEmpty()) {
                throw new IllegalArgumentException(
                        "an endless stream needs a piece to send but was given an empty one; use a stall for silence");
            }
            Objects.requireNonNull(pause, "pause");
        }
    }

    /** Nothing at all until the server is closed; the client has to give up. */
    record Stall() implements Reply {}

    /**
     * An answer whose connection breaks: a stream after some of its pieces, a plain body in the middle.
     *
     * @param content the text that would have come
     * @param pieces how many pieces of it a stream still sends, see {@link OpenAiServer#pieces(String)}
     */
    record Cut(String content, int pieces) implements Reply {
        /** Checks the number of pieces. */
        public Cut {
            int all = OpenAiServer.pieces(content).size();
            if (pieces < 0 || pieces > all) {
                throw new IllegalArgumentException("a text of " + all + " pieces cannot be cut after " + pieces
                        + "; choose a number in [0, " + all + "]");
            }
        }
    }

    /**
     * A whole answer at once.
     *
     * @param content the text
     * @return the reply
     */
    static Reply text(String content) {
        return new Text(content, "stop", Duration.ZERO);
    }

    /**
     * An answer that the token limit ended.
     *
     * @param content the first part of the text
     * @return the reply
     */
    static Reply truncated(String content) {
        return new Text(content, "length", Duration.ZERO);
    }

    /**
     * A whole answer whose first token is late.
     *
     * @param content the text
     * @param delay how late
     * @return the reply
     */
    static Reply slow(String content, Duration delay) {
        return new Text(content, "stop", delay);
    }

    /**
     * An HTTP error.
     *
     * @param status the status, 400 or above
     * @return the reply
     */
    static Reply failure(int status) {
        return new Failure(status, "scripted failure", Duration.ZERO);
    }

    /**
     * Status 429 with {@code Retry-After}.
     *
     * @param retryAfter how long the client is told to wait, in whole seconds
     * @return the reply
     */
    static Reply rateLimited(Duration retryAfter) {
        return new Failure(429, "Rate limit reached", retryAfter);
    }

    /**
     * A body that is not JSON.
     *
     * @return the reply
     */
    static Reply malformed() {
        return new Raw("{\"id\":\"chatcmpl-1\",\"choices\":[{\"index\":0,");
    }

    /**
     * A completion without a choice.
     *
     * @return the reply
     */
    static Reply emptyChoices() {
        return new EmptyChoices();
    }

    /**
     * Silence until the server is closed.
     *
     * @return the reply
     */
    static Reply stall() {
        return new Stall();
    }

    /**
     * An answer whose connection breaks.
     *
     * @param content the text that would have come
     * @param pieces how many pieces of it a stream still sends
     * @return the reply
     */
    static Reply cut(String content, int pieces) {
        return new Cut(content, pieces);
    }
}
