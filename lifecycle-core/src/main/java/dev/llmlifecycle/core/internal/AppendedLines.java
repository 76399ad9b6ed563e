package dev.llmlifecycle.core.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import dev.llmlifecycle.api.LifecycleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines to a file so that a crash leaves at most one last line that is not whole.
 *
 * <p>It writes through {@link RandomAccessFile}, since a channel would be closed by the interruption of a thread.
 *
 * <p>Not thread-safe: the caller excludes other writers.
 *
 * @since 0.1
 */
public final class AppendedLines implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AppendedLines.class);
    private static final int BLOCK = 1 << 16;

    private final Path file;
    private final RandomAccessFile out;
    private long end;

    private AppendedLines(Path file, RandomAccessFile out, long end) {
        this.file = file;
        this.out = out;
        this.end = end;
    }

    /**
     * Opens a file for appending, and repairs its end: what follows the last whole line is cut off, and a last line
     * that only lacks its line feed gets it.
     *
     * @param file the file; it and its directory are created when they are missing
     * @param wholeEnd where the last whole line ends, 0 in a new file
     * @param terminated whether that line has its line feed
     * @return the open file
     * @throws LifecycleException when it cannot be opened or repaired
     */
    public static AppendedLines open(Path file, long wholeEnd, boolean terminated) {
        DurableFiles.createDirectories(DurableFiles.directoryOf(file));
        boolean isNew = !Files.exists(file);
        RandomAccessFile out = null;
        try {
            out = new RandomAccessFile(file.toFile(), "rw");
            if (out.length() > wholeEnd) {
                log.warn(
                        "{} ended with a line that was not whole, as a crash leaves it; its {} bytes were removed",
                        file,
                        out.length() - wholeEnd);
                out.setLength(wholeEnd);
            }
            AppendedLines lines = new AppendedLines(file, out, wholeEnd);
            if (!terminated) {
                lines.write(new byte[] {'\n'});
            }
            if (isNew) {
                DurableFiles.forceDirectory(DurableFiles.directoryOf(file));
            }
            return lines;
        } catch (IOException e) {
            LifecycleException failure = failed("Opening", file, e);
            if (out != null) {
                closeAfter(failure, out);
            }
            throw failure;
        }
    }

    /**
     * Opens a file of which only the end needs to be looked at: every line but the last was written whole.
     *
     * @param file a file that exists
     * @param start how its first line begins, so that no file of another kind is cut
     * @param whole tells whether a line that lacks its line feed is whole
     * @param longest the longest line in bytes that can be whole
     * @return the open file
     * @throws LifecycleException when it is a file of another kind, or cannot be opened or repaired
     */
    public static AppendedLines openAfterCrash(Path file, String start, Predicate<byte[]> whole, int longest) {
        long wholeEnd;
        boolean terminated = true;
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] expected = start.getBytes(StandardCharsets.UTF_8);
            byte[] first = new byte[(int) Math.min(in.length(), expected.length)];
            in.readFully(first);
            if (!Arrays.equals(first, Arrays.copyOf(expected, first.length))) {
                throw new LifecycleException("Opening " + file + " failed: it does not begin as a file of this kind"
                        + " does; name another file, or move this one away");
            }
            wholeEnd = endOfLastTerminatedLine(in);
            long rest = in.length() - wholeEnd;
            if (rest > 0 && rest <= longest) {
                byte[] last = new byte[(int) rest];
                in.seek(wholeEnd);
                in.readFully(last);
                if (whole.test(last)) {
                    wholeEnd = in.length();
                    terminated = false;
                }
            }
        } catch (IOException e) {
            throw failed("Opening", file, e);
        }
        return open(file, wholeEnd, terminated);
    }

    /**
     * Appends one line and waits until the disk has it.
     *
     * @param file the file
     * @param wholeEnd where its last whole line ends
     * @param terminated whether that line has its line feed
     * @param line the line, without a line feed
     * @throws LifecycleException when it cannot be written
     */
    public static void appendDurably(Path file, long wholeEnd, boolean terminated, String line) {
        try (AppendedLines lines = open(file, wholeEnd, terminated)) {
            lines.append(line.getBytes(StandardCharsets.UTF_8), true);
        }
    }

    /**
     * Appends a line.
     *
     * @param line the line, without a line feed
     * @param durably whether to wait until the disk has it
     * @throws LifecycleException when it cannot be written; what was written of it is taken back
     */
    public void append(byte[] line, boolean durably) {
        append(List.of(line), durably);
    }

    /**
     * Appends lines, all or none.
     *
     * @param lines the lines, without line feeds
     * @param durably whether to wait until the disk has them
     * @throws LifecycleException when they cannot be written; what was written of them is taken back
     */
    public void append(List<byte[]> lines, boolean durably) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            bytes.writeBytes(line);
            bytes.write('\n');
        }
        long before = end;
        try {
            write(bytes.toByteArray());
            if (durably) {
                out.getFD().sync();
            }
        } catch (IOException e) {
            LifecycleException failure = failed("Writing to", file, e);
            try {
                out.setLength(before);
                end = before;
            } catch (IOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    /**
     * Waits until the disk has all lines.
     *
     * @throws LifecycleException when it has not
     */
    public void sync() {
        try {
            out.getFD().sync();
        } catch (IOException e) {
            throw failed("Writing to", file, e);
        }
    }

    /**
     * Returns the length of the file.
     *
     * @return where the last line ends, in bytes
     */
    public long end() {
        return end;
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failed("Closing", file, e);
        }
    }

    private void write(byte[] bytes) throws IOException {
        out.seek(end);
        out.write(bytes);
        end += bytes.length;
    }

    private static long endOfLastTerminatedLine(RandomAccessFile in) throws IOException {
        byte[] block = new byte[BLOCK];
        long end = in.length();
        while (end > 0) {
            int size = (int) Math.min(BLOCK, end);
            in.seek(end - size);
            in.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - size + i + 1;
                }
            }
            end -= size;
        }
        return 0;
    }

    private static void closeAfter(LifecycleException failure, RandomAccessFile out) {
        try {
            out.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static LifecycleException failed(String what, Path file, IOException cause) {
        return new LifecycleException(
                what + " " + file + " failed (" + cause.getClass().getSimpleName()
                        + "); check free space and permissions",
                cause);
    }
}
