package dev.llmlifecycle.api.validation;

import java.util.List;
import java.util.Objects;

/**
 * What a validator decides about a text.
 *
 * @since 0.1
 */
public sealed interface ValidationOutcome {

    /**
     * Returns what was noticed.
     *
     * @return the findings, possibly none
     */
    List<Finding> findings();

    /**
     * Lets the text pass.
     *
     * @param findings what was noticed all the same
     */
    record Pass(List<Finding> findings) implements ValidationOutcome {

        /** Copies. */
        public Pass {
            findings = List.copyOf(findings);
        }
    }

    /**
     * Replaces the text: a redacted question, a repaired answer.
     *
     * @param text the text to go on with, never blank
     * @param findings why
     */
    record Rewrite(String text, List<Finding> findings) implements ValidationOutcome {

        /** Checks and copies. */
        public Rewrite {
            if (Objects.requireNonNull(text, "text").isBlank()) {
                throw new IllegalArgumentException("a rewrite to blank text says nothing; use Block instead");
            }
            findings = List.copyOf(findings);
        }
    }

    /**
     * Asks the model again. For answers only; on a question it counts as {@link Block}.
     *
     * @param instruction what the model is told to do better, never blank
     * @param findings why
     */
    record Retry(String instruction, List<Finding> findings) implements ValidationOutcome {

        /** Checks and copies. */
        public Retry {
            if (Objects.requireNonNull(instruction, "instruction").isBlank()) {
                throw new IllegalArgumentException("a retry needs an instruction; say what the model should do better");
            }
            findings = List.copyOf(findings);
        }
    }

    /**
     * Stops here.
     *
     * @param reason what the user may be told, never blank
     * @param findings why
     */
    record Block(String reason, List<Finding> findings) implements ValidationOutcome {

        /** Checks and copies. */
        public Block {
            if (Objects.requireNonNull(reason, "reason").isBlank()) {
                throw new IllegalArgumentException("a block needs a reason; say what the user may be told");
            }
            findings = List.copyOf(findings);
        }
    }

    /**
     * Lets the text pass without a finding.
     *
     * @return the outcome
     */
    static ValidationOutcome pass() {
        return new Pass(List.of());
    }

    /**
     * Decides as the findings propose. Only findings of severity {@link Finding.Severity#ERROR} decide; the others are
     * passed on. One refusal, or an error without remedy, blocks; otherwise one that asks again asks again, with all
     * instructions; otherwise the text is rewritten. Replacements that overlap take out all that any of them covers,
     * and what is put there is that of the one which begins first, of two that begin together the longer.
     *
     * @param text the checked text
     * @param findings what was noticed in it
     * @return the outcome
     * @throws IllegalArgumentException when a finding replaces a part of the text and does not say which
     */
    static ValidationOutcome following(String text, List<Finding> findings) {
        return Remedies.apply(text, findings);
    }
}
