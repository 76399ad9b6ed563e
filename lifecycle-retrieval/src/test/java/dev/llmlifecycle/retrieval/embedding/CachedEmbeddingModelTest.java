package dev.llmlifecycle.retrieval.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.embedding.CachedEmbeddingModel.Counts;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

@NullMarked
@Timeout(60)
class CachedEmbeddingModelTest {

    private static final int HEADER = 8 + 4 + 4 + "letters".length() + 4;
    private static final int RECORD = 32 + 3 * 4 + 4;

    @TempDir
    Path folder = Path.of("");

    private final LetterModel model = new LetterModel();

    @Test
    @DisplayName("of a batch only the unknown texts go to the model, each once, and the order is kept")
    void asksOnlyForWhatItDoesNotKnow() {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
        cached.embed("b");

        Response<List<Embedding>> response = cached.embedAll(texts("a", "b", "c", "a"));

        assertThat(model.asked).containsExactly(List.of("b"), List.of("a", "c"));
        assertThat(response.content())
                .containsExactlyElementsOf(
                        model.embedAll(texts("a", "b", "c", "a")).content());
        assertThat(response.tokenUsage()).isEqualTo(new TokenUsage(2));
        assertThat(cached.embedAll(texts("c", "a")).tokenUsage()).isEqualTo(new TokenUsage(0));
        assertThat(cached.counts()).isEqualTo(new Counts(3, 3, 0, 0, 0));
        assertThat(cached.embedAll(List.of()).content()).isEmpty();
        assertThat(cached.dimension()).isEqualTo(3);
        assertThat(cached.modelName()).isEqualTo("letters");
    }

    @Test
    void handsOutCopies() {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
        cached.embed("abc").content().normalize();
        cached.embed("abc").content().vector()[0] = 7;

        assertThat(cached.embed("abc").content()).isEqualTo(model.embed("abc").content());
    }

    @Test
    void tellsTextsApartByEveryCharacter() {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
        for (String text : List.of("a", "A", " a", "a ", "", "\ud800", "\ud801", "a".repeat(100_000))) {
            cached.embedAll(List.of(TextSegment.from(text.isEmpty() ? "-" : text)));
        }
        assertThat(model.asked).hasSize(8);
    }

    @Test
    void refusesParametersThatAVectorWouldDependOn() {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();

        assertThatExceptionOfType(UnsupportedFeatureException.class)
                .isThrownBy(() -> cached.embed(EmbeddingRequest.builder()
                        .textSegment(TextSegment.from("a"))
                        .inputType(EmbeddingInputType.QUERY)
                        .build()));
    }

    @Test
    @DisplayName("a text that another thread is embedding is waited for and not sent twice")
    void waitsForAnotherThread() throws Exception {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
        model.hold = new CountDownLatch(1);
        CompletableFuture<Embedding> first = onThread(cached, "a");
        await().until(() -> model.asked.size() == 1);
        CompletableFuture<Embedding> second = onThread(cached, "a");
        await().until(() -> cached.counts().waits() == 1);
        model.hold.countDown();

        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
        assertThat(model.asked).hasSize(1);
    }

    @Test
    @DisplayName(
            "when the other thread's call fails, who waits asks the model itself, and nothing is kept of the failure")
    void whoWaitsDoesNotFailWithTheOther() throws Exception {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
        model.hold = new CountDownLatch(1);
        model.failing.set(1);
        CompletableFuture<Embedding> first = onThread(cached, "a");
        await().until(() -> model.asked.size() == 1);
        CompletableFuture<Embedding> second = onThread(cached, "a");
        await().until(() -> cached.counts().waits() == 1);
        model.hold.countDown();

        assertThat(second.get(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(first).failsWithin(Duration.ofSeconds(10));
        assertThat(cached.embed("a").content()).isNotNull();
        assertThat(model.asked).hasSize(2);
    }

    @Test
    void keepsToItsMemory() {
        CachedEmbeddingModel cached =
                CachedEmbeddingModel.builder(model).maximumBytes(10_000).build();
        for (int i = 0; i < 1_000; i++) {
            cached.embed("text " + i);
        }
        assertThat(cached.counts().evictions()).isGreaterThan(900);
    }

    @Test
    void refusesWhatAModelMustNotGive() {
        CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
        cached.embed("a");
        model.dimension = 4;
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> cached.embed("b"))
                .withMessage(
                        "Embedding a text with the model 'letters' gave a vector of dimension 4, but those kept for"
                                + " 'letters' have 3; use another cache for another model");
        model.dimension = 3;
        model.value = Float.NaN;
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> cached.embed("c"))
                .withMessageContaining("not finite");
        model.value = 1;
        assertThat(cached.embed("c").content()).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CachedEmbeddingModel.builder(model).maximumBytes(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CachedEmbeddingModel.builder(model).modelName(" "));
    }

    @Test
    @DisplayName("vectors in a file are there for the next process, to the last bit")
    void readsItsFile() {
        try (CachedEmbeddingModel cached = open()) {
            cached.embedAll(texts("a", "b"));
        }
        try (CachedEmbeddingModel cached = open()) {
            assertThat(cached.embedAll(texts("b", "a")).content())
                    .isEqualTo(new LetterModel().embedAll(texts("b", "a")).content());
            assertThat(cached.embed("c").content()).isNotNull();
        }
        try (CachedEmbeddingModel cached = open()) {
            cached.embedAll(texts("a", "b", "c"));
            assertThat(cached.dimension()).isEqualTo(3);
        }
        assertThat(model.asked).containsExactly(List.of("a", "b"), List.of("c"));
    }

