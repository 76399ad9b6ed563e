package dev.llmlifecycle.eval.replay;

import java.nio.file.Path;
import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/testing.md about cassettes. */
@NullMarked
final class ReplayGuideTest {

    @TempDir
    Path folder = Path.of("");

    @Test
    void recordsAndReplays() {
        Path file = folder.resolve("support.cassette.json");
        // docs:begin record
        Cassette cassette = Cassette.builder(file).mode(ReplayMode.AUTO).build();
        ChatModel chat = cassette.chatModel(Identity.of("gpt-4o-mini", "2024-07-18"), () -> openAi());
        EmbeddingModel embedding = cassette.embeddingModel(Identity.of("minilm", "1"), () -> miniLm());
        // docs:end record
        assertThat(chat.chat("How long does a refund take?")).isEqualTo("Five days.");
        float[] vector = embedding.embed("refund").content().vector();

        // docs:begin replay
        Cassette recorded = Cassette.replaying(file);
        ChatModel replayed = recorded.chatModel(); // no client, no key, no network
        EmbeddingModel vectors = recorded.embeddingModel();
        // docs:end replay
        assertThat(replayed.chat("How long does a refund take?")).isEqualTo("Five days.");
        assertThat(vectors.embed("refund").content().vector()).isEqualTo(vector);
        assertThat(recorded.unused()).isEmpty();
    }

    private static ChatModel openAi() {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from("Five days."))
                        .build();
            }
        };
    }

    private static EmbeddingModel miniLm() {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment ->
                                Embedding.from(new float[] {segment.text().length(), 0.1f}))
                        .toList());
            }
        };
    }
}
