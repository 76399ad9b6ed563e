package dev.llmlifecycle.core.monitoring;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A place in a log that cannot be read; what is before and, unless the problem says otherwise, after it can.
 *
 * <p>Immutable.
 *
 * @param file the file
 * @param line the line, from 1, of the file as it is without compression
 * @param problem what is wrong with it, never quoting it
 * @since 0.1
 */
public record Damage(Path file, long line, String problem) {

    /** Checks that nothing is missing. */
    public Damage {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(problem, "problem");
    }

    /** Returns file, line and problem. */
    @Override
    public String toString() {
        return file + ", line " + line + ": " + problem;
    }
}
