package dev.llmlifecycle.eval.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class ReplayStreamingChatModelTest {

    private static final Identity MODEL = Identity.of("streaming", "1");
    private static final ToolExecutionRequest TOOL = ToolExecutionRequest.builder()
            .id("call-1")
            .name("refund")
            .arguments("{\"order\":7}")
            .build();
    private static final ChatResponse TEXT = ChatResponse.builder()
            .aiMessage(AiMessage.from("Five days."))
            .tokenUsage(new TokenUsage(7, 3))
            .finishReason(FinishReason.STOP)
            .build();

    @TempDir
    Path folder = Path.of("");

    private final AtomicInteger heard = new AtomicInteger();

    @Test
    void replaysTheSamePiecesWithoutAsking() throws IOException {
        StreamingChatModel model = model(handler -> {
            handler.onPartialResponse("Five ");
            handler.onPartialResponse("days");
            handler.onPartialResponse(".");
            handler.onUnmappedRawEvent("raw");
            handler.onCompleteResponse(TEXT);
        });
        Events live = ask(recording().streamingChatModel(MODEL, model));
        Events replayed = ask(Cassette.replaying(file()).streamingChatModel());

        assertThat(live.events).containsExactly("text Five ", "text days", "text .", "raw", "complete");
        assertThat(replayed.events).containsExactly("text Five ", "text days", "text .", "complete");
        assertThat(replayed.responses).containsExactly(TEXT);
        assertThat(heard).hasValue(1);
        assertThat(Files.readString(file())).contains("\"text\": \"Five days.\"", "\"text 5 4 1\"");
    }

    @Test
    void replaysThinkingAndToolCalls() {
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.builder()
                        .text("Let me look.")
                        .thinking("An order? Yes.")
                        .toolExecutionRequests(List.of(TOOL))
                        .build())
                .finishReason(FinishReason.TOOL_EXECUTION)
                .build();
        StreamingChatModel model = model(handler -> {
            handler.onPartialThinking(new PartialThinking("An order? "));
            handler.onPartialThinking(new PartialThinking("Yes."));
            handler.onPartialResponse("Let me look.");
            handler.onPartialToolCall(arguments("{\"order\""));
            handler.onPartialToolCall(arguments(":7}"));
            handler.onCompleteToolCall(new CompleteToolCall(0, TOOL));
            handler.onCompleteResponse(response);
        });
        Events live = ask(recording().streamingChatModel(MODEL, model));
        Events replayed = ask(Cassette.replaying(file()).streamingChatModel());

        assertThat(live.events).hasSize(7);
        assertThat(replayed.events).isEqualTo(live.events);
        assertThat(replayed.responses).containsExactly(response);
    }

    @Test
    void aSecretThatWasCutIntoPiecesIsScrubbedAndTheTextComesInOnePiece() throws IOException {
        StreamingChatModel model = model(handler -> {
            handler.onPartialResponse("Use sk-abcdefgh");
            handler.onPartialResponse("ijklmnop0123 now.");
            handler.onCompleteResponse(ChatResponse.builder()
                    .aiMessage(AiMessage.from("Use sk-abcdefghijklmnop0123 now."))
                    .build());
        });
        ask(recording().streamingChatModel(MODEL, model));

        assertThat(Files.readString(file())).doesNotContain("abcdefgh", "ijklmnop");
        assertThat(ask(Cassette.replaying(file()).streamingChatModel()).events)
                .containsExactly("text Use [scrubbed] now.", "complete");
    }

    @Test
    void whatWasNotRecordedIsTheHandlersError() {
        ask(recording().streamingChatModel(MODEL, model(handler -> handler.onCompleteResponse(TEXT))));
        Events events = new Events();
        Cassette.replaying(file()).streamingChatModel().chat("Another question?", events);

        assertThat(events.events).containsExactly("error NotRecordedException");
    }

    @Test
    void aStreamThatFailedIsNotRecorded() {
        Cassette cassette = recording();
        Events events = ask(cassette.streamingChatModel(MODEL, model(handler -> {
            handler.onPartialResponse("Five ");
            handler.onError(new IllegalStateException("broken off"));
        })));

        assertThat(events.events).containsExactly("text Five ", "error IllegalStateException");
        assertThat(file()).doesNotExist();
    }

    @Test
    void aReceiverThatCancelsGetsNoEnding() {
        ask(recording().streamingChatModel(MODEL, model(handler -> {
            handler.onPartialResponse("Five ");
            handler.onPartialResponse("days.");
            handler.onCompleteResponse(TEXT);
        })));
        List<String> received = new ArrayList<>();
        Cassette.replaying(file()).streamingChatModel().chat("How long?", new Events() {
            @Override
            public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
                received.add(response.text());
                context.streamingHandle().cancel();
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                received.add("complete");
            }
        });

        assertThat(received).containsExactly("Five ");
    }

    @Test
    void aReceiverThatThrowsGetsItAsItsError() {
        ask(recording().streamingChatModel(MODEL, model(handler -> {
            handler.onPartialResponse("Five days.");
            handler.onCompleteResponse(TEXT);
        })));
        Events events = new Events() {
            @Override
            public void onPartialResponse(String text) {
                throw new IllegalStateException("full");
            }
        };
        Cassette.replaying(file()).streamingChatModel().chat("How long?", events);

        assertThat(events.events).containsExactly("error IllegalStateException");
    }

    @Test
    void piecesThatDoNotAddUpAreRefusedAndWithoutThemTheAnswerComesWhole() throws IOException {
        ask(recording().streamingChatModel(MODEL, model(handler -> {
            handler.onPartialResponse("Five ");
            handler.onPartialResponse("days.");
            handler.onCompleteResponse(TEXT);
        })));
        String byHand = Files.readString(file())
                .replace("Five days.", "Nine whole days.")
                .replaceAll("(?m),\\s*\"hash\": \"[0-9a-f]*\"(\\s*\\})", "$1");
        Files.writeString(file(), byHand);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Cassette.replaying(file()))
                .withMessageContaining("call 1, line ")
                .withMessageContaining("the 'pieces' do not add up to the response, remove them");

        Files.writeString(file(), byHand.replaceAll(",\\s*\"pieces\": \\[[^\\]]*\\]", ""));
        assertThat(ask(Cassette.replaying(file()).streamingChatModel()).events)
                .containsExactly("text Nine whole days.", "complete");
    }

    private static PartialToolCall arguments(String piece) {
        return PartialToolCall.builder()
                .index(0)
                .id("call-1")
                .name("refund")
                .partialArguments(piece)
                .build();
    }

    private Path file() {
        return folder.resolve("streams.json");
    }

    private Cassette recording() {
        return Cassette.builder(file()).mode(ReplayMode.AUTO).build();
    }

    private static Events ask(StreamingChatModel model) {
        Events events = new Events();
        model.chat("How long?", events);
        return events;
    }

    private StreamingChatModel model(Consumer<StreamingChatResponseHandler> script) {
        return new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                assertThat(((UserMessage) request.messages().get(0)).singleText())
                        .isEqualTo("How long?");
                script.accept(handler);
            }

            @Override
            public List<ChatModelListener> listeners() {
                return List.of(new ChatModelListener() {
                    @Override
                    public void onResponse(ChatModelResponseContext context) {
                        heard.incrementAndGet();
                    }
                });
            }
        };
    }

    /** Writes down what it hears. */
    private static class Events implements StreamingChatResponseHandler {

        final List<String> events = new ArrayList<>();
        final List<ChatResponse> responses = new ArrayList<>();

        @Override
        public void onPartialResponse(String text) {
            events.add("text " + text);
        }

        @Override
        public void onPartialThinking(PartialThinking thinking) {
            events.add("thinking " + thinking.text());
        }

        @Override
        public void onPartialToolCall(PartialToolCall call) {
            events.add("tool " + call.id() + ' ' + call.name() + ' ' + call.partialArguments());
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            events.add("tool " + call.toolExecutionRequest());
        }

        @Override
        public void onUnmappedRawEvent(Object event) {
            events.add(event.toString());
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            events.add("complete");
            responses.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            events.add("error " + failure.getClass().getSimpleName());
        }
    }
}
