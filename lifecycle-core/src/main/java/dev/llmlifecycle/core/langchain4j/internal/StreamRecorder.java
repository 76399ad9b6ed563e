package dev.llmlifecycle.core.langchain4j.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;

/**
 * Forwards all that a stream sends and remembers its pieces until it is complete.
 *
 * <p>A stream that fails or is cancelled leaves nothing behind. Thread-safe.
 *
 * @since 0.1
 */
public final class StreamRecorder implements StreamingChatResponseHandler {

    private final StreamingChatResponseHandler target;
    private final BiConsumer<List<StreamPiece>, ChatResponse> completed;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<StreamPiece> pieces = new ArrayList<>();

    /**
     * Creates a recorder.
     *
     * @param target receives everything
     * @param completed takes the pieces and the whole answer before the target hears that it is complete; what it
     *     throws is the target's error
     */
    public StreamRecorder(StreamingChatResponseHandler target, BiConsumer<List<StreamPiece>, ChatResponse> completed) {
        this.target = Objects.requireNonNull(target, "target");
        this.completed = Objects.requireNonNull(completed, "completed");
    }

    @Override
    public void onPartialResponse(String text) {
        keep(StreamPiece.Kind.TEXT, 0, text);
        target.onPartialResponse(text);
    }

    @Override
    public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
        keep(StreamPiece.Kind.TEXT, 0, response.text());
        target.onPartialResponse(response, context);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
        keep(StreamPiece.Kind.THINKING, 0, thinking.text());
        target.onPartialThinking(thinking);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
        keep(StreamPiece.Kind.THINKING, 0, thinking.text());
        target.onPartialThinking(thinking, context);
    }

    @Override
    public void onPartialToolCall(PartialToolCall call) {
        keep(StreamPiece.Kind.TOOL_CALL, call.index(), call.partialArguments());
        target.onPartialToolCall(call);
    }

    @Override
    public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
        keep(StreamPiece.Kind.TOOL_CALL, call.index(), call.partialArguments());
        target.onPartialToolCall(call, context);
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        keep(StreamPiece.Kind.TOOL_CALL_END, call.index(), "");
        target.onCompleteToolCall(call);
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        target.onUnmappedRawEvent(event);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        try {
            completed.accept(kept(), response);
        } catch (RuntimeException e) {
            target.onError(e);
            return;
        }
        target.onCompleteResponse(response);
    }

    @Override
    public void onError(Throwable failure) {
        target.onError(failure);
    }

    private void keep(StreamPiece.Kind kind, int index, String text) {
        lock.lock();
        try {
            pieces.add(new StreamPiece(kind, index, text));
        } finally {
            lock.unlock();
        }
    }

    private List<StreamPiece> kept() {
        lock.lock();
        try {
            return List.copyOf(pieces);
        } finally {
            lock.unlock();
        }
    }
}
