package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.retrieval.vector.internal.Decoder;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;
import dev.llmlifecycle.retrieval.vector.internal.Encoder;

/**
 * Keeps the vectors of an ingestion that has not ended, so that a second try does not pay for them again.
 *
 * <p>Records are appended, each with a checksum; reading stops at the first that is torn. A journal of another model is
 * started anew. Losing it costs time, never content.
 */
final class EmbeddingJournal implements AutoCloseable {

    static final String FILE = "embeddings.journal";

    private static final byte[] MAGIC = "LLMEMBJ1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = MAGIC.length + Decoder.HASH_BYTES + 2 * Integer.BYTES;
    private static final int LARGEST_DIMENSION = 1 << 20;

    private final Path file;
    private final Hash model;
    private final FileChannel channel;
    private final List<EmbeddedText> kept;

    private EmbeddingJournal(Path file, Hash model, FileChannel channel) throws IOException {
        this.file = file;
        this.model = model;
        this.channel = channel;
        this.kept = readKept();
        if (kept.isEmpty()) {
            channel.truncate(0);
        }
    }

    static EmbeddingJournal open(Path directory, Identity model) {
        Path file = directory.resolve(FILE);
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new EmbeddingJournal(file, Hash.ofCanonicalJson(model.toCanonical()), channel);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Returns what an earlier ingestion left. */
    List<EmbeddedText> kept() {
        return kept;
    }

    void append(List<EmbeddedText> texts) {
        try {
            if (channel.size() == 0) {
                put(new Encoder()
                        .bytes(MAGIC)
                        .hash(model)
                        .u32(texts.get(0).vector().length)
                        .checksum()
                        .toByteArray());
            }
            Encoder records = new Encoder();
            for (EmbeddedText text : texts) {
                records.bytes(new Encoder()
                        .hash(text.key())
                        .vector(text.vector())
                        .checksum()
                        .toByteArray());
            }
            put(records.toByteArray());
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Ends the journal and removes it: its vectors are in the index now. */
    void discard() {
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private List<EmbeddedText> readKept() throws IOException {
        List<EmbeddedText> found = new ArrayList<>();
        long position = HEADER_BYTES;
        try {
            Decoder header = new Decoder(unsealed(0, HEADER_BYTES));
            boolean ours = Arrays.equals(header.bytes(MAGIC.length), MAGIC)
                    && header.hash().equals(model);
            int dimension = header.u32();
            if (!ours || dimension < 1 || dimension > LARGEST_DIMENSION) {
                return List.of();
            }
            int record = Decoder.HASH_BYTES + (dimension + 1) * Float.BYTES;
            while (position < channel.size()) {
                Decoder bytes = new Decoder(unsealed(position, record));
                found.add(new EmbeddedText(bytes.hash(), bytes.vector(dimension)));
                position += record;
            }
        } catch (FormatProblem e) {
            // A torn end is what a crash leaves; all before it is whole.
            channel.truncate(Math.min(position, channel.size()));
        }
        channel.position(channel.size());
        return List.copyOf(found);
    }

    private byte[] unsealed(long position, int length) throws IOException, FormatProblem {
        if (length > channel.size() - position) {
            throw new FormatProblem("torn");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new FormatProblem("torn");
            }
        }
        byte[] content = Arrays.copyOf(buffer.array(), length - Integer.BYTES);
        if (!Arrays.equals(new Encoder().bytes(content).checksum().toByteArray(), buffer.array())) {
            throw new FormatProblem("the checksum does not fit");
        }
        return content;
    }

    private void put(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static LifecycleException failed(Path file, IOException cause) {
        return new LifecycleException(
                "Keeping embeddings in " + file + " failed; check space and permissions of the directory", cause);
    }
}
