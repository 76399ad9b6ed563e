package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;
import org.jspecify.annotations.Nullable;

/**
 * A section of a mapped file, which gives out no byte of a block whose checksum it has not seen to fit.
 *
 * <p>A block is checked when it is first touched; then a read costs one look into a table. Thread-safe: two threads may
 * check a block at once and come to the same result.
 */
final class Section {

    private static final int BLOCK_SHIFT = Integer.numberOfTrailingZeros(SectionedFileWriter.BLOCK);
    private static final int WINDOW_SHIFT = 30;
    private static final int COPIED_AT_ONCE = 1 << 16;
    /** The most bytes that are mapped as one. */
    static final long WINDOW = 1L << WINDOW_SHIFT;

    private final String file;
    private final String name;
    private final long start;
    private final long length;
    private final int[] checksums;
    private final boolean[] good;
    private final ByteBuffer[] windows;
    private final IntBuffer[] ints;
    private final FloatBuffer[] floats;

    /**
     * Maps a section.
     *
     * @param file its file, for messages
     * @param name what it holds, for messages
     * @param start where it begins
     * @param length its bytes
     * @param checksums of its blocks, as many as it has
     */
    Section(FileChannel channel, String file, String name, long start, long length, int[] checksums)
            throws IOException {
        this.file = file;
        this.name = name;
        this.start = start;
        this.length = length;
        this.checksums = checksums;
        this.good = new boolean[checksums.length];
        int count = (int) ((length + WINDOW - 1) >>> WINDOW_SHIFT);
        this.windows = new ByteBuffer[count];
        this.ints = new IntBuffer[count];
        this.floats = new FloatBuffer[count];
        for (int i = 0; i < count; i++) {
            long from = (long) i << WINDOW_SHIFT;
            windows[i] = channel.map(FileChannel.MapMode.READ_ONLY, start + from, Math.min(WINDOW, length - from))
                    .order(ByteOrder.LITTLE_ENDIAN);
            ints[i] = windows[i].asIntBuffer();
            floats[i] = windows[i].asFloatBuffer();
        }
    }

    long length() {
        return length;
    }

    int u32(long at) {
        require(at, Integer.BYTES);
        try {
            return ints[window(at)].get(within(at) >>> 2);
        } catch (InternalError e) {
            throw unreadable(at, e);
        }
    }

    /** Reads 8 bytes at a multiple of 8. */
    long u64(long at) {
        require(at, Long.BYTES);
        try {
            return windows[window(at)].getLong(within(at));
        } catch (InternalError e) {
            throw unreadable(at, e);
        }
    }

    byte[] bytes(long at, int count) {
        require(at, count);
        byte[] bytes = new byte[count];
        for (int done = 0; done < count; ) {
            int within = within(at + done);
            int some = (int) Math.min(count - done, WINDOW - within);
            try {
                windows[window(at + done)].get(within, bytes, done, some);
            } catch (InternalError e) {
                throw unreadable(at + done, e);
            }
            done += some;
        }
        return bytes;
    }

    /** Reads numbers that begin at a multiple of 4. */
    void ints(long at, int[] target, int count) {
        require(at, (long) count << 2);
        for (int done = 0; done < count; ) {
            long from = at + ((long) done << 2);
            int some = (int) Math.min(count - done, (WINDOW - within(from)) >>> 2);
            try {
                ints[window(from)].get(within(from) >>> 2, target, done, some);
            } catch (InternalError e) {
                throw unreadable(from, e);
            }
            done += some;
        }
    }

    /** Reads numbers that begin at a multiple of 4. */
    void floats(long at, float[] target, int offset, int count) {
        require(at, (long) count << 2);
        for (int done = 0; done < count; ) {
            long from = at + ((long) done << 2);
            int some = (int) Math.min(count - done, (WINDOW - within(from)) >>> 2);
            try {
                floats[window(from)].get(within(from) >>> 2, target, offset + done, some);
            } catch (InternalError e) {
                throw unreadable(from, e);
            }
            done += some;
        }
    }

    /** Returns all of it, checked; it must not be longer than {@link #WINDOW}. */
    ByteBuffer whole() {
        require(0, length);
        return windows.length == 0 ? ByteBuffer.allocate(0) : windows[0].duplicate();
    }

    /** Checks all blocks, whether they were read or not. */
    List<DamagedDataException> verify() {
        List<DamagedDataException> damages = new ArrayList<>();
        for (int block = 0; block < checksums.length; block++) {
            try {
                check(block);
            } catch (DamagedDataException e) {
                damages.add(e);
            }
        }
        return damages;
    }

    /** Tells what does not fit although the checksum does. */
    DamagedDataException damaged(long at, FormatProblem problem) {
        return damaged((int) (at >>> BLOCK_SHIFT), problem.problem(), problem);
    }

    private void require(long at, long count) {
        if (at < 0 || count < 0 || count > length - at) {
            FormatProblem problem =
                    new FormatProblem(count + " bytes at " + at + " are wanted of a section of " + length + " bytes");
            throw damaged(Math.max(0, Math.min(at, length - 1)), problem);
        }
        int last = (int) ((at + count - 1) >>> BLOCK_SHIFT);
        for (int block = (int) (at >>> BLOCK_SHIFT); block <= last; block++) {
            if (!good[block]) {
                check(block);
                good[block] = true;
            }
        }
    }

    private void check(int block) {
        long from = (long) block << BLOCK_SHIFT;
        int within = within(from);
        int count = (int) Math.min(SectionedFileWriter.BLOCK, length - from);
        try {
            if (checksum(windows[window(from)], within, count) != checksums[block]) {
                throw damaged(block, "the checksum does not fit", null);
            }
        } catch (InternalError e) {
            throw unreadable(from, e);
        }
    }

    /** Copies before it computes: a fault while a checksum is computed over a mapped file would end the process. */
    private static int checksum(ByteBuffer window, int from, int count) {
        CRC32C crc = new CRC32C();
        byte[] part = new byte[Math.min(count, COPIED_AT_ONCE)];
        for (int done = 0; done < count; ) {
            int some = Math.min(part.length, count - done);
            window.get(from + done, part, 0, some);
            crc.update(part, 0, some);
            done += some;
        }
        return (int) crc.getValue();
    }

    /**
     * So a mapped file says, soon after, that somebody cut it or that the disk failed; also of a block that was good.
     */
    private DamagedDataException unreadable(long at, InternalError cause) {
        return damaged((int) (at >>> BLOCK_SHIFT), "it cannot be read any more", cause);
    }

    private DamagedDataException damaged(int block, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(
                file,
                "block " + block + " of " + name + " at byte " + (start + ((long) block << BLOCK_SHIFT)),
                problem,
                SectionedFile.REMEDY,
                cause);
    }

    private static int window(long at) {
        return (int) (at >>> WINDOW_SHIFT);
    }

    private static int within(long at) {
        return (int) (at & (WINDOW - 1));
    }
}
