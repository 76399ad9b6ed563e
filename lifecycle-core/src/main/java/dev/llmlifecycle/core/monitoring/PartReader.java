package dev.llmlifecycle.core.monitoring;

import java.io.EOFException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.core.internal.LineReader;

/** The lines of one file of a log. What cannot be inflated ends it like its end, and is told as damage. */
final class PartReader implements AutoCloseable {

    private final Path file;
    private final LineReader lines;
    private final long limit;
    private final boolean mayBeTorn;
    private Optional<Damage> damage = Optional.empty();

    /**
     * Begins before the first line.
     *
     * @param file the file
     * @param lines its lines
     * @param limit where reading ends, in bytes
     * @param mayBeTorn whether a last line that is not whole is what a writer is at, and no damage
     */
    PartReader(Path file, LineReader lines, long limit, boolean mayBeTorn) {
        this.file = file;
        this.lines = lines;
        this.limit = limit;
        this.mayBeTorn = mayBeTorn;
    }

    boolean next() {
        damage = Optional.empty();
        if (lines.end() >= limit) {
            return false;
        }
        try {
            return lines.next();
        } catch (LifecycleException e) {
            if (!(e.getCause() instanceof ZipException || e.getCause() instanceof EOFException)) {
                throw e;
            }
            damage = Optional.of(
                    new Damage(file, lines.number() + 1, "it and what follows in this file cannot be inflated"));
            return false;
        }
    }

    byte[] bytes() {
        return lines.bytes();
    }

    /** Returns the damage that ended this part, when {@link #next} was false because of it. */
    Optional<Damage> damage() {
        return damage;
    }

    /** Returns the damage that a failure to understand this line means, unless the line is being written. */
    Optional<Damage> damage(IllegalArgumentException problem) {
        return mayBeTorn && !lines.terminated()
                ? Optional.empty()
                : Optional.of(new Damage(file, lines.number(), String.valueOf(problem.getMessage())));
    }

    @Override
    public void close() {
        lines.close();
    }
}
