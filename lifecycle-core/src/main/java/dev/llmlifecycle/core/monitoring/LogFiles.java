package dev.llmlifecycle.core.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.core.internal.DurableFiles;

/**
 * The files of one log: {@code name} that is written, {@code name.<stamp>} and {@code name.<stamp>.gz} that are full,
 * and what lies beside them.
 *
 * <p>The stamp is the time at which a full file was written last, made unique, so the files of a log are in the order
 * of their stamps. A stamp with both files was being compressed when the process ended: both hold the same.
 */
final class LogFiles {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern SUFFIX = Pattern.compile("\\.(\\d{8}T\\d{9}Z)(?:\\.gz)?");

    private final Path active;
    private final Path directory;
    private final String name;

    LogFiles(Path active) {
        this.active = active;
        this.directory = DurableFiles.directoryOf(active);
        this.name = active.getFileName().toString();
    }

    /** Returns the file that is written. */
    Path active() {
        return active;
    }

    /** Returns a full file as it was written. */
    Path plain(String stamp) {
        return active.resolveSibling(name + "." + stamp);
    }

    /** Returns a full file, compressed. */
    Path compressed(String stamp) {
        return active.resolveSibling(name + "." + stamp + ".gz");
    }

    /** Returns the file that excludes other writers. */
    Path lock() {
        return active.resolveSibling(name + ".lock");
    }

    /** Returns the file that is there while a user is erased. */
    Path erasing() {
        return active.resolveSibling(name + ".erasing");
    }

    /** Returns the stamps of the full files, oldest first. */
    List<String> stamps() {
        TreeSet<String> stamps = new TreeSet<>();
        for (Path file : inDirectory(file -> file.getFileName().toString().startsWith(name + "."))) {
            Matcher suffix = SUFFIX.matcher(file.getFileName().toString().substring(name.length()));
            if (suffix.matches()) {
                stamps.add(suffix.group(1));
            }
        }
        return List.copyOf(stamps);
    }

    /** Returns a stamp for now that is after all others. */
    String nextStamp(Instant now) {
        List<String> stamps = stamps();
        String stamp = STAMP.format(now);
        if (stamps.isEmpty() || stamp.compareTo(stamps.get(stamps.size() - 1)) > 0) {
            return stamp;
        }
        return STAMP.format(time(stamps.get(stamps.size() - 1)).plus(1, ChronoUnit.MILLIS));
    }

    /** Returns the time of a stamp. */
    static Instant time(String stamp) {
        return Instant.from(STAMP.parse(stamp));
    }

    /**
     * Returns all parts as they are now, oldest first, the one that is written last.
     *
     * @throws LifecycleException when there is no file at all
     */
    List<LogPart> parts() {
        while (true) {
            List<String> stamps = stamps();
            long length = sizeOf(active);
            if (stamps.equals(stamps())) {
                if (length < 0 && stamps.isEmpty()) {
                    throw new LifecycleException(
                            "Reading " + active + " failed: there is no such file; check the path");
                }
                List<LogPart> parts = new ArrayList<>();
                stamps.forEach(stamp -> parts.add(LogPart.full(this, stamp)));
                parts.add(LogPart.written(this, last(stamps), Math.max(0, length)));
                return parts;
            }
        }
    }

    /** Returns the first full file after a stamp: where the file that was written then went. */
    Optional<String> stampAfter(String stamp) {
        return stamps().stream().filter(each -> each.compareTo(stamp) > 0).findFirst();
    }

    /** Removes what an interrupted writer left. */
    void removeLeftovers() {
        inDirectory(file -> DurableFiles.isTemporary(file, name + ".")).forEach(LogFiles::delete);
        for (String stamp : stamps()) {
            if (Files.exists(compressed(stamp))) {
                delete(plain(stamp));
            }
        }
    }

    /** Removes a full file. */
    void remove(String stamp) {
        delete(plain(stamp));
        delete(compressed(stamp));
    }

    /** Returns the bytes of a full file on disk. */
    long sizeOf(String stamp) {
        return Math.max(0, sizeOf(plain(stamp))) + Math.max(0, sizeOf(compressed(stamp)));
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Deleting " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check the permissions of its directory",
                    e);
        }
    }

    /** Returns the size of a file, -1 where there is none. */
    static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check that it is a file and its permissions",
                    e);
        }
    }

    /** Returns when a file was written last, by the system's clock. */
    static Instant lastWritten(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading the time of " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check its permissions",
                    e);
        }
    }

    private static String last(List<String> stamps) {
        return stamps.isEmpty() ? "" : stamps.get(stamps.size() - 1);
    }

    private List<Path> inDirectory(Predicate<Path> wanted) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(wanted).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new LifecycleException(
                    "Listing " + directory + " failed (" + e.getClass().getSimpleName()
                            + "); check that it is a directory and its permissions",
                    e);
        }
    }
}
