package dev.llmlifecycle.core.validation;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link ValidationPolicy} does about a finding.
 *
 * @since 0.1
 */
public sealed interface PolicyAction {

    /** Does what the validator decided; of a finding below {@code ERROR} that is nothing. */
    record AsProposed() implements PolicyAction {}

    /** Refuses, with the reason that the validator proposes or a general one. */
    record Block() implements PolicyAction {}

    /**
     * Refuses, and has the user told a fixed text.
     *
     * @param text what the user is told, never blank
     */
    record FallBack(String text) implements PolicyAction {

        /** Checks that it says something. */
        public FallBack {
            requireText(text, "fallback", "say what the user is told");
        }
    }

    /**
     * Puts another text at the place of the finding; one without a place is refused.
     *
     * @param replacement what stands there then; may be empty
     */
    record Redact(String replacement) implements PolicyAction {

        /** Checks that it is there. */
        public Redact {
            Objects.requireNonNull(replacement, "replacement");
        }
    }

    /** Rewrites as the validator proposes, whatever the severity; where it proposes no rewrite, the text is refused. */
    record Repair() implements PolicyAction {}

    /**
     * Asks the model again.
     *
     * @param instruction what the model is told; without one, what the validator proposes, or else the finding itself
     */
    record AskAgain(Optional<String> instruction) implements PolicyAction {

        /** Checks that an instruction says something. */
        public AskAgain {
            instruction.ifPresent(text -> requireText(text, "instruction", "say what the model should do better"));
        }
    }

    /** Records the finding, and does nothing about it. */
    record Flag() implements PolicyAction {}

    /**
     * Does what the validator decided. What is done where no rule says otherwise.
     *
     * @return the action
     */
    static PolicyAction asProposed() {
        return new AsProposed();
    }

    /**
     * Refuses, with the reason that the validator proposes or a general one.
     *
     * @return the action
     */
    static PolicyAction block() {
        return new Block();
    }

    /**
     * Refuses, and has the user told a fixed text.
     *
     * @param text what the user is told, never blank
     * @return the action
     */
    static PolicyAction fallBack(String text) {
        return new FallBack(text);
    }

    /**
     * Puts another text at the place of the finding.
     *
     * @param replacement what stands there then; may be empty
     * @return the action
     */
    static PolicyAction redact(String replacement) {
        return new Redact(replacement);
    }

    /**
     * Rewrites as the validator proposes, whatever the severity.
     *
     * @return the action
     */
    static PolicyAction repair() {
        return new Repair();
    }

    /**
     * Asks the model again, with what the validator proposes to tell it, or else the finding.
     *
     * @return the action
     */
    static PolicyAction askAgain() {
        return new AskAgain(Optional.empty());
    }

    /**
     * Asks the model again.
     *
     * @param instruction what the model is told, never blank
     * @return the action
     */
    static PolicyAction askAgain(String instruction) {
        return new AskAgain(Optional.of(instruction));
    }

    /**
     * Records the finding, and does nothing about it.
     *
     * @return the action
     */
    static PolicyAction flag() {
        return new Flag();
    }

    /**
     * Returns this action as a canonical value.
     *
     * @return a map for {@code CanonicalJson}
     */
    default Map<String, Object> toCanonical() {
        String text = "";
        if (this instanceof FallBack fallBack) {
            text = fallBack.text();
        } else if (this instanceof Redact redact) {
            text = redact.replacement();
        } else if (this instanceof AskAgain again) {
            text = again.instruction().orElse("");
        }
        return Map.of("action", getClass().getSimpleName(), "text", text);
    }

    private static void requireText(String text, String what, String remedy) {
        if (Objects.requireNonNull(text, what).isBlank()) {
            throw new IllegalArgumentException("the " + what + " of a policy's action is blank; " + remedy);
        }
    }
}