    @Test
    @DisplayName("a crash at any byte leaves what was whole, and the file can be written on")
    void survivesACrashAtAnyByte() throws IOException {
        try (CachedEmbeddingModel cached = open()) {
            cached.embedAll(texts("a", "b", "c"));
        }
        byte[] whole = Files.readAllBytes(file());
        assertThat(whole).hasSize(HEADER + 3 * RECORD);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            LetterModel asked = new LetterModel();
            try (CachedEmbeddingModel cached =
                    CachedEmbeddingModel.builder(asked).file(file()).build()) {
                assertThat(cached.embedAll(texts("a", "b", "c")).content())
                        .isEqualTo(model.embedAll(texts("a", "b", "c")).content());
            }
            int left = Math.max(0, (length - HEADER) / RECORD);
            assertThat(asked.asked).as("after %s bytes", length).hasSize(1);
            assertThat(asked.asked.get(0)).as("after %s bytes", length).hasSize(3 - left);
            assertThat(Files.readAllBytes(file())).as("after %s bytes", length).isEqualTo(whole);
        }
    }

    @Test
    @DisplayName("a byte that is wrong is never served: its record is left out, and the others are read")
    void leavesOutDamagedRecords() throws IOException {
        try (CachedEmbeddingModel cached = open()) {
            cached.embedAll(texts("a", "b", "c"));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int position = 0; position < whole.length; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= 0x10;
            Files.write(file(), damaged);
            if (position < HEADER) {
                assertThatExceptionOfType(DamagedDataException.class)
                        .as("byte %s", position)
                        .isThrownBy(this::open);
            } else {
                try (CachedEmbeddingModel cached = open()) {
                    assertThat(cached.counts().damaged())
                            .as("byte %s", position)
                            .isEqualTo(1);
                    assertThat(cached.embedAll(texts("a", "b", "c")).content())
                            .isEqualTo(new LetterModel()
                                    .embedAll(texts("a", "b", "c"))
                                    .content());
                    assertThat(cached.counts().misses()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aFileKeepsToItsBound() throws IOException {
        try (CachedEmbeddingModel cached = CachedEmbeddingModel.builder(model)
                .file(file())
                .maximumFileBytes(2_000)
                .build()) {
            for (int i = 0; i < 500; i++) {
                cached.embed("text " + i);
                assertThat(Files.size(file())).isLessThanOrEqualTo(2_000);
            }
        }
        try (CachedEmbeddingModel cached = open()) {
            assertThat(cached.counts().damaged()).isZero();
            cached.embed("text 1000");
        }
    }

    @Test
    @DisplayName("a file of another model is refused with both names and the dimension")
    void refusesTheFileOfAnotherModel() {
        try (CachedEmbeddingModel cached = open()) {
            cached.embed("a");
        }
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> CachedEmbeddingModel.builder(model)
                        .modelName("words")
                        .file(file())
                        .build())
                .withMessage(
                        "Opening the embedding cache " + file() + " for the model 'words' failed: it has vectors of"
                                + " dimension 3 of the model 'letters'; name another file for another model");
        try (CachedEmbeddingModel cached = open()) {
            model.dimension = 4;
            assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> cached.embed("b"));
        }
        EmbeddingModel nameless = new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return model.embedAll(segments);
            }
        };
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        CachedEmbeddingModel.builder(nameless).file(file()).build())
                .withMessageEndingWith("set modelName");
    }

    @Test
    void oneWritesAtATimeAndAClosedOneGoesOnInMemory() {
        CachedEmbeddingModel first = open();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(this::open)
                .withMessageContaining("another index of this process");
        first.close();
        first.close();
        assertThat(first.embed("z").content()).isNotNull();
        try (CachedEmbeddingModel second = open()) {
            second.embed("z");
        }
        assertThat(model.asked).hasSize(2);
    }

    private Path file() {
        return folder.resolve("embeddings.bin");
    }

    private CachedEmbeddingModel open() {
        return CachedEmbeddingModel.builder(model).file(file()).build();
    }

    private static List<TextSegment> texts(String... texts) {
        List<TextSegment> segments = new ArrayList<>();
        for (String text : texts) {
            segments.add(TextSegment.from(text));
        }
        return segments;
    }

    private static CompletableFuture<Embedding> onThread(EmbeddingModel model, String text) {
        return CompletableFuture.supplyAsync(() -> model.embed(text).content(), task -> new Thread(task).start());
    }

    /** Some numbers of a text; records what it is asked. */
    private static final class LetterModel implements EmbeddingModel {

        private final List<List<String>> asked = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch hold = new CountDownLatch(0);
        private final AtomicInteger failing = new AtomicInteger();
        private volatile int dimension = 3;
        private volatile float value = 1;

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            asked.add(segments.stream().map(TextSegment::text).toList());
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("down");
            }
            List<Embedding> embeddings = new ArrayList<>();
            for (TextSegment segment : segments) {
                float[] vector = new float[dimension];
                vector[0] = segment.text().length();
                vector[1] = segment.text().hashCode() % 1_000;
                vector[2] = value;
                embeddings.add(Embedding.from(vector));
            }
            return Response.from(embeddings, new TokenUsage(segments.size()));
        }

        @Override
        public int dimension() {
            return dimension;
        }

        @Override
        public String modelName() {
            return "letters";
        }
    }
}
