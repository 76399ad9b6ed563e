package dev.llmlifecycle.core.monitoring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.core.internal.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log as it was when somebody began to read; it is found again when it has been renamed, compressed or
 * rewritten since.
 */
final class LogPart {

    private static final int BUFFER = 1 << 16;

    private final LogFiles files;

    /** Of a full file its own; of the file that was written the last one before it. */
    private final String stamp;

    private final boolean written;
    private final long limit;

    private LogPart(LogFiles files, String stamp, boolean written, long limit) {
        this.files = files;
        this.stamp = stamp;
        this.written = written;
        this.limit = limit;
    }

    static LogPart full(LogFiles files, String stamp) {
        return new LogPart(files, stamp, false, Long.MAX_VALUE);
    }

    static LogPart written(LogFiles files, String lastStamp, long limit) {
        return new LogPart(files, lastStamp, true, limit);
    }

    /** Opens it, or nothing when it has been removed since. */
    Optional<PartReader> open(int maxLineBytes) {
        return written ? openWritten(maxLineBytes) : openFull(stamp, maxLineBytes);
    }

    private Optional<PartReader> openWritten(int maxLineBytes) {
        Optional<PartReader> reader = openPlain(files.active(), true, maxLineBytes);
        Optional<String> moved = files.stampAfter(stamp);
        if (moved.isEmpty()) {
            return reader;
        }
        // It may be the next file that was opened, under the same name.
        reader.ifPresent(PartReader::close);
        return openFull(moved.get(), maxLineBytes);
    }

    /** While a file is compressed, one of both is there at any time, and in the end the compressed one. */
    private Optional<PartReader> openFull(String of, int maxLineBytes) {
        return openCompressed(files.compressed(of), maxLineBytes)
                .or(() -> openPlain(files.plain(of), false, maxLineBytes))
                .or(() -> openCompressed(files.compressed(of), maxLineBytes));
    }

    private Optional<PartReader> openPlain(Path file, boolean mayBeTorn, int maxLineBytes) {
        return open(file).map(in -> new PartReader(file, LineReader.of(file, in, maxLineBytes), limit, mayBeTorn));
    }

    private Optional<PartReader> openCompressed(Path file, int maxLineBytes) {
        return open(file)
                .map(in -> new PartReader(file, LineReader.of(file, new Inflating(in), maxLineBytes), limit, false));
    }

    private static Optional<InputStream> open(Path file) {
        try {
            return Optional.of(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check that it is a file and its permissions",
                    e);
        }
    }

    /** Inflates from the first read on, so that a damaged header is met where damaged bytes are. */
    private static final class Inflating extends InputStream {

        private final InputStream in;
        private @Nullable GZIPInputStream inflated;

        Inflating(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            GZIPInputStream open = inflated;
            if (open == null) {
                open = new GZIPInputStream(in, BUFFER);
                inflated = open;
            }
            return open.read(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            in.close();
            // The inflater's native memory goes with its stream.
            if (inflated != null) {
                inflated.close();
            }
        }
    }
}
