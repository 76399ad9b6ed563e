package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.vector.internal.Encoder;
import dev.llmlifecycle.retrieval.vector.internal.WriterLock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class PassageFileTest {

    private static final List<Document> HELP = List.of(
            Document.from(
                    "# Refunds\n\nRefunds take five days. Really.",
                    Metadata.from(Passage.SOURCE, "refunds.md")
                            .put("long", 1L << 40)
                            .put("float", 0.5f)
                            .put("double", -0.25)
                            .put("uuid", UUID.fromString("00000000-0000-0001-0000-000000000002"))),
            Document.from("Parcels leave at noon. \uD83D\uDE00", Metadata.from(Passage.SOURCE, "parcels.md")));

    @TempDir
    Path directory;

    private final TrigramModel model = new TrigramModel(8);

    @Test
    void opensAsItWasWithoutEmbeddingAgain() {
        Retrieval before;
        try (PassageIndex index = open()) {
            index.ingest(HELP);
            before = index.retriever().retrieve(RetrievalRequest.of("refunds"));
        }
        model.asked.clear();
        try (PassageIndex index = open()) {
            assertThat(index.retriever().retrieve(RetrievalRequest.of("refunds")))
                    .isEqualTo(before);
            IngestionReport again = index.ingest(HELP);
            assertThat(again.embedded()).isZero();
            assertThat(again.added() + again.removed()).isZero();
        }
        assertThat(model.asked).containsExactly("refunds");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder(PassageFile.FILE, PassageIndex.LOCK_FILE);
    }

    @Test
    void keepsManyBlocks() {
        List<Document> many = IntStream.range(0, 1500)
                .mapToObj(i -> Document.from(
                        "Text number " + i + " " + "long ".repeat(300), Metadata.from(Passage.SOURCE, i + ".md")))
                .toList();
        String snapshotId;
        try (PassageIndex index = open()) {
            snapshotId = index.ingest(many).snapshotId();
        }
        try (PassageIndex index = open()) {
            assertThat(index.snapshotId()).isEqualTo(snapshotId);
        }
    }

    @Test
    void keepsAnEmptyIndex() {
        try (PassageIndex index = open()) {
            index.ingest(List.of());
        }
        assertThat(file()).exists();
        try (PassageIndex index = open()) {
            assertThat(index.size()).isZero();
        }
    }

    @Test
    void noticesAFileThatWasCutAnywhere() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("cut to %d of %d bytes", length, whole.length)
                    .isThrownBy(() -> open().close())
                    .withMessageEndingWith("; delete the directory and ingest again")
                    .satisfies(e -> assertThat(e.source()).isEqualTo(file().toString()));
        }
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> open().close())
                .withMessageContaining("the file goes on after its end");
    }

    @Test
    void noticesAnyFlippedBit() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(file());
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << (i % 8));
            Files.write(file(), flipped);
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("bit flipped in byte %d", i)
                    .isThrownBy(() -> open().close());
        }
    }

    @Test
    void refusesRandomBytes() throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            Files.write(file(), bytes);
            assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> open().close());
        }
    }

    @Test
    void namesTheVersionThatItCannotRead() throws IOException {
        byte[] preamble = new Encoder()
                .bytes("LLMPASSG".getBytes(StandardCharsets.US_ASCII))
                .u32(2)
                .toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(preamble);
        Files.write(
                file(), new Encoder().bytes(preamble).u32((int) crc.getValue()).toByteArray());

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> open().close())
                .withMessage(
                        "Opening the index " + file() + " failed: its format version is 2 and this library reads 1;"
                                + " delete the directory and ingest again, or use the library that wrote it");
    }

    @Test
    void refusesAnotherModelOrCorpus() {
        write();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> PassageIndex.builder(model, Identity.of("other", "1"))
                        .directory(directory)
                        .build())
                .withMessageContaining("its vectors are from the model trigrams:1@")
                .withMessageContaining("but other:1@")
                .withMessageEndingWith("use that model, or delete the directory and ingest again");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> PassageIndex.builder(model, TrigramModel.IDENTITY)
                        .directory(directory)
                        .corpusId("other")
                        .build())
                .withMessageContaining("it holds the corpus 'default' but 'other' was asked for");
    }

    @Test
    void aCrashWhileWritingLeavesTheOldIndex() throws IOException {
        String before = write();
        Files.write(directory.resolve("passages.index.tmp"), new byte[] {1, 2, 3});
        try (PassageIndex index = open()) {
            assertThat(index.snapshotId()).isEqualTo(before);
            index.ingest(List.of(HELP.get(1)));
            assertThat(index.size()).isEqualTo(1);
        }
        assertThat(directory.resolve("passages.index.tmp")).doesNotExist();
    }

    @Test
    void anotherTryGoesOnFromTheVectorsAlreadyPaidFor() throws IOException {
        List<Document> many = IntStream.range(0, 200)
                .mapToObj(i -> Document.from("Text number " + i, Metadata.from(Passage.SOURCE, i + ".md")))
                .toList();
        AtomicInteger batches = new AtomicInteger();
        EmbeddingModel failing = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                if (batches.incrementAndGet() > 3) {
                    throw new IllegalStateException("quota");
                }
                return model.embedAll(segments);
            }
        };
        PassageIndex.Builder builder = PassageIndex.builder(failing, TrigramModel.IDENTITY)
                .directory(directory)
                .executor(Runnable::run);
        try (PassageIndex index = builder.build()) {
            assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> index.ingest(many));
        }
        Path journal = directory.resolve(EmbeddingJournal.FILE);
        assertThat(journal).exists();
        assertThat(file()).doesNotExist();
        // A crash tears the last record.
        try (RandomAccessFile tear = new RandomAccessFile(journal.toFile(), "rw")) {
            tear.setLength(tear.length() - 7);
        }
        model.asked.clear();
        try (PassageIndex index = open()) {
            index.ingest(many);
            assertThat(index.size()).isEqualTo(200);
        }
        assertThat(model.asked).hasSize(200 - 3 * 32 + 1);
        assertThat(journal).doesNotExist();
    }

    @Test
    void aJournalOfAnotherModelOrADamagedOneIsStartedAnew() throws IOException {
        List<EmbeddedText> texts = List.of(
                new EmbeddedText(Hash.ofUtf8("a"), new float[] {1, 0}),
                new EmbeddedText(Hash.ofUtf8("b"), new float[] {0, 1}));
        try (EmbeddingJournal journal = EmbeddingJournal.open(directory, TrigramModel.IDENTITY)) {
            journal.append(texts);
        }
        byte[] whole = Files.readAllBytes(directory.resolve(EmbeddingJournal.FILE));
        for (int length = 0; length <= whole.length; length++) {
            Files.write(directory.resolve(EmbeddingJournal.FILE), Arrays.copyOf(whole, length));
            try (EmbeddingJournal journal = EmbeddingJournal.open(directory, TrigramModel.IDENTITY)) {
                int kept = journal.kept().size();
                assertThat(kept)
                        .as("cut to %d", length)
                        .isEqualTo(length < whole.length - 44 ? 0 : length < whole.length ? 1 : 2);
                journal.append(texts.subList(kept, 2));
            }
            try (EmbeddingJournal journal = EmbeddingJournal.open(directory, TrigramModel.IDENTITY)) {
                assertThat(journal.kept()).as("cut to %d", length).hasSize(2);
            }
        }
        try (EmbeddingJournal journal = EmbeddingJournal.open(directory, Identity.of("other", "1"))) {
            assertThat(journal.kept()).isEmpty();
        }
        assertThat(directory.resolve(EmbeddingJournal.FILE)).isEmptyFile();
    }

    @Test
    void oneWriterAtATime() throws IOException {
        write();
        try (PassageIndex index = open();
                WriterLock lock = WriterLock.acquire(directory.resolve(PassageIndex.LOCK_FILE), Duration.ZERO)) {
            assertThat(lock).isNotNull();
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> index.ingest(HELP))
                    .withMessage("Locking " + directory.resolve(PassageIndex.LOCK_FILE)
                            + " failed: another index of this process has been writing there since "
                            + Files.getLastModifiedTime(directory.resolve(PassageIndex.LOCK_FILE))
                            + "; wait until it is done or use another directory");
            assertThat(index.size()).isEqualTo(2);
        }
    }

    @Test
    void waitsForAnotherWriterAsLongAsItIsTold() throws Exception {
        write();
        try (PassageIndex index = PassageIndex.builder(model, TrigramModel.IDENTITY)
                .directory(directory)
                .lockTimeout(Duration.ofSeconds(30))
                .build()) {
            WriterLock other = WriterLock.acquire(directory.resolve(PassageIndex.LOCK_FILE), Duration.ZERO);
            CompletableFuture<IngestionReport> waiting =
                    CompletableFuture.supplyAsync(() -> index.ingest(HELP), task -> new Thread(task).start());
            assertThat(waiting).isNotDone();
            other.close();
            assertThat(waiting.get(30, TimeUnit.SECONDS).documents()).isPositive();
        }
    }

    @Test
    void refusesANegativePatience() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> PassageIndex.builder(model, TrigramModel.IDENTITY).lockTimeout(Duration.ofSeconds(-1)))
                .withMessage("lockTimeout must not be negative but was PT-1S; zero fails at once");
    }

    @Test
    void takesOverWhatAnotherIndexWroteMeanwhile() {
        try (PassageIndex first = open();
                PassageIndex second = open()) {
            first.ingest(HELP);
            model.asked.clear();
            IngestionReport report = second.ingest(HELP);
            assertThat(report.embedded()).isZero();
            assertThat(model.asked).isEmpty();
            assertThat(second.snapshotId()).isEqualTo(first.snapshotId());
        }
    }

    @Test
    void embedsSentencesWhenTheyAreWantedLater() {
        try (PassageIndex index = PassageIndex.builder(model, TrigramModel.IDENTITY)
                .directory(directory)
                .sentenceVectors(false)
                .build()) {
            index.ingest(HELP);
        }
        try (PassageIndex index = open()) {
            assertThat(index.ingest(HELP).embedded()).isPositive();
        }
        try (PassageIndex index = open()) {
            assertThat(index.ingest(HELP).embedded()).isZero();
            assertThat(index.snapshot().passages())
                    .noneMatch(passage -> passage.sentences().isEmpty());
        }
    }

    @Test
    void saysWhenTheDirectoryCannotBe() throws IOException {
        Path taken = Files.writeString(directory.resolve("file"), "x");
        try (PassageIndex index = PassageIndex.builder(model, TrigramModel.IDENTITY)
                .directory(taken)
                .build()) {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> index.ingest(HELP))
                    .withMessageContaining("Creating the index directory " + taken + " failed");
        }
    }

    private String write() {
        try (PassageIndex index = open()) {
            return index.ingest(HELP).snapshotId();
        }
    }

    private PassageIndex open() {
        return PassageIndex.builder(model, TrigramModel.IDENTITY)
                .directory(directory)
                .executor(Runnable::run)
                .build();
    }

    private Path file() {
        return directory.resolve(PassageFile.FILE);
    }
}
