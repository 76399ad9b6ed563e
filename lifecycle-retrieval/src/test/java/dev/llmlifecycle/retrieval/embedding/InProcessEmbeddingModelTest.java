package dev.llmlifecycle.retrieval.embedding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
class InProcessEmbeddingModelTest {

    private static final InProcessEmbeddingModel MODEL = InProcessEmbeddingModel.allMiniLmL6V2Quantized();

    /** Of all lengths, some longer than the 128 tokens that the model reads. */
    private static final List<TextSegment> TEXTS = IntStream.range(0, 24)
            .mapToObj(i -> "Refund " + i + " takes five days, über all. 你好 ".repeat(1 + i * 7 % 12))
            .map(TextSegment::from)
            .toList();

    @AfterAll
    static void closeModel() {
        MODEL.close();
    }

    @Test
    void givesTheVectorsOfLangChain4j() {
        EmbeddingModel reference = new AllMiniLmL6V2QuantizedEmbeddingModel();

        List<Embedding> expected = reference.embedAll(TEXTS).content();
        List<Embedding> found = MODEL.embedAll(TEXTS).content();

        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(CosineSimilarity.between(found.get(i), expected.get(i)))
                    .as("text %d", i)
                    .isGreaterThan(0.999999);
        }
        assertThat(MODEL.dimension()).isEqualTo(384);
    }

    @Test
    void aVectorDoesNotDependOnTheTextsBesideItUnlessThatIsAskedFor(@TempDir Path folder) throws IOException {
        List<Embedding> together = MODEL.embedAll(TEXTS).content();
        try (InProcessEmbeddingModel batching = files(folder)
                .batchTokens(512)
                .executor(CompletableFuture.delayedExecutor(0, TimeUnit.MILLISECONDS))
                .build()) {
            List<Embedding> batched = batching.embedAll(TEXTS).content();
            for (int i = 0; i < TEXTS.size(); i++) {
                Embedding alone = MODEL.embed(TEXTS.get(i)).content();
                assertThat(together.get(i)).isEqualTo(alone);
                assertThat(CosineSimilarity.between(batched.get(i), alone)).isBetween(0.9, 0.9999);
            }
        }
    }

    @Test
    void poolsAsItIsTold(@TempDir Path folder) throws IOException {
        try (InProcessEmbeddingModel first =
                files(folder).pooling(PoolingMode.CLS).build()) {
            float[] vector = first.embed("refund").content().vector();
            assertThat(IntStream.range(0, vector.length)
                            .mapToDouble(i -> (double) vector[i] * vector[i])
                            .sum())
                    .isBetween(0.9999, 1.0001);
            assertThat(CosineSimilarity.between(
                            Embedding.from(vector), MODEL.embed("refund").content()))
                    .isLessThan(0.99);
        }
    }

    @Test
    void saysWhatIsWrongWithItsFiles(@TempDir Path folder) throws IOException {
        Path tokenizer = copy(folder, "all-minilm-l6-v2-q-tokenizer.json");
        Path broken = Files.writeString(folder.resolve("broken"), "no model");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> InProcessEmbeddingModel.builder(folder.resolve("none"), tokenizer)
                        .build())
                .withMessage("Loading an embedding model from " + folder.resolve("none")
                        + " failed; check that the file can be read");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(
                        () -> InProcessEmbeddingModel.builder(broken, tokenizer).build())
                .withMessage("Loading an embedding model failed; check that the file is an ONNX model");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(
                        () -> InProcessEmbeddingModel.builder(broken, broken).build())
                .withMessageStartingWith("Loading the tokenizer of an embedding model failed");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> InProcessEmbeddingModel.builder(broken, broken).batchTokens(0))
                .withMessage("batchTokens must be at least 1 but was 0; 1 runs text by text");
    }

    @Test
    void refusesToWorkWhenItIsClosed(@TempDir Path folder) throws IOException {
        InProcessEmbeddingModel model = files(folder).build();
        model.close();
        model.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> model.embed("refund"))
                .withMessage("the embedding model is closed; build a new one");
    }

    private static InProcessEmbeddingModel.Builder files(Path folder) throws IOException {
        return InProcessEmbeddingModel.builder(
                copy(folder, "all-minilm-l6-v2-q.onnx"), copy(folder, "all-minilm-l6-v2-q-tokenizer.json"));
    }

    private static Path copy(Path folder, String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                InProcessEmbeddingModelTest.class.getResourceAsStream("/" + resource), resource)) {
            Path file = folder.resolve(resource);
            Files.copy(in, file);
            return file;
        }
    }
}
