package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;

/**
 * Reads one file of the write-ahead log.
 *
 * <p>The first record that does not fit is where a crash cut the file, unless the manifest or a later record says that
 * the disk had it whole: then it is damage.
 */
final class BatchLogReader implements AutoCloseable {

    private static final int CHUNK = 1 << 20;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final Mark known;
    private final int dimension;
    private byte[] chunk = new byte[0];
    private long chunkStart;

    /**
     * Where a log ends.
     *
     * @param number the log's number
     * @param end the bytes up to the end of its last whole record
     * @param lastVersion the version of that record, 0 if there is none
     */
    record Mark(long number, long end, long lastVersion) {}

    private BatchLogReader(Path path, FileChannel channel, Mark known, int dimension) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
        this.known = known;
        this.dimension = dimension;
    }

    /**
     * Opens a log as long as it is now; a writer may append to it meanwhile.
     *
     * @param known its number, and where it ends at the earliest
     * @param dimension of the vectors
     */
    static BatchLogReader open(Path path, Mark known, int dimension) throws IOException {
        return new BatchLogReader(path, FileChannel.open(path, StandardOpenOption.READ), known, dimension);
    }

    Path path() {
        return path;
    }

    /** Tells whether something stands behind the last whole record, as a crash leaves it. */
    boolean isTorn(Mark read) {
        return read.end() < size;
    }

    /**
     * Hands over the batches after a version.
     *
     * @return where the last whole record ends
     */
    Mark read(long after, Consumer<WriteBatch> batches) throws IOException {
        if (!readHeader()) {
            return new Mark(known.number(), 0, 0);
        }
        long position = BatchLog.HEADER_BYTES;
        long last = 0;
        while (position < size) {
            WriteBatch batch;
            int length;
            try {
                length = length(position);
                batch = record(position, length);
                if (last != 0 && batch.version() != last + 1) {
                    throw new FormatProblem("batch " + batch.version() + " follows batch " + last);
                }
            } catch (FormatProblem e) {
                if (position < known.end() || isFollowed(position)) {
                    throw damaged(position, e);
                }
                break;
            }
            last = batch.version();
            position += length + BatchLog.RECORD_OVERHEAD;
            if (last > after) {
                batches.accept(batch);
            }
        }
        if (position < known.end()) {
            throw damaged(position, new FormatProblem("the file ends here instead of at byte " + known.end()));
        }
        return new Mark(known.number(), position, last);
    }

    private boolean readHeader() throws IOException {
        try {
            Decoder decoder = bytes(0, BatchLog.HEADER_BYTES);
            int checksum = decoder.checksum(BatchLog.HEADER_BYTES - Integer.BYTES);
            if (!Arrays.equals(decoder.bytes(BatchLog.MAGIC.length), BatchLog.MAGIC)) {
                throw new FormatProblem("this is no log of a vector index");
            }
            int version = decoder.u32();
            int found = decoder.u32();
            long number = decoder.u64();
            if (decoder.u32() != checksum) {
                throw new FormatProblem("the checksum does not fit");
            }
            FormatVersions.check(path, version, BatchLog.VERSION);
            if (found != dimension || number != known.number()) {
                throw new FormatProblem("it is log " + number + " of dimension " + found + " instead of log "
                        + known.number() + " of dimension " + dimension);
            }
            return true;
        } catch (FormatProblem e) {
            // The header is forced before a record is written.
            if (known.end() > 0 || size > BatchLog.HEADER_BYTES) {
                throw damaged(0, e);
            }
            return false;
        }
    }

    private int length(long position) throws IOException, FormatProblem {
        int length = bytes(position, Integer.BYTES).u32();
        if (length < 0 || length > size - position - BatchLog.RECORD_OVERHEAD) {
            throw new FormatProblem("the file ends within a record");
        }
        return length;
    }

    private WriteBatch record(long position, int length) throws IOException, FormatProblem {
        Decoder record = bytes(position, length + BatchLog.RECORD_OVERHEAD);
        int checksum = record.checksum(BatchLog.RECORD_START + length);
        record.skip(Integer.BYTES + Long.BYTES);
        long version = record.u64();
        record.skip(length);
        if (record.u32() != checksum) {
            throw new FormatProblem("the checksum does not fit");
        }
        return decode(version, bytes(position + BatchLog.RECORD_START, length));
    }

    private WriteBatch decode(long version, Decoder payload) throws FormatProblem {
        List<String> removed = new ArrayList<>();
        int removals = payload.count(Integer.BYTES);
        for (int i = 0; i < removals; i++) {
            removed.add(payload.string());
        }
        List<VectorItem> upserts = new ArrayList<>();
        int count = payload.count(Integer.BYTES + dimension * Float.BYTES);
        for (int i = 0; i < count; i++) {
            String id = payload.string();
            float[] vector = payload.vector(dimension);
            upserts.add(new VectorItem(id, vector, payload.optionalString().orElse(null), payload.metadata()));
        }
        payload.requireEnd();
        return new WriteBatch(version, removed, upserts);
    }

    /** Tells whether a whole record stands somewhere behind, written when the disk had what is at the position. */
    private boolean isFollowed(long position) throws IOException {
        for (long at = position + 1; at + BatchLog.RECORD_OVERHEAD <= size; at++) {
            if (isRecord(at, position)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRecord(long at, long position) throws IOException {
        try {
            Decoder start = bytes(at, BatchLog.RECORD_START);
            int length = start.u32();
            long durable = start.u64();
            if (length < 0 || length > size - at - BatchLog.RECORD_OVERHEAD || durable <= position || durable > at) {
                return false;
            }
            record(at, length);
            return true;
        } catch (FormatProblem e) {
            return false;
        }
    }

    private Decoder bytes(long position, int length) throws IOException, FormatProblem {
        if (length > size - position) {
            throw new FormatProblem("the file ends after " + (size - position) + " of " + length + " bytes");
        }
        if (position < chunkStart || position + length > chunkStart + chunk.length) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size - position, Math.max(length, CHUNK)));
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new FormatProblem("the file became shorter while it was read");
                }
            }
            chunk = buffer.array();
            chunkStart = position;
        }
        return new Decoder(chunk, (int) (position - chunkStart), length);
    }

    private DamagedDataException damaged(long position, FormatProblem problem) {
        return new DamagedDataException(
                path.toString(), "record at byte " + position, problem.problem(), SectionedFile.REMEDY, problem);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
