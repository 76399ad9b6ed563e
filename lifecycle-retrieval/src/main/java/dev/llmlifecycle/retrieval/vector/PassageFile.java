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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.retrieval.vector.internal.AtomicFile;
import dev.llmlifecycle.retrieval.vector.internal.Checksums;
import dev.llmlifecycle.retrieval.vector.internal.Decoder;
import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;
import dev.llmlifecycle.retrieval.vector.internal.Disk;
import dev.llmlifecycle.retrieval.vector.internal.Encoder;
import dev.llmlifecycle.retrieval.vector.internal.WritableFile;

/** The file that an index is kept in; {@code docs/reference/index-format.md} describes it. */
final class PassageFile {

    static final String FILE = "passages.index";

    private static final byte[] MAGIC = "LLMPASSG".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int PREAMBLE_BYTES = MAGIC.length + 2 * Integer.BYTES;
    private static final int BLOCK_OVERHEAD = 3 * Integer.BYTES;
    private static final int BLOCK_TARGET = 1 << 20;
    private static final int BLOCK_LIMIT = 1 << 26;

    private static final int HEADER = 1;
    private static final int VECTORS = 2;
    private static final int PASSAGES = 3;
    private static final int END = 4;

    private final Path file;
    private final Identity model;
    private final String corpusId;

    PassageFile(Path directory, Identity model, String corpusId) {
        this.file = directory.resolve(FILE);
        this.model = model;
        this.corpusId = corpusId;
    }

    /** Writes a snapshot beside the old one and then in its place. */
    void write(Snapshot snapshot) {
        try {
            AtomicFile.write(Disk.local(), file, out -> new Writer(out).write(snapshot));
        } catch (IOException e) {
            throw new LifecycleException(
                    "Writing the index " + file + " failed, the old one still stands; check space and permissions", e);
        }
    }

