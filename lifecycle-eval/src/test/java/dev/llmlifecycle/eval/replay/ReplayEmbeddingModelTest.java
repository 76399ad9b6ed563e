package dev.llmlifecycle.eval.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class ReplayEmbeddingModelTest {

    private static final Identity MODEL = Identity.of("letters", "1");

    @TempDir
    Path folder = Path.of("");

    private final List<List<String>> batches = new ArrayList<>();
    private int dimension = 3;

    @Test
    void replaysEachVectorToTheBitInWhateverBatch() {
        ReplayEmbeddingModel recording = recording();
        Embedding a = recording.embed("a").content();
        List<Embedding> both = recording.embedAll(segments("a", "b")).content();
        ReplayEmbeddingModel replay = Cassette.replaying(file()).embeddingModel();

        assertThat(batches).containsExactly(List.of("a"), List.of("b"));
        assertThat(replay.embedAll(segments("b", "a", "b")).content()).containsExactly(both.get(1), a, both.get(1));
        assertThat(replay.dimension()).isEqualTo(3);
        assertThat(replay.modelName()).isEqualTo("letters");
        assertThat(replay.identity()).isEqualTo(MODEL);
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void everyFiniteFloatComesBack(SplittableRandom random) {
        float[] vector = new float[1 + random.nextInt(40)];
        for (int i = 0; i < vector.length; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            vector[i] = Float.isFinite(value) ? value : -0.0f;
        }

        assertThat(VectorJson.read(VectorJson.write(vector))).isEqualTo(vector);
    }

    @Test
    void parametersOfTheRequestCount() {
        ReplayEmbeddingModel recording = recording();
        EmbeddingResponse query = recording.embed(asQuery("a"));
        ReplayEmbeddingModel replay = Cassette.replaying(file()).embeddingModel();

        assertThat(replay.embed(asQuery("a")).embeddings()).isEqualTo(query.embeddings());
        assertThatExceptionOfType(NotRecordedException.class)
                .isThrownBy(() -> replay.embed("a"))
                .withMessageEndingWith("""
                          parameter inputType:
                            recorded  "QUERY"
                            now       (none)
                        undo the change, or record it with ReplayMode.AUTO, which in prompt tests is -Dlifecycle.replay=auto""");
        assertThatExceptionOfType(NotRecordedException.class)
                .isThrownBy(() -> replay.embed(asQuery("b")))
                .withMessageContaining("  text:\n    recorded  a\n    now       b\n");
    }

    @Test
    void aCassetteServesAllThreeKinds() {
        Cassette cassette = Cassette.builder(file()).mode(ReplayMode.AUTO).build();
        cassette.embeddingModel(MODEL, letters()).embed("a");

        assertThatExceptionOfType(NotRecordedException.class)
                .isThrownBy(() -> Cassette.replaying(file())
                        .chatModel(MODEL, () -> {
                            throw new IllegalStateException("not in replay");
                        })
                        .chat("a"))
                .withMessageContaining("no call of that kind is recorded");
        assertThat(Cassette.replaying(file()).unused()).hasSize(1);
        assertThat(cassette.unused()).isEmpty();
    }

    @Test
    void aModelThatChangedItsDimensionIsNoticed() throws IOException {
        recording().embed("a");
        dimension = 4;
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> recording().embed("b"))
                .withMessageContaining("of dimension 3 and 4; the model has changed since it was recorded");

        String recorded = Files.readString(file());
        Files.writeString(file(), recorded.replace("\"dimension\": 3", "\"dimension\": 4"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Cassette.replaying(file()))
                .withMessageContaining("call 1, line 11: the response's 'vector' does not have the 'dimension'");
        Files.writeString(file(), recorded.replaceFirst("\"vector\": \"..", "\"vector\": \"!!"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Cassette.replaying(file()))
                .withMessageContaining("is not Base64");
    }

    private Path file() {
        return folder.resolve("vectors.json");
    }

    private ReplayEmbeddingModel recording() {
        return Cassette.builder(file()).mode(ReplayMode.AUTO).build().embeddingModel(MODEL, letters());
    }

    private static List<TextSegment> segments(String... texts) {
        List<TextSegment> segments = new ArrayList<>();
        for (String text : texts) {
            segments.add(TextSegment.from(text));
        }
        return segments;
    }

    private static EmbeddingRequest asQuery(String text) {
        return EmbeddingRequest.builder()
                .textSegment(TextSegment.from(text))
                .inputType(EmbeddingInputType.QUERY)
                .build();
    }

    private EmbeddingModel letters() {
        return new EmbeddingModel() {
            @Override
            public EmbeddingResponse doEmbed(EmbeddingRequest request) {
                batches.add(request.inputs().stream().map(input -> input.text()).toList());
                return EmbeddingResponse.builder()
                        .embeddings(request.inputs().stream()
                                .map(input -> Embedding.from(vector(input.text())))
                                .toList())
                        .build();
            }

            @Override
            public Set<EmbeddingParameter<?>> supportedParameters() {
                return Set.of(EmbeddingRequestParameters.INPUT_TYPE);
            }
        };
    }

    private float[] vector(String text) {
        float[] vector = new float[dimension];
        vector[0] = text.charAt(0) / 3f;
        vector[1] = -0.1f;
        return vector;
    }
}
