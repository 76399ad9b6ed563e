package dev.llmlifecycle.api.prompt;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;

/**
 * A numbered version of a prompt template: what it says, who wrote it, why, and what it follows.
 *
 * <p>Immutable.
 *
 * @param template the content
 * @param number counts the versions of this name from 1
 * @param parent the hash of the version before, absent for the first
 * @param author who wrote it, never blank
 * @param message what was changed and why, never blank
 * @param createdAt when it was registered
 * @since 0.1
 */
public record PromptVersion(
        ChatPromptTemplate template,
        int number,
        Optional<Hash> parent,
        String author,
        String message,
        Instant createdAt) {

    /** Checks the parts. */
    public PromptVersion {
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(createdAt, "createdAt");
        if (number < 1) {
            throw new IllegalArgumentException("the number of a version of prompt '" + template.name()
                    + "' must be at least 1 but was " + number + "; let the registry count");
        }
        if (Objects.requireNonNull(author, "author").isBlank()
                || Objects.requireNonNull(message, "message").isBlank()) {
            throw new IllegalArgumentException("version " + number + " of prompt '" + template.name()
                    + "' has a blank author or message; say who changed what");
        }
    }

    /**
     * Returns the prompt's name.
     *
     * @return the name of the template
     */
    public String name() {
        return template.name();
    }

    /**
     * Returns the hash over content, number, parent, author, message and time.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this version as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of(
                "type",
                "prompt-version",
                "template",
                template.toCanonical(),
                "number",
                number,
                "author",
                author,
                "message",
                message,
                "createdAt",
                createdAt.toString()));
        parent.ifPresent(hash -> canonical.put("parent", hash.hex()));
        return canonical;
    }

    /**
     * Returns what a release pins of this version.
     *
     * @return name, number and hash
     */
    public PinnedPrompt pin() {
        return new PinnedPrompt(name(), number, hash());
    }
}
