package dev.llmlifecycle.core.release;

import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.release.FailedRule;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;

/**
 * A release that was proposed as the next one of a label, with what it still lacks.
 *
 * <p>Immutable; the state of the journal when it was asked for.
 *
 * @param label the deployment label
 * @param release the release, to approve and to promote
 * @param proposal the journal entry: who proposed it, when and why
 * @param changes what differs from the release that the label points to, for people
 * @param approvedBy whose approvals count
 * @param missing the rules of the label that it does not satisfy yet; a verdict is asked for at the promotion, so a
 *     policy with one always names it here
 * @since 0.1
 */
public record Candidate(
        String label,
        Release release,
        JournalEntry proposal,
        List<String> changes,
        List<String> approvedBy,
        List<FailedRule> missing) {

    /** Checks and copies. */
    public Candidate {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(proposal, "proposal");
        changes = List.copyOf(changes);
        approvedBy = List.copyOf(approvedBy);
        missing = List.copyOf(missing);
    }
}
