package dev.llmlifecycle.api.validation;

import java.util.Objects;

/**
 * What a validator proposes to do about a finding. A policy may decide otherwise.
 *
 * @since 0.1
 */
public sealed interface Remedy {

    /** Nothing in particular. */
    record None() implements Remedy {}

    /**
     * Replaces the text at the finding's span, as redaction does.
     *
     * @param text what to put there; may be empty
     */
    record Replace(String text) implements Remedy {

        /** Checks that it is there. */
        public Replace {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * Replaces the whole text, as the repair of a damaged JSON document does.
     *
     * @param text the text to go on with, never blank
     */
    record Rewrite(String text) implements Remedy {

        /** Checks that it says something. */
        public Rewrite {
            if (Objects.requireNonNull(text, "text").isBlank()) {
                throw new IllegalArgumentException("a rewrite to blank text says nothing; refuse the text instead");
            }
        }
    }

    /**
     * Asks the model again.
     *
     * @param instruction what the model is told to do better, never blank
     */
    record AskAgain(String instruction) implements Remedy {

        /** Checks that it says something. */
        public AskAgain {
            if (Objects.requireNonNull(instruction, "instruction").isBlank()) {
                throw new IllegalArgumentException(
                        "asking again needs an instruction; say what the model should do better");
            }
        }
    }

    /**
     * Stops here.
     *
     * @param reason what the user may be told, never blank
     */
    record Refuse(String reason) implements Remedy {

        /** Checks that it says something. */
        public Refuse {
            if (Objects.requireNonNull(reason, "reason").isBlank()) {
                throw new IllegalArgumentException("a refusal needs a reason; say what the user may be told");
            }
        }
    }

    /**
     * Proposes nothing in particular.
     *
     * @return the remedy
     */
    static Remedy none() {
        return new None();
    }
}
