package dev.llmlifecycle.api.prompt;

import java.util.Map;
import java.util.Objects;

import dev.llmlifecycle.api.identity.Hash;

/**
 * A reference to exactly one version of a prompt, as a release holds it.
 *
 * <p>Immutable.
 *
 * @param name the prompt's name
 * @param number the version's number, at least 1
 * @param hash the version's hash
 * @since 0.1
 */
public record PinnedPrompt(String name, int number, Hash hash) {

    /** Checks the parts. */
    public PinnedPrompt {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(hash, "hash");
        if (number < 1) {
            throw new IllegalArgumentException("versions count from 1 but prompt '" + name + "' is pinned at " + number
                    + "; take it from PromptVersion.pin()");
        }
    }

    /**
     * Returns this reference as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        return Map.of("name", name, "number", number, "hash", hash.hex());
    }

    /** Returns {@code name@number}. */
    @Override
    public String toString() {
        return name + "@" + number;
    }
}
