package dev.llmlifecycle.core.langchain4j.internal;

import java.util.List;
import java.util.Objects;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
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

/**
 * A streamed answer that is there as a whole and is sent again piece by piece.
 *
 * <p>Immutable.
 *
 * @param pieces the pieces in order
 * @param response the whole answer; the pieces of tool calls belong to its requests
 * @since 0.1
 */
public record RecordedStream(List<StreamPiece> pieces, ChatResponse response) {

    /** Copies. */
    public RecordedStream {
        pieces = List.copyOf(pieces);
        Objects.requireNonNull(response, "response");
    }

    /**
     * Sends the pieces and the whole answer on the calling thread. A receiver that cancels gets no ending; one that
     * throws gets what it threw as its error and nothing more.
     *
     * @param handler the receiver
     */
    public void sendTo(StreamingChatResponseHandler handler) {
        Handle handle = new Handle();
        try {
            for (StreamPiece piece : pieces) {
                send(piece, handle, handler);
                if (handle.isCancelled()) {
                    return;
                }
            }
        } catch (RuntimeException e) {
            handler.onError(e);
            return;
        }
        handler.onCompleteResponse(response);
    }

    private void send(StreamPiece piece, Handle handle, StreamingChatResponseHandler handler) {
        switch (piece.kind()) {
            case TEXT ->
                handler.onPartialResponse(new PartialResponse(piece.text()), new PartialResponseContext(handle));
            case THINKING ->
                handler.onPartialThinking(new PartialThinking(piece.text()), new PartialThinkingContext(handle));
            case TOOL_CALL -> {
                ToolExecutionRequest request = request(piece);
                handler.onPartialToolCall(
                        PartialToolCall.builder()
                                .index(piece.index())
                                .id(request.id())
                                .name(request.name())
                                .partialArguments(piece.text())
                                .build(),
                        new PartialToolCallContext(handle));
            }
            case TOOL_CALL_END -> handler.onCompleteToolCall(new CompleteToolCall(piece.index(), request(piece)));
        }
    }

    private ToolExecutionRequest request(StreamPiece piece) {
        return response.aiMessage().toolExecutionRequests().get(piece.index());
    }

    /** Lets the receiver stop the stream. */
    private static final class Handle implements StreamingHandle {

        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
