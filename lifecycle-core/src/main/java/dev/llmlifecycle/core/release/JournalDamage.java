package dev.llmlifecycle.core.release;

/**
 * What is wrong with the first bad entry of a journal.
 *
 * @since 0.1
 */
public enum JournalDamage {
    /** The line cannot be read as an entry. */
    UNREADABLE,
    /** The content of the entry was changed. */
    EDITED,
    /** The entry is gone while later ones are there. */
    DELETED,
    /** The entry stands at another place. */
    REORDERED,
    /** The entry does not belong there. */
    INSERTED,
    /** The entry is chained to another one than the one before it. */
    OTHER_PREVIOUS,
    /** The entry is dated earlier than the one before it. */
    BACKDATED,
    /** The entry is not signed though it should be. */
    UNSIGNED,
    /** The entry is signed with a key that is not trusted there. */
    UNKNOWN_KEY,
    /** The signature does not fit the entry. */
    WRONG_SIGNATURE,
    /** The journal ends before an expected head. */
    TRUNCATED,
    /** The journal is whole in itself, but not the one that an expected head was taken of. */
    REWRITTEN
}
