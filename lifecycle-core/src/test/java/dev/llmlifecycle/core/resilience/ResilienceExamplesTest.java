package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.DisabledEmbeddingModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The snippets of the guide. */
final class ResilienceExamplesTest {

    private final VirtualTime time = new VirtualTime();

    @Test
    void aChatModelWithFallbacks() {
        ChatModel openAi = ScriptedChatModel.failing(new RateLimitException("slow down"));
        ChatModel local = ScriptedChatModel.answering("Within 30 days.");
        ChatModel extractive = ScriptedChatModel.answering("quoted");
        // docs:begin policy
        ResiliencePolicy policy = ResiliencePolicy.builder()
                .timeout(Duration.ofSeconds(20)) // one attempt; default 30 s
                .totalTimeout(Duration.ofSeconds(60)) // all attempts, waits and fallbacks; default 60 s
                .maxRetries(2) // for each model; default 2
                .backoff(Duration.ofMillis(500), Duration.ofSeconds(10)) // doubles; default as here
                .circuitBreaker(5, Duration.ofSeconds(30)) // failures in a row, time left alone; default as here
                .build();
        // docs:end policy
        // docs:begin chat
        ChatModel model = ResilientChatModel.builder(Identity.of("gpt-4o-mini", "2024-07-18"), openAi)
                .policy(policy)
                .fallbackTo(Identity.of("llama-3.1", "8b"), local, FailureKind.RATE_LIMIT, FailureKind.TIMEOUT)
                .fallbackTo(Identity.of("extractive", "1"), extractive) // after any failure
                .build();
        // docs:end chat
        assertThat(model).isNotNull();

        assertThat(ResilientChatModel.builder(Identity.of("gpt-4o-mini", "2024-07-18"), openAi)
                        .policy(ResiliencePolicy.builder()
                                .time(time)
                                .executor(time)
                                .build())
                        .fallbackTo(Identity.of("llama-3.1", "8b"), local, FailureKind.RATE_LIMIT)
                        .build()
                        .chat("How long?"))
                .isEqualTo("Within 30 days.");
    }

    @Test
    void aDeadline() {
        ChatModel model = ResilientChatModel.builder(Identity.of("main", "1"), ScriptedChatModel.answering("ok"))
                .policy(ResiliencePolicy.builder()
                        .time(time)
                        .clock(time)
                        .executor(time)
                        .build())
                .build();
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("How long?")).build();
        Instant noon = VirtualTime.START.plusSeconds(5);
        // docs:begin deadline
        ChatResponse response = model.chat(request, Deadline.at(noon).addTo(ChatRequestOptions.EMPTY));
        // docs:end deadline

        assertThat(response.aiMessage().text()).isEqualTo("ok");
    }

    @Test
    void aStreamingModelAndAnEmbeddingModel() {
        ResiliencePolicy policy =
                ResiliencePolicy.builder().time(time).executor(time).build();
        StreamingChatModel openAi = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                throw new RateLimitException("slow down");
            }
        };
        EmbeddingModel miniLm = new DisabledEmbeddingModel();
        // docs:begin others
        StreamingChatModel streaming = ResilientStreamingChatModel.builder(
                        Identity.of("gpt-4o-mini", "2024-07-18"), openAi)
                .policy(policy)
                .build();
        EmbeddingModel embedding = ResilientEmbeddingModel.of(policy, Identity.of("minilm", "l6-v2"), miniLm);
        // docs:end others
        List<Throwable> errors = new ArrayList<>();
        streaming.chat("How long?", new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                throw new AssertionError("there is no answer");
            }

            @Override
            public void onError(Throwable error) {
                errors.add(error);
            }
        });
        time.runAll();

        assertThat(errors).hasSize(1);
        assertThatThrownBy(() -> embedding.embed("text")).isInstanceOf(ModelCallException.class);
    }

    @Test
    void aListener() {
        List<String> counted = new ArrayList<>();
        // docs:begin listener
        ResilienceListener listener = new ResilienceListener() {
            @Override
            public void onRetry(FailedAttempt failed, Duration wait) {
                counted.add("retry " + failed.model() + " after " + failed.kind());
            }
        };
        // docs:end listener
        ChatModel main =
                ScriptedChatModel.failing(new RateLimitException("slow down")).then("ok");

        ResilientChatModel.builder(Identity.of("main", "1"), main)
                .policy(ResiliencePolicy.builder()
                        .time(time)
                        .executor(time)
                        .listener(listener)
                        .build())
                .build()
                .chat("How long?");

        assertThat(counted).containsExactly("retry main after RATE_LIMIT");
    }
}
