package dev.llmlifecycle.api.release;

import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;

/**
 * Keeps releases and the audit journal, and with it where each label points.
 *
 * <p>The journal is one chain: moves of labels, proposals, approvals and changes of prompts. Where a label points is
 * what its last {@link JournalEvent.Moved} says, and is kept nowhere else. A store keeps; it does not judge. Whether an
 * entry is allowed is decided before it gets here. Implementations must be thread-safe, may block, and must not lose
 * what they acknowledged.
 *
 * @since 0.1
 */
public interface ReleaseStore {

    /**
     * Saves a release; saving it again changes nothing.
     *
     * @param release the release
     */
    void save(Release release);

    /**
     * Finds a release.
     *
     * @param hash its hash
     * @return the release, if it was saved
     * @throws dev.llmlifecycle.api.DamagedDataException when it is stored but does not fit its hash
     */
    Optional<Release> find(Hash hash);

    /**
     * Finds where a label points.
     *
     * @param label the label
     * @return the deployment, if the label was ever moved
     */
    Optional<Deployment> deployment(String label);

    /**
     * Lists all entries.
     *
     * @return the journal, oldest first
     * @throws dev.llmlifecycle.api.DamagedDataException when an entry does not fit the one before; the message names it
     */
    List<JournalEntry> journal();

    /**
     * Lists the entries after a revision. Default: by reading them all.
     *
     * @param revision the last one that the caller knows, 0 for none
     * @return the later ones, oldest first
     * @throws dev.llmlifecycle.api.DamagedDataException when an entry does not fit the one before; the message names it
     */
    default List<JournalEntry> journalAfter(long revision) {
        return journal().stream().filter(entry -> entry.revision() > revision).toList();
    }

    /**
     * Returns the last entry. Default: by reading them all.
     *
     * @return the entry, absent when the journal is empty
     * @throws dev.llmlifecycle.api.DamagedDataException when it cannot be trusted
     */
    default Optional<JournalEntry> last() {
        List<JournalEntry> journal = journal();
        return journal.isEmpty() ? Optional.empty() : Optional.of(journal.get(journal.size() - 1));
    }

    /**
     * Appends an entry and, when it is a move, makes its label point there; both or neither.
     *
     * @param entry the entry, kept with its signature
     * @return false when it does not {@linkplain JournalEntry#follows follow} the last one, as when another entry came
     *     first; the caller reads again and decides anew
     * @throws IllegalArgumentException when it is {@linkplain JournalEvent.OfDeployment about a label} and the release
     *     that it leads to was never saved
     */
    boolean append(JournalEntry entry);
}
