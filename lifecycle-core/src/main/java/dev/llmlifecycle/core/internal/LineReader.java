package dev.llmlifecycle.core.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.llmlifecycle.api.LifecycleException;

/**
 * Reads the lines of a file as bytes, and knows of each its number, its place and whether its end is there.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class LineReader implements AutoCloseable {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;
    private final InputStream in;
    private final int maxBytes;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private int filled;
    private int next;
    private long number;
    private long start;
    private long position;
    private boolean terminated;
    private boolean tooLong;

    private LineReader(Path file, InputStream in, int maxBytes) {
        this.file = file;
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * Opens a file.
     *
     * @param file the file
     * @param maxBytes the longest line to keep in memory
     * @return a reader before the first line
     * @throws LifecycleException when it cannot be opened
     */
    public static LineReader open(Path file, int maxBytes) {
        try {
            return of(file, Files.newInputStream(file), maxBytes);
        } catch (NoSuchFileException e) {
            throw new LifecycleException("Reading " + file + " failed: there is no such file; check the path", e);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /**
     * Reads what comes out of a stream, such as of a compressed file.
     *
     * @param file what to name when reading fails
     * @param in the lines, unbuffered; closed with this reader
     * @param maxBytes the longest line to keep in memory
     * @return a reader before the first line
     */
    public static LineReader of(Path file, InputStream in, int maxBytes) {
        return new LineReader(file, in, maxBytes);
    }

    /**
     * Goes to the next line.
     *
     * @return false at the end of the file
     */
    public boolean next() {
        line.reset();
        terminated = false;
        tooLong = false;
        start = position;
        while (!terminated && fill()) {
            int from = next;
            while (next < filled && buffer[next] != '\n') {
                next++;
            }
            int kept = Math.min(next - from, maxBytes - line.size());
            line.write(buffer, from, kept);
            tooLong |= kept < next - from;
            if (next < filled) {
                next++;
                terminated = true;
            }
            position += next - from;
        }
        if (position == start) {
            return false;
        }
        number++;
        return true;
    }

    /** Makes sure that there is a byte to look at; false at the end of the file. */
    private boolean fill() {
        if (next == filled) {
            try {
                filled = in.read(buffer, 0, buffer.length);
            } catch (IOException e) {
                throw failed(file, e);
            }
            next = 0;
            if (filled <= 0) {
                filled = 0;
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the number of the line.
     *
     * @return from 1
     */
    public long number() {
        return number;
    }

    /**
     * Returns where the line begins.
     *
     * @return the offset in bytes
     */
    public long start() {
        return start;
    }

    /**
     * Returns where the next line begins.
     *
     * @return the offset in bytes
     */
    public long end() {
        return position;
    }

    /**
     * Tells whether the line ends with a line feed; only the last line of a file may not.
     *
     * @return false for a last line that may be torn
     */
    public boolean terminated() {
        return terminated;
    }

    /**
     * Tells whether the line is longer than this reader keeps.
     *
     * @return true when {@link #bytes()} is cut
     */
    public boolean tooLong() {
        return tooLong;
    }

    /**
     * Returns the line without its line feed.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return line.toByteArray();
    }

    /**
     * Returns the line as text, without a byte order mark.
     *
     * @return the text
     * @throws IllegalArgumentException when it is not UTF-8 or too long
     */
    public String text() {
        if (tooLong) {
            throw new IllegalArgumentException("the line is longer than " + maxBytes + " bytes");
        }
        byte[] bytes = line.toByteArray();
        int skip = number == 1 && startsWithByteOrderMark(bytes) ? BYTE_ORDER_MARK.length : 0;
        return decode(bytes, skip);
    }

    /**
     * Decodes UTF-8, strictly.
     *
     * @param bytes the bytes
     * @return the text
     * @throws IllegalArgumentException when it is not UTF-8; the message names the byte
     */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0);
    }

    private static String decode(byte[] bytes, int skip) {
        ByteBuffer in = ByteBuffer.wrap(bytes, skip, bytes.length - skip);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("byte " + (in.position() + 1) + " is not UTF-8", e);
        }
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        return bytes.length >= 3
                && bytes[0] == BYTE_ORDER_MARK[0]
                && bytes[1] == BYTE_ORDER_MARK[1]
                && bytes[2] == BYTE_ORDER_MARK[2];
    }

    private static LifecycleException failed(Path file, IOException cause) {
        return new LifecycleException(
                "Reading " + file + " failed (" + cause.getClass().getSimpleName()
                        + "); check that it is a file and its permissions",
                cause);
    }
}
