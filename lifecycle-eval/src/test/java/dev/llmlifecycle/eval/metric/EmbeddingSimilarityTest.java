package dev.llmlifecycle.eval.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class EmbeddingSimilarityTest {

    private final List<List<String>> calls = new ArrayList<>();

    /** Counts vowels: texts with the same share of each are alike. */
    private final EmbeddingModel vowels = model(text -> {
        float[] counts = new float[5];
        text.chars().map("aeiou"::indexOf).filter(i -> i >= 0).forEach(i -> counts[i]++);
        return counts;
    });

    @Test
    void isTheCosineOfTheVectors() {
        EmbeddingSimilarity similarity = EmbeddingSimilarity.of(vowels);
        assertThat(similarity.score("ae", "aaee")).isCloseTo(1, within(1e-12));
        assertThat(similarity.score("a", "ae")).isCloseTo(1 / Math.sqrt(2), within(1e-12));
        assertThat(similarity.score("a", "e")).isZero();
        EmbeddingSimilarity opposite = EmbeddingSimilarity.of(model(text -> new float[] {text.equals("yes") ? 1 : -1}));
        assertThat(opposite.score("yes", "no")).isZero();
    }

    @Test
    void blankTextsAskNoModel() {
        EmbeddingSimilarity similarity = EmbeddingSimilarity.of(vowels);
        assertThat(similarity.score(" ", "")).isEqualTo(1);
        assertThat(similarity.score("a", "")).isZero();
        similarity.prepare(List.of("", " "));
        assertThat(calls).isEmpty();
    }

    @Test
    void embedsBothTextsInOneCallAndEachTextOnce() {
        EmbeddingSimilarity similarity = EmbeddingSimilarity.of(vowels);
        similarity.score("a", "e");
        similarity.score("a", "i");
        similarity.score("i", "i");
        assertThat(calls).containsExactly(List.of("a", "e"), List.of("i"));
    }

    @Test
    void preparesManyTextsInFewCalls() {
        EmbeddingSimilarity similarity = EmbeddingSimilarity.of(vowels);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            texts.add("a" + i);
        }
        texts.add("a0");
        similarity.prepare(texts);
        assertThat(calls).extracting(List::size).containsExactly(64, 64, 2);
        similarity.score("a0", "a129");
        assertThat(calls).hasSize(3);
    }

    @Test
    void forgetsTheVectorsThatWereNotUsedForLongest() {
        EmbeddingSimilarity similarity = EmbeddingSimilarity.of(vowels, 2);
        similarity.score("a", "e");
        similarity.score("a", "i");
        similarity.score("a", "e");
        assertThat(calls).containsExactly(List.of("a", "e"), List.of("i"), List.of("e"));
    }

    @Test
    void aModelThatAnswersWronglyIsNamed() {
        EmbeddingSimilarity zero = EmbeddingSimilarity.of(model(text -> new float[3]));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> zero.score("a", "b"))
                .withMessage("Comparing two texts got a vector of nothing but zeros, or of no numbers; check the "
                        + "embedding model");
        EmbeddingSimilarity ragged = EmbeddingSimilarity.of(model(text -> new float[text.length()]));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> ragged.score("a", "bb"))
                .withMessageContaining("vectors of 1 and 2 numbers");
        EmbeddingSimilarity silent = EmbeddingSimilarity.of(new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(List.of());
            }
        });
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> silent.score("a", "b"))
                .withMessage("Embedding 2 texts gave 0 vectors; check the embedding model");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddingSimilarity.of(vowels, 0))
                .withMessageContaining("at least 1 vector");
    }

    private EmbeddingModel model(Function<String, float[]> vector) {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                List<String> texts = segments.stream().map(TextSegment::text).toList();
                calls.add(texts);
                return Response.from(texts.stream()
                        .map(text -> Embedding.from(vector.apply(text)))
                        .toList());
            }
        };
    }
}
