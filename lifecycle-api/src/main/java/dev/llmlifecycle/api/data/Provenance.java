package dev.llmlifecycle.api.data;

import java.util.Objects;

/**
 * Where an example comes from and under which licence it may be used.
 *
 * <p>Immutable.
 *
 * @param source the origin in words or as an address, never blank
 * @param licence the licence, an SPDX identifier where there is one, never blank
 * @since 0.1
 */
public record Provenance(String source, String licence) {

    /** An origin nobody recorded. */
    public static final Provenance UNKNOWN = new Provenance("unknown", "unknown");

    /** Checks that nothing is blank. */
    public Provenance {
        if (Objects.requireNonNull(source, "source").isBlank()
                || Objects.requireNonNull(licence, "licence").isBlank()) {
            throw new IllegalArgumentException(
                    "provenance has a blank source or licence; use Provenance.UNKNOWN where nothing is known");
        }
    }
}
