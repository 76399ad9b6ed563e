package dev.llmlifecycle.core.examples;

import java.util.Objects;

import dev.llmlifecycle.api.data.Example;

/**
 * An example that the firewall refused.
 *
 * <p>Immutable.
 *
 * @param example the example
 * @param leak why
 * @since 0.1
 */
public record RefusedExample(Example example, Leak leak) {

    /** Checks for null. */
    public RefusedExample {
        Objects.requireNonNull(example, "example");
        Objects.requireNonNull(leak, "leak");
    }
}
