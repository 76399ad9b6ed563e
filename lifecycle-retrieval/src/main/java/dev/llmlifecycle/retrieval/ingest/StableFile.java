package dev.llmlifecycle.retrieval.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** Reads a file that others may be writing. */
final class StableFile {

    private static final int ATTEMPTS = 3;

    private StableFile() {}

    /** Opens a file. */
    @FunctionalInterface
    interface Opener {
        InputStream open(Path file) throws IOException;
    }

    /** The bytes of a file; none when it is too large, or changed each time it was read. */
    record Content(Optional<byte[]> bytes, boolean tooLarge) {}

    private record State(long size, FileTime modified) {

        static State of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.size(), attributes.lastModifiedTime());
        }
    }

    /**
     * Reads a file of at most {@code maximum} bytes, again when it changed meanwhile.
     *
     * @return what was found
     */
    static Content read(Path file, long maximum, Opener opener) throws IOException {
        int limit = (int) Math.min(maximum + 1, Integer.MAX_VALUE - 8);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            State before = State.of(file);
            if (before.size() > maximum) {
                return new Content(Optional.empty(), true);
            }
            byte[] bytes;
            try (InputStream in = opener.open(file)) {
                bytes = in.readNBytes(limit);
            }
            if (State.of(file).equals(before) && bytes.length == before.size()) {
                return new Content(Optional.of(bytes), false);
            }
        }
        return new Content(Optional.empty(), false);
    }
}
