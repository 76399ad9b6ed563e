package dev.llmlifecycle.api.release;

import java.time.Instant;
import java.util.Objects;

import dev.llmlifecycle.api.identity.Hash;

/**
 * Where a label points now: the only mutable thing that decides what runs.
 *
 * <p>Immutable; every move makes a new one and a line in the journal.
 *
 * @param label the label, such as {@code production}, never blank
 * @param release the hash of the release
 * @param revision counts the moves of all labels of one store from 1
 * @param since when it was moved there
 * @since 0.1
 */
public record Deployment(String label, Hash release, long revision, Instant since) {

    /** Checks the parts. */
    public Deployment {
        if (Objects.requireNonNull(label, "label").isBlank()) {
            throw new IllegalArgumentException("the label of a deployment is blank; name it, such as 'production'");
        }
        if (revision < 1) {
            throw new IllegalArgumentException(
                    "revisions count from 1 but this one is " + revision + "; take it from the move");
        }
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(since, "since");
    }
}
