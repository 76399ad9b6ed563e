package dev.llmlifecycle.retrieval.ingest;

import java.util.Objects;

/**
 * A file or folder that was left out, and why.
 *
 * <p>Immutable.
 *
 * @param path relative to the root, with {@code /} between its parts
 * @param reason the kind of reason
 * @param detail what was found and what to do, for people
 * @since 0.1
 */
public record SkippedFile(String path, Reason reason, String detail) {

    /** Checks that nothing is missing. */
    public SkippedFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
    }

    /** Why a file is left out. */
    public enum Reason {
        /** Its name does not end like a document that can be read. */
        UNSUPPORTED_TYPE,
        /** It holds bytes that are no text. */
        NOT_TEXT,
        /** It holds no words. */
        EMPTY,
        /** It is larger than the limit. */
        TOO_LARGE,
        /** It is a link that leaves the folder, or a link to a folder. */
        LINK,
        /** The file system refused to read it. */
        UNREADABLE,
        /** It changed each time it was read. */
        CHANGING,
        /** The reader of its type failed on it, or was not done in time. */
        READER_FAILED
    }

    /** Returns {@code path (detail)}. */
    @Override
    public String toString() {
        return path + " (" + detail + ")";
    }
}
