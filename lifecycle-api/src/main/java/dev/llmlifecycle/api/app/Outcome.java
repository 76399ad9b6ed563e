package dev.llmlifecycle.api.app;

import java.util.Objects;
import java.util.Optional;

/**
 * How a question ended.
 *
 * @since 0.1
 */
public sealed interface Outcome {

    /**
     * Returns what the user may be shown.
     *
     * @return the answer, or the reason there is none
     */
    String text();

    /**
     * Returns the name under which interactions record this outcome.
     *
     * @return a name in lower case with hyphens
     */
    default String label() {
        return switch (kind()) {
            case ANSWERED -> "answered";
            case ABSTAINED -> "abstained";
            case ASKED_BACK -> "asked-back";
            case BLOCKED -> "blocked";
            case OUT_OF_SCOPE -> "out-of-scope";
            case HANDED_OVER -> "handed-over";
            case FAILED -> "failed";
        };
    }

    /**
     * Returns the kind, for a switch.
     *
     * @return the kind
     */
    Kind kind();

    /** The kinds of outcome. */
    enum Kind {
        /** {@link Answered}. */
        ANSWERED,
        /** {@link Abstained}. */
        ABSTAINED,
        /** {@link AskedBack}. */
        ASKED_BACK,
        /** {@link Blocked}. */
        BLOCKED,
        /** {@link OutOfScope}. */
        OUT_OF_SCOPE,
        /** {@link HandedOver}. */
        HANDED_OVER,
        /** {@link Failed}. */
        FAILED
    }

    /**
     * There is an answer.
     *
     * @param text the answer
     */
    record Answered(String text) implements Outcome {

        /** Checks that it is there. */
        public Answered {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public Kind kind() {
            return Kind.ANSWERED;
        }
    }

    /**
     * The documents do not answer the question.
     *
     * @param text what the user is told
     */
    record Abstained(String text) implements Outcome {

        /** Checks that it is there. */
        public Abstained {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public Kind kind() {
            return Kind.ABSTAINED;
        }
    }

    /**
     * The question is too vague to be answered, so the user is asked what is meant. The next question of the
     * conversation is taken as the reply.
     *
     * @param text what the user is asked
     */
    record AskedBack(String text) implements Outcome {

        /** Checks that it is there. */
        public AskedBack {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public Kind kind() {
            return Kind.ASKED_BACK;
        }
    }

    /**
     * A validator stopped the question or the answer.
     *
     * @param text what the user is told
     * @param validator the validator's name
     */
    record Blocked(String text, String validator) implements Outcome {

        /** Checks that nothing is missing. */
        public Blocked {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(validator, "validator");
        }

        @Override
        public Kind kind() {
            return Kind.BLOCKED;
        }
    }

    /**
     * The router says this application is not for that question.
     *
     * @param text what the user is told
     */
    record OutOfScope(String text) implements Outcome {

        /** Checks that it is there. */
        public OutOfScope {
            Objects.requireNonNull(text, "text");
        }

        @Override
        public Kind kind() {
            return Kind.OUT_OF_SCOPE;
        }
    }

    /**
     * The router gives the question to a person.
     *
     * @param text what the user is told
     * @param queue whom it was given to
     */
    record HandedOver(String text, String queue) implements Outcome {

        /** Checks that nothing is missing. */
        public HandedOver {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(queue, "queue");
        }

        @Override
        public Kind kind() {
            return Kind.HANDED_OVER;
        }
    }

    /**
     * The outside world failed: a model, an index, a store, the clock.
     *
     * @param step the step that failed, as in {@link dev.llmlifecycle.api.monitoring.Step#type()}
     * @param text what failed and what to do, without secrets
     * @param cause the failure underneath, if there is one
     */
    record Failed(String step, String text, Optional<Throwable> cause) implements Outcome {

        /** Checks that nothing is missing. */
        public Failed {
            Objects.requireNonNull(step, "step");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public Kind kind() {
            return Kind.FAILED;
        }
    }
}