    /** Removes what a process that was killed while it wrote has left. */
    void discardHalfWritten() {
        Path temporary = AtomicFile.temporary(file);
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new LifecycleException("Removing " + temporary + " failed; check its permissions", e);
        }
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Reads and checks the whole file, or returns nothing when there is none. */
    Optional<Snapshot> read() {
        if (!exists()) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return Optional.of(new Reader(channel).read());
        } catch (IOException e) {
            throw new LifecycleException("Reading the index " + file + " failed; check its permissions", e);
        }
    }

    /** Writes one file. */
    private final class Writer {

        private final WritableFile out;
        private int blocks;

        Writer(WritableFile out) {
            this.out = out;
        }

        void write(Snapshot snapshot) throws IOException {
            Map<Hash, Integer> rows = new LinkedHashMap<>();
            List<EmbeddedText> texts = new ArrayList<>();
            for (IndexedPassage passage : snapshot.passages()) {
                row(passage.whole(), rows, texts);
                passage.sentences().forEach(sentence -> row(sentence, rows, texts));
            }
            out.append(new Encoder().bytes(MAGIC).u32(VERSION).checksum().toByteArray());
            block(
                    HEADER,
                    new Encoder()
                            .string(corpusId)
                            .string(model.name())
                            .string(model.version())
                            .hash(model.configurationHash())
                            .u32(snapshot.dimension())
                            .u32(texts.size())
                            .u32(snapshot.passages().size())
                            .string(snapshot.id()));
            writeVectors(texts);
            writePassages(snapshot.passages(), rows);
            block(END, new Encoder().u32(blocks));
        }

        private void row(EmbeddedText text, Map<Hash, Integer> rows, List<EmbeddedText> texts) {
            if (rows.putIfAbsent(text.key(), rows.size()) == null) {
                texts.add(text);
            }
        }

        private void writeVectors(List<EmbeddedText> texts) throws IOException {
            Encoder items = new Encoder();
            int count = 0;
            for (EmbeddedText text : texts) {
                items.hash(text.key()).vector(text.vector());
                count++;
                if (items.size() >= BLOCK_TARGET) {
                    items(VECTORS, count, items);
                    items = new Encoder();
                    count = 0;
                }
            }
            items(VECTORS, count, items);
        }

        private void writePassages(List<IndexedPassage> passages, Map<Hash, Integer> rows) throws IOException {
            Encoder items = new Encoder();
            int count = 0;
            for (IndexedPassage passage : passages) {
                items.string(passage.id())
                        .string(passage.segment().text())
                        .metadata(passage.segment().metadata())
                        .u32(position(passage.whole(), rows))
                        .u32(passage.sentences().size());
                for (EmbeddedText sentence : passage.sentences()) {
                    items.u32(position(sentence, rows));
                }
                count++;
                if (items.size() >= BLOCK_TARGET) {
                    items(PASSAGES, count, items);
                    items = new Encoder();
                    count = 0;
                }
            }
            items(PASSAGES, count, items);
        }

        private static int position(EmbeddedText text, Map<Hash, Integer> rows) {
            return rows.getOrDefault(text.key(), -1);
        }

        private void items(int kind, int count, Encoder items) throws IOException {
            if (count > 0) {
                block(kind, new Encoder().u32(count).bytes(items.toByteArray()));
            }
        }

        private void block(int kind, Encoder payload) throws IOException {
            if (payload.size() > BLOCK_LIMIT) {
                throw new LifecycleException("Writing the index " + file + " failed: a passage takes " + payload.size()
                        + " bytes; split documents into smaller passages");
            }
            out.append(new Encoder()
                    .u32(kind)
                    .u32(payload.size())
                    .bytes(payload.toByteArray())
                    .checksum()
                    .toByteArray());
            blocks++;
        }
    }

    private record Header(int dimension, int texts, int passages, String snapshotId) {}

    /** Reads one file. */
    private final class Reader {

        private final FileChannel channel;
        private final long size;
        private long position;
        private int kind;

        Reader(FileChannel channel) throws IOException {
            this.channel = channel;
            this.size = channel.size();
        }

        Snapshot read() throws IOException {
            try {
                return readAll();
            } catch (FormatProblem e) {
                throw new DamagedDataException(
                        file.toString(), "byte " + position, e.problem(), "delete the directory and ingest again", e);
            }
        }

        private Snapshot readAll() throws IOException, FormatProblem {
            readPreamble();
            Header header = readHeader(block());
            List<EmbeddedText> texts = new ArrayList<>();
            List<IndexedPassage> passages = new ArrayList<>();
            int blocks = 1;
            Decoder block = block();
            while (kind == VECTORS) {
                int count = block.count(Decoder.HASH_BYTES + header.dimension() * Float.BYTES);
                for (int i = 0; i < count; i++) {
                    texts.add(new EmbeddedText(block.hash(), block.vector(header.dimension())));
                }
                block = next(block);
                blocks++;
            }
            requireCount("vectors", header.texts(), texts.size());
            while (kind == PASSAGES) {
                int count = block.count(1);
                for (int i = 0; i < count; i++) {
                    passages.add(readPassage(block, texts));
                }
                block = next(block);
                blocks++;
            }
            requireCount("passages", header.passages(), passages.size());
            if (kind != END) {
                throw new FormatProblem("a block of unknown kind " + kind);
            }
            requireCount("blocks", block.u32(), blocks);
            block.requireEnd();
            if (position + length(block) != size) {
                throw new FormatProblem("the file goes on after its end");
            }
            Snapshot snapshot = new Snapshot(passages);
            if (!snapshot.id().equals(header.snapshotId())) {
                throw new FormatProblem("the content is not the one that was written");
            }
            return snapshot;
        }

        private int length(Decoder block) {
            return block.length() + BLOCK_OVERHEAD;
        }

        private void readPreamble() throws IOException, FormatProblem {
            byte[] preamble = bytes(PREAMBLE_BYTES);
            if (!Arrays.equals(preamble, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
                throw new FormatProblem("this is no passage index");
            }
            Decoder decoder = new Decoder(Arrays.copyOfRange(preamble, MAGIC.length, PREAMBLE_BYTES));
            int version = decoder.u32();
            if (decoder.u32() != Checksums.of(preamble, 0, PREAMBLE_BYTES - Integer.BYTES)) {
                throw new FormatProblem("the checksum does not fit");
            }
            if (version != VERSION) {
                throw new LifecycleException("Opening the index " + file + " failed: its format version is "
                        + version + " and this library reads " + VERSION
                        + "; delete the directory and ingest again, or use the library that wrote it");
            }
            position = PREAMBLE_BYTES;
        }

        private Header readHeader(Decoder block) throws FormatProblem {
            if (kind != HEADER) {
                throw new FormatProblem("the header is missing");
            }
            String corpus = block.string();
            Identity writer = identity(block);
            Header header = new Header(block.u32(), block.u32(), block.u32(), block.string());
            block.requireEnd();
            if (header.dimension() < 0 || header.dimension() > BLOCK_LIMIT / Float.BYTES) {
                throw new FormatProblem("a dimension of " + header.dimension());
            }
            if (!writer.equals(model)) {
                throw new LifecycleException("Opening the index " + file + " failed: its vectors are from the model "
                        + writer + " but " + model
                        + " was given; use that model, or delete the directory and ingest again");
            }
            if (!corpus.equals(corpusId)) {
                throw new LifecycleException("Opening the index " + file + " failed: it holds the corpus '" + corpus
                        + "' but '" + corpusId + "' was asked for; use another directory for each corpus");
            }
            position += length(block);
            return header;
        }

        private static Identity identity(Decoder block) throws FormatProblem {
            String name = block.string();
            String version = block.string();
            Hash configuration = block.hash();
            if (name.isBlank() || version.isBlank()) {
                throw new FormatProblem("a model without a name");
            }
            return new Identity(name, version, configuration);
        }

        private IndexedPassage readPassage(Decoder block, List<EmbeddedText> texts) throws FormatProblem {
            String id = block.string();
            String text = block.string();
            Metadata metadata = block.metadata();
            if (id.isBlank() || text.isBlank()) {
                throw new FormatProblem("a passage without id or text");
            }
            EmbeddedText whole = text(block.u32(), texts);
            List<EmbeddedText> sentences = new ArrayList<>();
            int count = block.count(Integer.BYTES);
            for (int i = 0; i < count; i++) {
                sentences.add(text(block.u32(), texts));
            }
            return new IndexedPassage(id, TextSegment.from(text, metadata), whole, sentences);
        }

        private static EmbeddedText text(int row, List<EmbeddedText> texts) throws FormatProblem {
            if (row < 0 || row >= texts.size()) {
                throw new FormatProblem("vector " + row + " of " + texts.size());
            }
            return texts.get(row);
        }

        private static void requireCount(String what, int expected, int found) throws FormatProblem {
            if (expected != found) {
                throw new FormatProblem(expected + " " + what + " expected but " + found + " found");
            }
        }

        private Decoder next(Decoder block) throws IOException, FormatProblem {
            block.requireEnd();
            position += length(block);
            return block();
        }

        /** Reads and checks the block at the position, which stays at its start. */
        private Decoder block() throws IOException, FormatProblem {
            Decoder start = new Decoder(bytes(2 * Integer.BYTES));
            kind = start.u32();
            int length = start.u32();
            if (length < 0 || length > BLOCK_LIMIT) {
                throw new FormatProblem("a block of " + Integer.toUnsignedString(length) + " bytes");
            }
            byte[] block = bytes(length + BLOCK_OVERHEAD);
            int content = block.length - Integer.BYTES;
            if (new Decoder(Arrays.copyOfRange(block, content, block.length)).u32()
                    != Checksums.of(block, 0, content)) {
                throw new FormatProblem("the checksum does not fit");
            }
            return new Decoder(Arrays.copyOfRange(block, 2 * Integer.BYTES, content));
        }

        private byte[] bytes(int length) throws IOException, FormatProblem {
            if (length > size - position) {
                throw new FormatProblem(
                        "the file ends after " + (size - position) + " of " + length + " bytes, it was cut off");
            }
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new FormatProblem("the file became shorter while it was read");
                }
            }
            return buffer.array();
        }
    }
}
