package dev.llmlifecycle.retrieval.vector.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files in the directory of an index: their names, and which are to go.
 *
 * <p>Not thread-safe; copying changes nothing and may run beside all else.
 */
final class StorageFiles {

    private static final Logger log = LoggerFactory.getLogger(StorageFiles.class);

    private static final Pattern SEGMENT_NAME = Pattern.compile("segment-(\\d{1,18})\\.vectors");
    private static final Pattern LOG_NAME = Pattern.compile("log-(\\d{1,18})\\.batches");
    private static final int COPIED_AT_ONCE = 1 << 16;

    private final Path directory;
    private final Disk disk;
    /** Files that nothing needs but that could not be removed yet. */
    private final Set<Path> condemned = new TreeSet<>();

    private int keepers;

    StorageFiles(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    Path segment(long number) {
        return directory.resolve("segment-" + number + ".vectors");
    }

    Path log(long number) {
        return directory.resolve("log-" + number + ".batches");
    }

    Path manifest() {
        return directory.resolve(StoredManifest.FILE);
    }

    /** Returns the numbers of all segments that are there. */
    NavigableSet<Long> segments() throws IOException {
        return numbers(SEGMENT_NAME);
    }

    /** Returns the numbers of all logs that are there. */
    NavigableSet<Long> logs() throws IOException {
        return numbers(LOG_NAME);
    }

    private NavigableSet<Long> numbers(Pattern pattern) throws IOException {
        NavigableSet<Long> numbers = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
            for (Path file : found) {
                Matcher matcher = pattern.matcher(name(file));
                if (matcher.matches()) {
                    numbers.add(Long.parseLong(matcher.group(1)));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return numbers;
    }

    /** Lets files that nothing needs any more be removed, once nobody keeps them. */
    void condemn(Path file) {
        condemned.add(file);
    }

    /** Keeps condemned files until {@link #letGo} was called as often. */
    void keep() {
        keepers++;
    }

    void letGo() {
        keepers--;
        removeCondemned();
    }

    void removeCondemned() {
        if (keepers > 0) {
            return;
        }
        for (Iterator<Path> files = condemned.iterator(); files.hasNext(); ) {
            Path file = files.next();
            try {
                disk.delete(file);
                files.remove();
            } catch (IOException e) {
                // Some systems keep what is mapped; the next publication tries again.
                log.debug("{} cannot be removed yet", file, e);
            }
        }
    }

    /** Puts a file that never changes into another directory, under its name. */
    void linkOrCopy(Path file, Path target) throws IOException {
        try {
            Files.createLink(target.resolve(name(file)), file);
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("{} cannot be linked into {}, it is copied", file, target, e);
            copyStart(file, Files.size(file), target);
        }
    }

    /** Copies the first bytes of a file into another directory, under its name. */
    void copyStart(Path file, long length, Path target) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                WritableFile out = disk.open(target.resolve(name(file)))) {
            byte[] buffer = new byte[COPIED_AT_ONCE];
            for (long left = length; left > 0; ) {
                int count = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
                if (count == 0) {
                    throw new EOFException(file + " ends " + left + " bytes early");
                }
                out.append(buffer, 0, count);
                left -= count;
            }
            out.force();
        }
    }

    private static String name(Path file) {
        return Objects.requireNonNull(file.getFileName(), "a file has a name").toString();
    }
}
