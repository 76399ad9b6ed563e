package dev.llmlifecycle.eval.suite;

import java.util.Objects;
import java.util.Optional;

/**
 * How one case of a group was decided.
 *
 * <p>Immutable.
 *
 * @param group whose case
 * @param favourable whether the decision was the favourable one
 * @param deserved whether the favourable decision would have been right, where that is known
 * @since 0.1
 */
public record GroupOutcome(String group, boolean favourable, Optional<Boolean> deserved) {

    /** Checks that nothing is missing. */
    public GroupOutcome {
        if (group.isBlank()) {
            throw new IllegalArgumentException("the group of an outcome is blank; name it");
        }
        Objects.requireNonNull(deserved, "deserved");
    }
}
