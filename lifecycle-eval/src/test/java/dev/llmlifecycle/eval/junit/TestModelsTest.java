package dev.llmlifecycle.eval.junit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.eval.replay.Cassette;
import dev.llmlifecycle.eval.replay.ReplayMode;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class TestModelsTest {

    private static final Identity MODEL = Identity.of("m", "1");
    private static final ChatRequestParameters DEFAULTS =
            ChatRequestParameters.builder().temperature(0.3).build();

    @TempDir
    Path folder = Path.of("");

    private final RunMeter all = new RunMeter();

    @Test
    void streamsAreCountedAndHeldToTheBudget() {
        Budget budget = Budget.builder().maxCalls(1).build();
        StreamingChatModel live = models(ReplayMode.AUTO, budget).streamingChatModel(MODEL, Streaming::new);
        List<String> heard = new ArrayList<>();
        live.chat("q", hearing(heard));
        live.doChat(ChatRequest.builder().messages(UserMessage.from("another")).build(), hearing(heard));

        assertThat(heard).containsExactly("Five days.", "complete", "BudgetExhaustedException");
        assertThat(budget.calls()).isEqualTo(1);
        assertThat(budget.tokens()).isEqualTo(10);
        assertThat(all.calls()).isEqualTo(2);
        assertThat(live.defaultRequestParameters()).isEqualTo(DEFAULTS);
        assertThat(live.provider()).isEqualTo(ModelProvider.OLLAMA);
        assertThat(live.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(((Identified) live).identity()).isEqualTo(MODEL);

        StreamingChatModel replayed = models(ReplayMode.REPLAY, budget).streamingChatModel(MODEL, Streaming::new);
        replayed.chat("q", hearing(heard));
        assertThat(heard).endsWith("Five days.", "complete");
        assertThat(replayed.provider()).isEqualTo(ModelProvider.OTHER);
        assertThat(replayed.supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }

    @Test
    void embeddingsAreCountedAndHeldToTheBudget() {
        Budget budget = Budget.builder().maxCalls(1).build();
        EmbeddingModel model = models(ReplayMode.AUTO, budget).embeddingModel(MODEL, Lengths::new);
        model.embed("abc");

        assertThat(model.embed("abc").content().vector()).containsExactly(3f);
        assertThatExceptionOfType(BudgetExhaustedException.class).isThrownBy(() -> model.embed("abcd"));
        assertThat(((Identified) model).identity()).isEqualTo(MODEL);
        assertThat(model.dimension()).isEqualTo(1);
    }

    @Test
    void chatModelsDescribeThemselvesAsTheModelDoes() {
        ChatModel model = models(ReplayMode.LIVE, Budget.unlimited()).chatModel(MODEL, Chatting::new);

        assertThat(model.chat("q")).isEqualTo("Five days.");
        assertThat(model.doChat(ChatRequest.builder()
                                .messages(UserMessage.from("q"))
                                .build())
                        .aiMessage()
                        .text())
                .isEqualTo("Five days.");
        assertThat(model.defaultRequestParameters()).isEqualTo(DEFAULTS);
        assertThat(model.provider()).isEqualTo(ModelProvider.OLLAMA);
        assertThat(model.supportedCapabilities()).isEmpty();
        assertThat(all.calls()).isEqualTo(2);
    }

    @Test
    void aRefusalIsWhatEachCallThrows() {
        Cassette none =
                Cassette.builder(folder.resolve("none")).mode(ReplayMode.LIVE).build();
        TestModels models = new TestModels(none, Optional.of("no"), all, CallMeter.of(Budget.unlimited()));

        assertThat(models.mode()).isEqualTo(ReplayMode.REPLAY);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> models.chatModel(MODEL, Chatting::new).chat("q"))
                .withMessage("no");
    }

    private TestModels models(ReplayMode mode, Budget budget) {
        Cassette cassette =
                Cassette.builder(folder.resolve("c.json")).mode(mode).build();
        return new TestModels(cassette, Optional.empty(), all, CallMeter.of(budget));
    }

    private static StreamingChatResponseHandler hearing(List<String> heard) {
        return new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {
                heard.add(text);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                heard.add("complete");
            }

            @Override
            public void onError(Throwable failure) {
                heard.add(failure.getClass().getSimpleName());
            }
        };
    }

    private static ChatResponse fiveDays() {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from("Five days."))
                .tokenUsage(new TokenUsage(7, 3))
                .build();
    }

    private static final class Chatting implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            return fiveDays();
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return DEFAULTS;
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OLLAMA;
        }
    }

    private static final class Streaming implements StreamingChatModel {
        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("Five days.");
            handler.onCompleteResponse(fiveDays());
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return DEFAULTS;
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OLLAMA;
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        }
    }

    private static final class Lengths implements EmbeddingModel {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {segment.text().length()}))
                    .toList());
        }
    }
}
