package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of the write-ahead log, to which batches are appended; {@link BatchLogReader} reads it.
 *
 * <p>What fails is taken back before anything else is written, so that no batch that was refused can come back. Each
 * record says how much of the file was on the disk when it was written: damage before that point is no torn end.
 *
 * <p>Not thread-safe.
 */
final class BatchLog implements AutoCloseable {

    static final byte[] MAGIC = "LLMVECLG".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    static final int HEADER_BYTES = MAGIC.length + 3 * Integer.BYTES + Long.BYTES;
    static final int RECORD_START = Integer.BYTES + 2 * Long.BYTES;
    static final int RECORD_OVERHEAD = RECORD_START + Integer.BYTES;

    private final WritableFile file;
    private final long number;
    private long end;
    private long durable;
    private long lastVersion;
    /** Whether a force failed, after which a later one may succeed although the disk lacks something. */
    private boolean uncertain;

    private BatchLog(WritableFile file, long number, long end, long lastVersion) {
        this.file = file;
        this.number = number;
        this.end = end;
        this.lastVersion = lastVersion;
    }

    /** Begins a file, of which a failed try may have left something. */
    static BatchLog create(Disk disk, Path path, long number, int dimension) throws IOException {
        WritableFile file = disk.open(path);
        try {
            if (file.size() > 0) {
                file.truncate(0);
            }
            file.append(new Encoder()
                    .bytes(MAGIC)
                    .u32(VERSION)
                    .u32(dimension)
                    .u64(number)
                    .checksum()
                    .toByteArray());
            file.force();
        } catch (IOException e) {
            closeAfter(e, file);
            throw e;
        }
        disk.forceDirectory(AtomicFile.directoryOf(path));
        BatchLog log = new BatchLog(file, number, HEADER_BYTES, 0);
        log.durable = HEADER_BYTES;
        return log;
    }

    /** Goes on after the last whole record; what is behind it is cut when the next is written. */
    static BatchLog reopen(Disk disk, Path path, BatchLogReader.Mark mark) throws IOException {
        WritableFile file = disk.open(path);
        return new BatchLog(file, mark.number(), mark.end(), mark.lastVersion());
    }

    /** Says whether forcing failed once; then everything is refused, and only opening it again tells what is there. */
    boolean isUncertain() {
        return uncertain;
    }

    private void requireCertain() throws IOException {
        if (uncertain) {
            throw new IOException("log " + number + " could not be forced before, and has to be opened again");
        }
    }

    /** Appends all batches or none. */
    void append(List<WriteBatch> batches, boolean forced) throws IOException {
        requireCertain();
        cutRest();
        if (durable == 0) {
            // Another process wrote what is there, perhaps without forcing it.
            force();
        }
        List<byte[]> records = new ArrayList<>();
        for (WriteBatch batch : batches) {
            byte[] payload = encode(batch);
            records.add(new Encoder()
                    .u32(payload.length)
                    .u64(durable)
                    .u64(batch.version())
                    .bytes(payload)
                    .checksum()
                    .toByteArray());
        }
        long before = end;
        try {
            for (byte[] record : records) {
                file.append(record);
                end += record.length;
            }
            if (forced) {
                force();
            }
        } catch (IOException e) {
            end = before;
            try {
                cutRest();
            } catch (IOException left) {
                // The next append tries again, before it writes.
                e.addSuppressed(left);
            }
            throw e;
        }
        lastVersion = batches.get(batches.size() - 1).version();
    }

    /** Waits until the disk has all batches, and nothing that was refused. */
    void force() throws IOException {
        requireCertain();
        cutRest();
        if (durable < end) {
            try {
                file.force();
            } catch (IOException e) {
                uncertain = true;
                throw e;
            }
            durable = end;
        }
    }

    private void cutRest() throws IOException {
        if (file.size() > end) {
            file.truncate(end);
        }
    }

    BatchLogReader.Mark mark() {
        return new BatchLogReader.Mark(number, end, lastVersion);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    static byte[] encode(WriteBatch batch) {
        Encoder payload = new Encoder().u32(batch.removed().size());
        batch.removed().forEach(payload::string);
        payload.u32(batch.upserts().size());
        for (VectorItem item : batch.upserts()) {
            payload.string(item.id())
                    .vector(item.vector())
                    .optionalString(item.text())
                    .metadata(item.metadata());
        }
        return payload.toByteArray();
    }

    private static void closeAfter(IOException failure, WritableFile file) {
        try {
            file.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
