package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.testing.OpenAiServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class ResilientEmbeddingModelTest {

    private static final Identity MINI = Identity.of("mini", "1");

    private final VirtualTime time = new VirtualTime();
    private final Events events = new Events();
    private final Lengths lengths = new Lengths();
    private final ResilientEmbeddingModel model = ResilientEmbeddingModel.of(
            ResiliencePolicy.builder()
                    .time(time)
                    .executor(time)
                    .listener(events)
                    .circuitBreaker(3, Duration.ofSeconds(30))
                    .build(),
            MINI,
            lengths);

    @Test
    void aBatchIsTriedAgainAsAWhole() {
        lengths.failures = 2;

        List<Embedding> embeddings = model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("abc")))
                .content();

        assertThat(embeddings).extracting(embedding -> embedding.vector()[0]).containsExactly(1f, 3f);
        assertThat(lengths.calls).isEqualTo(3);
        assertThat(events.seen).containsExactly("retry mini SERVER_ERROR", "retry mini SERVER_ERROR");
    }

    @Test
    void aSlowCallIsGivenUp() {
        time.nextTakes(Duration.ofMinutes(1));

        assertThat(model.embed("abc").content().vector()).containsExactly(3f);
        assertThat(events.seen).containsExactly("retry mini TIMEOUT");
    }

    @Test
    void theCircuitOpens() {
        lengths.failures = 100;

        assertThatExceptionOfType(ModelCallException.class).isThrownBy(() -> model.embed("abc"));
        assertThatExceptionOfType(ModelCallException.class)
                .isThrownBy(() -> model.embed("abc"))
                .withMessageStartingWith("Calling the model 'mini' failed after 1 attempt (mini: CIRCUIT_OPEN)");
        assertThat(lengths.calls).isEqualTo(3);
    }

    @Test
    void theIdentityIsThatOfTheVectors() {
        assertThat(model.identity()).isEqualTo(MINI);
        assertThat(model.modelName()).isEqualTo("lengths");
        assertThat(model.dimension()).isEqualTo(1);
    }

    @Test
    void aBadKeyOfARealClientIsTriedOnce() {
        try (OpenAiServer server = OpenAiServer.start()) {
            EmbeddingModel gone = OpenAiEmbeddingModel.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey("wrong")
                    .modelName("test-model")
                    .maxRetries(0)
                    .build();
            ResilientEmbeddingModel resilient =
                    ResilientEmbeddingModel.of(ResiliencePolicy.defaults(), Identity.of("open-ai", "1"), gone);

            assertThatExceptionOfType(ModelCallException.class)
                    .isThrownBy(() -> resilient.embed("abc"))
                    .withMessageContaining("after 1 attempt (open-ai: REFUSED)");
        }
    }

    @Test
    void aRefusalIsTriedOnce() {
        lengths.refuses = true;

        assertThatExceptionOfType(ModelCallException.class)
                .isThrownBy(() -> model.embed("abc"))
                .withCauseInstanceOf(AuthenticationException.class);
        assertThat(lengths.calls).isEqualTo(1);
    }

    /** Embeds a text as its length. */
    private static final class Lengths implements EmbeddingModel {

        private int failures;
        private int calls;
        private boolean refuses;

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            calls++;
            if (refuses) {
                throw new AuthenticationException("401");
            }
            if (failures-- > 0) {
                throw new InternalServerException("down");
            }
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {segment.text().length()}))
                    .toList());
        }

        @Override
        public String modelName() {
            return "lengths";
        }
    }
}
