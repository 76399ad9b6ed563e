package dev.llmlifecycle.core.release;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;

/** What the journal says of one label. Immutable. */
final class LabelHistory {

    private final List<JournalEntry> entries;
    private final List<JournalEntry> sinceMove;
    private final Optional<Deployment> present;

    private LabelHistory(List<JournalEntry> entries) {
        this.entries = entries;
        int moved = 0;
        for (int i = 0; i < entries.size(); i++) {
            moved = entries.get(i).deployment().isPresent() ? i + 1 : moved;
        }
        this.sinceMove = entries.subList(moved, entries.size());
        this.present = moved == 0 ? Optional.empty() : entries.get(moved - 1).deployment();
    }

    static LabelHistory of(String label, List<JournalEntry> journal) {
        return new LabelHistory(journal.stream()
                .filter(entry -> entry.event() instanceof JournalEvent.OfDeployment event
                        && event.label().equals(label))
                .toList());
    }

    List<JournalEntry> entries() {
        return entries;
    }

    /** Where the label points. */
    Optional<Deployment> present() {
        return present;
    }

    /** The release that the label points to. */
    Optional<Hash> release() {
        return present.map(Deployment::release);
    }

    /** The releases that the label was moved on to and not taken back from, the present one last. */
    Deque<Hash> promoted() {
        Deque<Hash> promoted = new ArrayDeque<>();
        for (JournalEntry entry : entries) {
            if (entry.event() instanceof JournalEvent.Moved move) {
                if (move.kind() == JournalEvent.Moved.Kind.ROLLBACK) {
                    promoted.pollLast();
                } else {
                    promoted.addLast(move.to());
                }
            }
        }
        return promoted;
    }

    /** The approvals of a release since the label last moved, of the move from where it points. */
    List<JournalEntry> approvals(Hash to) {
        return sinceMove.stream()
                .filter(entry -> entry.event() instanceof JournalEvent.Approved approved
                        && approved.to().equals(to)
                        && approved.from().equals(release()))
                .toList();
    }

    /** The first proposal of each release since the label last moved. */
    List<JournalEntry> proposals() {
        List<JournalEntry> open = new ArrayList<>();
        List<Hash> seen = new ArrayList<>();
        for (JournalEntry entry : sinceMove) {
            if (entry.event() instanceof JournalEvent.Proposed proposed
                    && proposed.from().equals(release())
                    && !seen.contains(proposed.to())) {
                seen.add(proposed.to());
                open.add(entry);
            }
        }
        return open;
    }

    /** Whether another person than this one proposed the release since the label last moved. */
    boolean isProposedByAnother(Hash to, Person person) {
        return sinceMove.stream()
                .filter(entry -> entry.event() instanceof JournalEvent.Proposed proposed
                        && proposed.to().equals(to)
                        && proposed.from().equals(release()))
                .map(entry -> Person.of(entry.actor()))
                .anyMatch(proposer -> !proposer.equals(person));
    }

    /** Who ever proposed a release for this label. */
    List<String> proposers(Hash to) {
        return entries.stream()
                .filter(entry -> entry.event() instanceof JournalEvent.Proposed proposed
                        && proposed.to().equals(to))
                .map(JournalEntry::actor)
                .toList();
    }
}
