package dev.llmlifecycle.core.langchain4j.internal;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class GatedStreamingHandlerTest {

    private static final PartialToolCall PART = PartialToolCall.builder()
            .index(0)
            .name("weather")
            .partialArguments("{")
            .build();
    private static final CompleteToolCall WHOLE = new CompleteToolCall(
            0, ToolExecutionRequest.builder().name("weather").arguments("{}").build());

    private final Gate gate = new Gate();
    private final Target target = new Target();
    private final GatedStreamingHandler handler = new GatedStreamingHandler(target, gate);
    private final Handle handle = new Handle();

    @Test
    void everyCallbackGoesThroughOnceWithItsContext() {
        sendAll();

        assertThat(target.seen)
                .containsExactly(
                        "text a",
                        "text b in context",
                        "thinking c",
                        "thinking d in context",
                        "tool {",
                        "tool { in context",
                        "whole tool weather",
                        "raw e");
        assertThat(gate.asked).containsExactly(true, true, true, true, true, true, true, false);
        assertThat(gate.left).isEqualTo(8);
    }

    @Test
    void aShutGateDropsAllAndCancelsTheStream() {
        gate.open = false;

        sendAll();

        assertThat(target.seen).isEmpty();
        assertThat(gate.left).isZero();
        assertThat(handle.cancelled).isEqualTo(1);
        assertThat(handler.isCancelledByReceiver()).isFalse();
    }

    @Test
    void endingsGoToTheGateAlone() {
        ChatResponse response =
                ChatResponse.builder().aiMessage(AiMessage.from("ok")).build();
        IllegalStateException failure = new IllegalStateException("down");

        handler.onCompleteResponse(response);
        handler.onError(failure);

        assertThat(gate.endings).containsExactly(response, failure);
        assertThat(target.seen).isEmpty();
    }

    @Test
    void aDeliveryThatThrowsIsLeft() {
        target.broken = true;

        assertThatIllegalStateException().isThrownBy(() -> handler.onPartialResponse("a"));
        assertThat(gate.left).isEqualTo(1);
    }

    @Test
    void theReceiverMayCancel() {
        assertThat(handler.isCancelledByReceiver()).isFalse();
        handler.onPartialResponse(new PartialResponse("b"), new PartialResponseContext(handle));
        assertThat(handler.isCancelledByReceiver()).isFalse();

        handle.cancel();
        handler.cancel();

        assertThat(handler.isCancelledByReceiver()).isTrue();
        assertThat(handle.cancelled).isEqualTo(1);
    }

    @Test
    void aStreamThatCannotBeCancelledRunsOn() {
        handle.supported = false;
        handler.onPartialResponse(new PartialResponse("b"), new PartialResponseContext(handle));

        handler.cancel();
        handler.cancel();

        assertThat(handler.isCancelledByReceiver()).isFalse();
    }

    private void sendAll() {
        handler.onPartialResponse("a");
        handler.onPartialResponse(new PartialResponse("b"), new PartialResponseContext(handle));
        handler.onPartialThinking(new PartialThinking("c"));
        handler.onPartialThinking(new PartialThinking("d"), new PartialThinkingContext(handle));
        handler.onPartialToolCall(PART);
        handler.onPartialToolCall(PART, new PartialToolCallContext(handle));
        handler.onCompleteToolCall(WHOLE);
        handler.onUnmappedRawEvent("e");
    }

    private static final class Gate implements GatedStreamingHandler.Gate {

        private final List<Boolean> asked = new ArrayList<>();
        private final List<Object> endings = new ArrayList<>();
        private boolean open = true;
        private int left;

        @Override
        public boolean enter(boolean content) {
            asked.add(content);
            return open;
        }

        @Override
        public void leave() {
            left++;
        }

        @Override
        public void complete(ChatResponse response) {
            endings.add(response);
        }

        @Override
        public void fail(Throwable failure) {
            endings.add(failure);
        }
    }

    private static final class Handle implements StreamingHandle {

        private int cancelled;
        private boolean supported = true;

        @Override
        public void cancel() {
            if (!supported) {
                throw new UnsupportedFeatureException("no way back");
            }
            cancelled++;
        }

        @Override
        public boolean isCancelled() {
            return cancelled > 0;
        }
    }

    private static final class Target implements StreamingChatResponseHandler {

        private final List<String> seen = new ArrayList<>();
        private boolean broken;

        @Override
        public void onPartialResponse(String text) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            seen.add("text " + text);
        }

        @Override
        public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
            seen.add("text " + response.text() + " in context");
        }

        @Override
        public void onPartialThinking(PartialThinking thinking) {
            seen.add("thinking " + thinking.text());
        }

        @Override
        public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
            seen.add("thinking " + thinking.text() + " in context");
        }

        @Override
        public void onPartialToolCall(PartialToolCall call) {
            seen.add("tool " + call.partialArguments());
        }

        @Override
        public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
            seen.add("tool " + call.partialArguments() + " in context");
        }

        @Override
        public void onCompleteToolCall(CompleteToolCall call) {
            seen.add("whole tool " + call.toolExecutionRequest().name());
        }

        @Override
        public void onUnmappedRawEvent(Object event) {
            seen.add("raw " + event);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            seen.add("complete");
        }

        @Override
        public void onError(Throwable failure) {
            seen.add("error");
        }
    }
}
