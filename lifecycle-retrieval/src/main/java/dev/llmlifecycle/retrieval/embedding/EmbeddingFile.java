package dev.llmlifecycle.retrieval.embedding;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.WriterLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors by the hash of their text, in a file that only grows until it is written anew.
 *
 * <p>Format 1, all numbers big-endian: the eight characters {@code LLCEMB01}, the dimension and the length of the
 * model's name (4 bytes each), the name in UTF-8, a CRC-32C of all that; then records of one length: the SHA-256 of the
 * text (32 bytes), the vector (4 bytes a value), a CRC-32C of both.
 *
 * <p>What a crash left of the last record is cut off. A record whose checksum does not fit is left out and named in the
 * log; as all are of one length, those behind it are read on. Thread-safe. One process writes to a file at a time.
 */
final class EmbeddingFile implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddingFile.class);

    private static final byte[] MAGIC = "LLCEMB01".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH = 32;
    private static final int CHECKSUM = 4;
    private static final int LONGEST_NAME = 1_000;
    private static final int LARGEST_DIMENSION = 100_000;
    private static final int NAMED = 10;

    private final Path path;
    private final String modelName;
    private final long mostBytes;
    private final WriterLock lock;
    private final ReentrantLock writing = new ReentrantLock();
    private Optional<FileChannel> channel = Optional.empty();
    private int dimension;
    private long damaged;
    private boolean broken;

    private EmbeddingFile(Path path, String modelName, long mostBytes, WriterLock lock) {
        this.path = path;
        this.modelName = modelName;
        this.mostBytes = mostBytes;
        this.lock = lock;
    }

    /** Opens a file, or prepares for one, and hands over what is in it, oldest first. */
    static EmbeddingFile open(Path path, String modelName, long mostBytes, BiConsumer<String, float[]> each) {
        Path file = path.toAbsolutePath();
        try {
            Files.createDirectories(file.getParent() == null ? file : file.getParent());
        } catch (IOException e) {
            throw failed("Creating the directory of", file, e);
        }
        WriterLock lock = WriterLock.acquire(file.resolveSibling(file.getFileName() + ".lock"), Duration.ZERO);
        EmbeddingFile opened = new EmbeddingFile(file, modelName, mostBytes, lock);
        boolean ready = false;
        try {
            Files.deleteIfExists(opened.temporary());
            if (Files.exists(file) && Files.size(file) > 0) {
                opened.read(each);
            }
            ready = true;
            return opened;
        } catch (IOException e) {
            throw failed("Reading", file, e);
        } finally {
            if (!ready) {
                opened.close();
            }
        }
    }

    /** Returns the dimension, or zero while nothing was written. */
    int dimension() {
        writing.lock();
        try {
            return dimension;
        } finally {
            writing.unlock();
        }
    }

    /** Returns how many records were left out as their checksum did not fit. */
    long damaged() {
        return damaged;
    }

    /** Appends vectors; when the file would grow beyond its bound, it is written anew with what is to be kept. */
    void append(Map<String, float[]> vectors, Supplier<Map<String, float[]>> kept) {
        writing.lock();
        try {
            if (broken || vectors.isEmpty()) {
                return;
            }
            int length = vectors.values().iterator().next().length;
            if (channel.isEmpty()) {
                dimension = length;
                begin(path);
            }
            FileChannel to = channel.orElseThrow();
            long before = to.size();
            if (before + vectors.size() * (long) recordLength() > mostBytes) {
                rewrite(kept.get());
                return;
            }
            try {
                write(to, vectors);
            } catch (IOException e) {
                to.truncate(before);
                throw e;
            }
        } catch (IOException e) {
            broken = true;
            log.warn("Writing the embedding cache {} failed, and it is written no more; check the disk", path, e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            broken = true;
            if (channel.isPresent()) {
                channel.get().close();
            }
            channel = Optional.empty();
        } catch (IOException e) {
            throw failed("Closing", path, e);
        } finally {
            lock.close();
            writing.unlock();
        }
    }

    private void read(BiConsumer<String, float[]> each) throws IOException {
        long size = Files.size(path);
        long end;
        try (InputStream bytes = Files.newInputStream(path);
                DataInputStream in = new DataInputStream(new BufferedInputStream(bytes, 1 << 16))) {
            Optional<Integer> header = header(in, size);
            if (header.isEmpty()) {
                // A crash while the file was begun: nothing was in it.
                Files.delete(path);
                return;
            }
            int start = header.get();
            long records = (size - start) / recordLength();
            end = start + records * recordLength();
            byte[] record = new byte[recordLength()];
            for (long number = 1; number <= records; number++) {
                in.readFully(record);
                ByteBuffer buffer = ByteBuffer.wrap(record);
                if (buffer.getInt(record.length - CHECKSUM) != checksum(record, record.length - CHECKSUM)) {
                    damaged++;
                    if (damaged <= NAMED) {
                        log.warn("Record {} of the embedding cache {} is damaged and left out", number, path);
                    }
                    continue;
                }
                float[] vector = new float[dimension];
                buffer.position(HASH);
                for (int i = 0; i < dimension; i++) {
                    vector[i] = buffer.getFloat();
                }
                each.accept(HexFormat.of().formatHex(record, 0, HASH), vector);
            }
        }
        FileChannel opened = FileChannel.open(path, StandardOpenOption.WRITE);
        channel = Optional.of(opened);
        opened.truncate(end);
        opened.position(end);
    }

    /** Reads the header and returns its length, or nothing when the file ends within it. */
    private Optional<Integer> header(DataInputStream in, long size) throws IOException {
        byte[] fixed = in.readNBytes(MAGIC.length + 8);
        byte[] magic = Arrays.copyOf(fixed, Math.min(fixed.length, MAGIC.length));
        if (!Arrays.equals(magic, Arrays.copyOf(MAGIC, magic.length))) {
            throw new DamagedDataException(
                    path.toString(), "byte 0", "this is no embedding cache of format 1", "name another file", null);
        }
        if (fixed.length < MAGIC.length + 8) {
            return Optional.empty();
        }
        ByteBuffer numbers = ByteBuffer.wrap(fixed, MAGIC.length, 8);
        int found = numbers.getInt();
        int nameLength = numbers.getInt();
        boolean sound = found > 0 && found <= LARGEST_DIMENSION && nameLength >= 0 && nameLength <= LONGEST_NAME;
        if (sound && size < fixed.length + nameLength + CHECKSUM) {
            return Optional.empty();
        }
        byte[] name = in.readNBytes(sound ? nameLength : 0);
        byte[] all = ByteBuffer.allocate(fixed.length + name.length)
                .put(fixed)
                .put(name)
                .array();
        if (!sound || in.readInt() != checksum(all, all.length)) {
            throw new DamagedDataException(
                    path.toString(),
                    "byte " + MAGIC.length,
                    "the checksum of the header does not fit",
                    "delete the file, which is only a cache",
                    null);
        }
        String writtenBy = new String(name, StandardCharsets.UTF_8);
        if (!writtenBy.equals(modelName)) {
            throw new LifecycleException("Opening the embedding cache " + path + " for the model '" + modelName
                    + "' failed: it has vectors of dimension " + found + " of the model '" + writtenBy
                    + "'; name another file for another model");
        }
        dimension = found;
        return Optional.of(all.length + CHECKSUM);
    }

    private void begin(Path file) throws IOException {
        byte[] name = modelName.getBytes(StandardCharsets.UTF_8);
        byte[] all = ByteBuffer.allocate(MAGIC.length + 8 + name.length)
                .put(MAGIC)
                .putInt(dimension)
                .putInt(name.length)
                .put(name)
                .array();
        ByteBuffer header = ByteBuffer.allocate(all.length + CHECKSUM).put(all).putInt(checksum(all, all.length));
        FileChannel begun = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        channel = Optional.of(begun);
        writeFully(begun, header.flip());
    }

    private void write(FileChannel to, Map<String, float[]> vectors) throws IOException {
        for (Map.Entry<String, float[]> entry : vectors.entrySet()) {
            ByteBuffer record = ByteBuffer.allocate(recordLength());
            record.put(HexFormat.of().parseHex(entry.getKey()));
            for (float value : entry.getValue()) {
                record.putFloat(value);
            }
            record.putInt(checksum(record.array(), record.position()));
            writeFully(to, record.flip());
        }
    }

    /** Writes beside the file and moves it there, so that a crash leaves the old or the new one. */
    private void rewrite(Map<String, float[]> vectors) throws IOException {
        FileChannel old = channel.orElseThrow();
        begin(temporary());
        FileChannel fresh = channel.orElseThrow();
        // Half of the bound, so that there is room before the next time.
        long room = (mostBytes / 2 - fresh.size()) / recordLength();
        Map<String, float[]> first = new LinkedHashMap<>();
        vectors.forEach((hash, vector) -> {
            if (first.size() < room) {
                first.put(hash, vector);
            }
        });
        write(fresh, first);
        fresh.force(true);
        Files.move(temporary(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        old.close();
    }

    private Path temporary() {
        return path.resolveSibling(path.getFileName() + ".new");
    }

    private int recordLength() {
        return HASH + 4 * dimension + CHECKSUM;
    }

    private static void writeFully(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    private static LifecycleException failed(String doing, Path path, IOException e) {
        return new LifecycleException(
                doing + " the embedding cache " + path + " failed; check that it can be written", e);
    }
}
