package dev.llmlifecycle.core.release;

import java.util.Objects;
import java.util.Optional;

/**
 * What a verifier found in a journal.
 *
 * <p>Immutable, like both that it permits.
 *
 * @since 0.1
 */
public sealed interface JournalVerification {

    /**
     * The journal is what it was, as far as chain, signatures and expected heads tell.
     *
     * @param entries how many entries it has
     * @param signed how many of them carry a signature that was checked
     * @param head its end, to be kept as the next expected head; absent when it is empty
     * @since 0.1
     */
    record Intact(long entries, long signed, Optional<JournalHead> head) implements JournalVerification {

        /** Checks the parts. */
        public Intact {
            Objects.requireNonNull(head, "head");
        }
    }

    /**
     * The journal is not what it was.
     *
     * @param revision the revision of the first bad entry, or of the one that should be there; 0 where the store alone
     *     knows, and the problem says so
     * @param line the line of the file where it shows, from 1; the entry's place in a journal that is no file
     * @param damage what is wrong
     * @param problem the same in words
     * @since 0.1
     */
    record Broken(long revision, long line, JournalDamage damage, String problem) implements JournalVerification {

        /** Checks the parts. */
        public Broken {
            Objects.requireNonNull(damage, "damage");
            Objects.requireNonNull(problem, "problem");
        }

        /** Returns place, damage and problem, for people. */
        @Override
        public String toString() {
            return "line " + line + ", revision " + revision + ", " + damage + ": " + problem;
        }
    }
}
