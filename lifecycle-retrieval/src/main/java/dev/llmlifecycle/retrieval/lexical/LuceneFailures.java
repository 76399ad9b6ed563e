package dev.llmlifecycle.retrieval.lexical;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;

/** Says what failed, and what to do, when Lucene threw. */
final class LuceneFailures {

    private LuceneFailures() {}

    static LifecycleException of(String doing, Optional<Path> directory, IOException failure) {
        if (failure instanceof LockObtainFailedException) {
            return new LifecycleException(
                    doing + " failed: another index, of this process or another one, writes there; close it first, or"
                            + " open with readOnly()",
                    failure);
        }
        if (failure instanceof IndexNotFoundException) {
            return new LifecycleException(
                    doing + " failed: there is no index yet; let one that writes make it first", failure);
        }
        if (directory.isPresent() && isDamage(failure)) {
            Throwable first = failure;
            while (first.getCause() instanceof IOException cause && isDamage(cause)) {
                first = cause;
            }
            String found = String.valueOf(first.getMessage());
            String file = first instanceof NoSuchFileException ? found : file(directory.get(), found);
            return damaged(file, "Lucene found '" + found + "'", failure);
        }
        return new LifecycleException(
                doing + " failed; check that the directory exists, can be written to and has room", failure);
    }

    static DamagedDataException damaged(String file, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(
                file,
                "the whole file",
                problem,
                "restore the directory from a backup or index the texts anew in an empty one",
                cause);
    }

    private static boolean isDamage(IOException failure) {
        return failure instanceof CorruptIndexException
                || failure instanceof IndexFormatTooNewException
                || failure instanceof IndexFormatTooOldException
                || failure instanceof EOFException
                || failure instanceof NoSuchFileException;
    }

    /** Lucene says which file it is in its message only, as part of a description. */
    private static String file(Path directory, String message) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toString)
                    .filter(message::contains)
                    .max(Comparator.comparingInt(String::length))
                    .orElse(directory.toString());
        } catch (IOException unreadable) {
            return directory.toString();
        }
    }
}
