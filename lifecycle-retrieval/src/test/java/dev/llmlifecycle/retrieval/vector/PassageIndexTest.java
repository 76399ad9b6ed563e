package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@NullMarked
class PassageIndexTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final TrigramModel model = new TrigramModel();

    @Nested
    class Ingesting {

        @Test
        void embedsOnlyWhatIsNewAndNothingTwice() {
            try (PassageIndex index = index().build()) {
                IngestionReport first = index.ingest(List.of(
                        document("a.md", "Same sentence. Refunds take five days."),
                        document("b.md", "Same sentence. Parcels leave at noon.")));
                assertThat(first.passages()).isEqualTo(2);
                assertThat(first.added()).isEqualTo(2);
                // Two passages and three sentences, of which one occurs twice.
                assertThat(first.embedded()).isEqualTo(5);
                assertThat(model.asked).hasSize(5).doesNotHaveDuplicates();

                IngestionReport second = index.ingest(List.of(
                        document("b.md", "Same sentence. Parcels leave at noon."),
                        document("c.md", "The warranty is ten years.")));
                assertThat(second.added()).isEqualTo(1);
                assertThat(second.removed()).isEqualTo(1);
                assertThat(second.embedded()).isEqualTo(1);
                assertThat(second.reused()).isEqualTo(3);
                assertThat(second.snapshotId()).isEqualTo(index.snapshotId()).isNotEqualTo(first.snapshotId());
                assertThat(index.size()).isEqualTo(2);

                assertThat(index.ingest(List.of(
                                        document("b.md", "Same sentence. Parcels leave at noon."),
                                        document("c.md", "The warranty is ten years.")))
                                .snapshotId())
                        .isEqualTo(second.snapshotId());
            }
        }

        @Test
        void touchesOnlyWhatWasChangedAddedRemovedOrRenamed(@TempDir Path folder) throws IOException {
            for (String name : List.of("same", "changed", "removed", "old-name")) {
                Files.writeString(folder.resolve(name + ".md"), "# About " + name + "\n\nThe words of " + name + ".");
            }
            try (PassageIndex index = index().build()) {
                assertThat(index.ingest(DocumentFolder.open(folder)).changes())
                        .isEqualTo(new DocumentChanges(4, 0, 0, 0, 0));
                List<String> before = ids(index);
                model.asked.clear();
                Files.writeString(folder.resolve("changed.md"), "# About changed\n\nOther words.");
                Files.writeString(folder.resolve("added.md"), "# About added\n\nThe words of added.");
                Files.delete(folder.resolve("removed.md"));
                Files.move(folder.resolve("old-name.md"), folder.resolve("new-name.md"));

                IngestionReport report = index.ingest(DocumentFolder.open(folder));

                assertThat(report.changes()).isEqualTo(new DocumentChanges(1, 1, 1, 1, 1));
                assertThat(model.asked)
                        .containsExactlyInAnyOrder(
                                "About changed\nOther words.",
                                "Other words.",
                                "About added\nThe words of added.",
                                "The words of added.");
                assertThat(ids(index)).filteredOn(before::contains).hasSize(1);
                model.asked.clear();
                assertThat(index.ingest(DocumentFolder.open(folder)).changes())
                        .isEqualTo(new DocumentChanges(0, 0, 0, 0, 4));
                assertThat(model.asked).isEmpty();
            }
        }

        @Test
        void keepsIdsWhenOtherPartsOfADocumentChange() {
            try (PassageIndex index = index().build()) {
                index.ingest(List.of(document("a.md", "# A\n\nFirst.\n\n# B\n\nSecond.\n\n# B\n\nSecond.")));
                List<String> before = ids(index);
                index.ingest(List.of(document("a.md", "# New\n\nAdded.\n\n# B\n\nSecond.\n\n# B\n\nSecond.")));

                assertThat(before).hasSize(3).doesNotHaveDuplicates().allMatch(id -> id.startsWith("a.md#"));
                assertThat(ids(index))
                        .hasSize(3)
                        .containsAll(before.stream()
                                .filter(id -> id.replaceFirst("-2$", "").equals(duplicated(before)))
                                .toList());
            }
        }

        private String duplicated(List<String> ids) {
            return ids.stream()
                    .filter(id -> id.endsWith("-2"))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst("-2$", "");
        }

        @Test
        void tellsHowFarItIs() {
            List<IngestProgress> steps = new ArrayList<>();
            try (PassageIndex index =
                    index().progress(steps::add).sentenceVectors(false).build()) {
                index.ingest(IntStream.range(0, 100)
                        .mapToObj(i -> document(i + ".md", "Text number " + i))
                        .toList());
            }
            assertThat(steps.get(0)).isEqualTo(new IngestProgress(0, 100));
            assertThat(steps.get(steps.size() - 1)).isEqualTo(new IngestProgress(100, 100));
            assertThat(steps).isSortedAccordingTo(Comparator.comparingInt(IngestProgress::embedded));
        }

        @Test
        void refusesDocumentsWithoutASourceAndTwinsWithOneSource() {
            try (PassageIndex index = index().build()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.ingest(List.of(Document.from("text"))))
                        .withMessage("a document to ingest has no metadata 'source';"
                                + " name where it comes from, for citations");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.ingest(List.of(document("a.md", "x"), document("a.md", "x"))))
                        .withMessageContaining("two documents to ingest have the source 'a.md'");
            }
        }

        @Test
        void aFailureChangesNothingAndSaysWhatToDo() {
            AtomicInteger calls = new AtomicInteger();
            EmbeddingModel failing = failingAfter(calls, 1);
            try (PassageIndex index =
                    PassageIndex.builder(failing, TrigramModel.IDENTITY).build()) {
                index.ingest(List.of(document("a.md", "First.")));
                String before = index.snapshotId();
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> index.ingest(List.of(document("b.md", "Second."))))
                        .withMessage("Embedding 1 texts failed; check the embedding model and ingest again")
                        .withCauseInstanceOf(IllegalStateException.class);
                assertThat(index.snapshotId()).isEqualTo(before);
            }
        }

        @Test
        void passesErrorsOfTheModelOn() {
            EmbeddingModel broken = batches(segments -> {
                throw new NoClassDefFoundError("onnx");
            });
            try (PassageIndex index =
                    PassageIndex.builder(broken, TrigramModel.IDENTITY).build()) {
                assertThatExceptionOfType(NoClassDefFoundError.class)
                        .isThrownBy(() -> index.ingest(List.of(document("a.md", "First."))));
            }
        }

        @Test
        void refusesVectorsThatCannotBe() {
            assertThatFails(batches(segments -> List.of()), "gave 0 vectors");
            assertThatFails(
                    batches(segments -> segments.stream()
                            .map(segment -> Embedding.from(new float[] {Float.NaN}))
                            .toList()),
                    "Embedding 3 texts failed");
            assertThatFails(
                    batches(segments -> segments.stream()
                            .map(segment ->
                                    Embedding.from(new float[segment.text().length()]))
                            .toList()),
                    "give each model an identity of its own");
        }

        private void assertThatFails(EmbeddingModel broken, String message) {
            try (PassageIndex index =
                    PassageIndex.builder(broken, TrigramModel.IDENTITY).build()) {
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> index.ingest(List.of(document("a.md", "First. Second one."))))
                        .satisfies(
                                e -> assertThat(e.getMessage() + e.getCause()).contains(message));
                assertThat(index.size()).isZero();
            }
        }

        @Test
        void anInterruptOrCloseEndsIt() throws Exception {
            CountDownLatch embedding = new CountDownLatch(1);
            EmbeddingModel slow = batches(segments -> {
                embedding.countDown();
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
                return List.of();
            });
            List<Document> many = IntStream.range(0, 500)
                    .mapToObj(i -> document(i + ".md", "Text number " + i))
                    .toList();
            PassageIndex index =
                    PassageIndex.builder(slow, TrigramModel.IDENTITY).build();
            CompletableFuture<IngestionReport> running =
                    CompletableFuture.supplyAsync(() -> index.ingest(many), task -> new Thread(task).start());
            assertThat(embedding.await(10, TimeUnit.SECONDS)).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> index.ingest(many))
                    .withMessage("this index is ingesting already; wait until it is done");
            index.close();
            assertThat(running)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(LifecycleException.class);

            try (PassageIndex other =
                    PassageIndex.builder(slow, TrigramModel.IDENTITY).build()) {
                Thread.currentThread().interrupt();
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> other.ingest(many))
                        .withMessageContaining("was stopped before its end");
                assertThat(Thread.interrupted()).isTrue();
            }
        }

        @Test
        void readsAFolder(@TempDir Path folder) throws IOException {
            Files.writeString(folder.resolve("a.md"), "# Refunds\n\nFive days.");
            Files.writeString(folder.resolve("b.bin"), "x");
            try (PassageIndex index = index().build()) {
                IngestionReport report = index.ingest(DocumentFolder.open(folder));

                assertThat(report.documents()).isEqualTo(1);
                assertThat(report.skipped()).hasSize(1);
                Passage passage = ask(index.retriever(), "refunds").passages().get(0);
                assertThat(passage.text()).isEqualTo("Five days.");
                assertThat(passage.heading()).contains("Refunds");
                assertThat(passage.title()).contains("Refunds");
            }
        }
    }

    @Nested
    class Retrieving {

        @Test
        void honoursTheDeadlineBeforeAndAfterEmbedding() {
            AtomicInteger reads = new AtomicInteger();
            Clock clock = new Clock() {
                @Override
                public Instant instant() {
                    return NOW.plusSeconds(reads.getAndIncrement());
                }

                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            };
            try (PassageIndex index = index().clock(clock).build()) {
                index.ingest(List.of(document("a.md", "Refunds take five days.")));
                Retriever retriever = index.retriever();
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> retriever.retrieve(until(NOW)))
                        .withMessage("Retrieving ran out of time before embedding the question: the deadline was"
                                + " 2026-03-01T12:00:00Z; allow more time or use a faster embedding model");
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> retriever.retrieve(until(NOW.plusSeconds(2))))
                        .withMessageContaining("before searching the index");
                assertThat(retriever.retrieve(until(NOW.plusSeconds(60))).passages())
                        .hasSize(1);
            }
        }

        private RetrievalRequest until(Instant deadline) {
            return new RetrievalRequest("refunds", Optional.empty(), Optional.empty(), Optional.of(deadline));
        }

        @Test
        void limitsPassagesAndScores() {
            try (PassageIndex index = index().build()) {
                index.ingest(List.of(
                        document("a.md", "Refunds take five days."),
                        document("b.md", "Refunds of gift cards take ten days."),
                        document("c.md", "Zebras.")));
                assertThat(ask(index.retrieverBuilder().maxPassages(1).build(), "Refunds take five days.")
                                .passages())
                        .extracting(Passage::source)
                        .containsExactly("a.md");
                List<Passage> all =
                        ask(index.retriever(), "Refunds take five days.").passages();
                assertThat(all).hasSize(3);
                assertThat(all.get(0).score()).isBetween(0.99, 1.000001);
                assertThat(ask(index.retrieverBuilder().minimumScore(0.5).build(), "Refunds take five days.")
                                .passages())
                        .extracting(Passage::source)
                        .doesNotContain("c.md");
            }
        }

        @Test
        void returnsEachParentOnceForTheChildrenItFinds() {
            try (PassageIndex index = index().splitter(
                            Chunkers.parentChild(Chunkers.byStructure(200), Chunkers.bySentences(40, 0)))
                    .build()) {
                index.ingest(List.of(
                        document("a.md", "Refunds take five days. Refunds of gift cards take ten days."),
                        document("b.md", "Zebras.")));

                List<Passage> found = ask(
                                index.retrieverBuilder()
                                        .parents(true)
                                        .maxPassages(2)
                                        .build(),
                                "Refunds take five days.")
                        .passages();
                assertThat(found)
                        .extracting(Passage::text)
                        .containsExactly("Refunds take five days. Refunds of gift cards take ten days.", "Zebras.");
                assertThat(found.get(0).id()).isEqualTo("a.md#0-60");
                assertThat(found.get(0).score()).isBetween(0.99, 1.000001);
                assertThat(found.get(0).segment().metadata().toMap())
                        .containsEntry(Chunkers.END, 60)
                        .doesNotContainKey(Chunkers.PARENT_TEXT);
            }
        }

        @Test
        void theIdentityCoversTheConfiguration() {
            try (PassageIndex index = index().corpusId("help").build()) {
                Identity plain = index.retriever().identity();
                assertThat(index.retrieverBuilder().build().identity()).isEqualTo(plain);
                assertThat(List.of(
                                index.retrieverBuilder().maxPassages(3).build().identity(),
                                index.retrieverBuilder()
                                        .minimumScore(0.1)
                                        .build()
                                        .identity(),
                                index.retrieverBuilder()
                                        .sentenceWeight(0)
                                        .build()
                                        .identity(),
                                index.retrieverBuilder()
                                        .lexicalWeight(0)
                                        .build()
                                        .identity(),
                                index.retrieverBuilder().parents(true).build().identity()))
                        .doesNotContain(plain)
                        .doesNotHaveDuplicates();
                assertThat(index.retriever().corpusId()).isEqualTo("help");
            }
        }

        @Test
        void callersCannotChangeTheIndexThroughMetadata() {
            try (PassageIndex index = index().build()) {
                index.ingest(List.of(document("a.md", "Refunds take five days.")));
                ask(index.retriever(), "refunds")
                        .passages()
                        .get(0)
                        .segment()
                        .metadata()
                        .put("source", "evil.md");
                assertThat(ask(index.retriever(), "refunds").passages().get(0).source())
                        .isEqualTo("a.md");
            }
        }

        @Test
        void usesTheGraphFromTheThresholdOnAndEveryVectorForFilters() {
            try (PassageIndex index =
                    index().graphThreshold(200).sentenceVectors(false).build()) {
                index.ingest(IntStream.range(0, 300)
                        .mapToObj(i -> document(i + ".md", "Product " + i + " is number " + (i * 7919) % 1000))
                        .toList());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> index.snapshot().hasGraph());
                Retriever retriever = index.retrieverBuilder().lexicalWeight(0).build();
                for (int i = 0; i < 300; i += 10) {
                    String text = "Product " + i + " is number " + (i * 7919) % 1000;
                    assertThat(ask(retriever, text).passages().get(0).text()).isEqualTo(text);
                }
                assertThat(retriever
                                .retrieve(new RetrievalRequest(
                                        "Product 5",
                                        Optional.of(metadataKey("source").isEqualTo("299.md")),
                                        Optional.empty(),
                                        Optional.empty()))
                                .passages())
                        .extracting(Passage::source)
                        .containsExactly("299.md");
            }
        }

        @Test
        void staysExactWhenTheExecutorRefusesTheGraph() {
            AtomicInteger tasks = new AtomicInteger();
            try (PassageIndex index = index().graphThreshold(1)
                    .executor(task -> {
                        if (tasks.incrementAndGet() > 1) {
                            throw new RejectedExecutionException("full");
                        }
                        task.run();
                    })
                    .build()) {
                index.ingest(List.of(document("a.md", "Refunds take five days.")));
                assertThat(index.snapshot().hasGraph()).isFalse();
                assertThat(ask(index.retriever(), "refunds").passages()).hasSize(1);
            }
        }

        @Test
        void saysWhenTheModelFailsOrIsAnother() {
            AtomicInteger dimension = new AtomicInteger(3);
            EmbeddingModel changing = batches(segments -> segments.stream()
                    .map(segment -> Embedding.from(new float[dimension.get()]))
                    .toList());
            try (PassageIndex index =
                    PassageIndex.builder(changing, TrigramModel.IDENTITY).build()) {
                index.ingest(List.of(document("a.md", "Refunds take five days.")));
                dimension.set(4);
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> ask(index.retriever(), "refunds"))
                        .withMessage("Embedding a question gave 4 dimensions but the index has 3;"
                                + " use the model that the index was made with");
                dimension.set(-1);
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> ask(index.retriever(), "refunds"))
                        .withMessageContaining("check the embedding model");
            }
        }
    }

    @Nested
    class Building {

        @Test
        void refusesOptionsOutOfRange() {
            assertThatIllegalArgumentException().isThrownBy(() -> index().corpusId(" "));
            assertThatIllegalArgumentException().isThrownBy(() -> index().graphThreshold(0));
            try (PassageIndex index = index().sentenceVectors(false).build()) {
                var retriever = index.retrieverBuilder();
                assertThatIllegalArgumentException().isThrownBy(() -> retriever.maxPassages(0));
                assertThatIllegalArgumentException().isThrownBy(() -> retriever.maxPassages(1001));
                assertThatIllegalArgumentException().isThrownBy(() -> retriever.minimumScore(Double.NaN));
                assertThatIllegalArgumentException().isThrownBy(() -> retriever.lexicalWeight(-1));
                assertThatIllegalStateException()
                        .isThrownBy(() -> retriever.sentenceWeight(1))
                        .withMessageContaining("has no sentence vectors");
            }
        }

        @Test
        void isOfNoUseAfterClose() {
            PassageIndex index = index().build();
            Retriever retriever = index.retriever();
            index.close();
            index.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> ask(retriever, "refunds"))
                    .withMessage("the passage index is closed; build a new one");
            assertThatIllegalStateException().isThrownBy(() -> index.ingest(List.of()));
        }
    }

    private PassageIndex.Builder index() {
        return PassageIndex.builder(model, TrigramModel.IDENTITY);
    }

    private static List<String> ids(PassageIndex index) {
        return index.snapshot().passages().stream().map(IndexedPassage::id).toList();
    }

    private static Retrieval ask(Retriever retriever, String question) {
        return retriever.retrieve(RetrievalRequest.of(question));
    }

    private static Document document(String source, String text) {
        return Document.from(text, Metadata.from(Passage.SOURCE, source));
    }

    private interface Batch {
        List<Embedding> embed(List<TextSegment> segments);
    }

    private static EmbeddingModel batches(Batch batch) {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(batch.embed(segments));
            }
        };
    }

    private EmbeddingModel failingAfter(AtomicInteger calls, int allowed) {
        return batches(segments -> {
            if (calls.incrementAndGet() > allowed) {
                throw new IllegalStateException("quota");
            }
            return model.embedAll(segments).content();
        });
    }
}
