package dev.llmlifecycle.core.langchain4j.internal;

import java.util.Objects;

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
import org.jspecify.annotations.Nullable;

/**
 * Forwards what a stream sends as long as a gate lets it through, and gives both ways of ending to the gate instead.
 *
 * <p>A stream that is still sending when the gate has been shut is cancelled. As thread-safe as its gate.
 *
 * @since 0.1
 */
public final class GatedStreamingHandler implements StreamingChatResponseHandler {

    private final StreamingChatResponseHandler target;
    private final Gate gate;
    private volatile @Nullable StreamingHandle handle;
    private volatile boolean cancelledHere;

    /**
     * Creates a handler.
     *
     * @param target receives what is let through, never an ending
     * @param gate decides, and receives the endings
     */
    public GatedStreamingHandler(StreamingChatResponseHandler target, Gate gate) {
        this.target = Objects.requireNonNull(target, "target");
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /**
     * Says whether the receiver has cancelled the stream, after which many models send no ending at all.
     *
     * @return whether it was cancelled, and not by {@link #cancel()}
     */
    public boolean isCancelledByReceiver() {
        StreamingHandle known = handle;
        return known != null && !cancelledHere && known.isCancelled();
    }

    /** Asks the model to stop sending, where it can be asked. */
    public void cancel() {
        StreamingHandle known = handle;
        if (known == null || known.isCancelled()) {
            return;
        }
        cancelledHere = true;
        try {
            known.cancel();
        } catch (UnsupportedFeatureException e) {
            // The stream runs to its end unheard.
            handle = null;
        }
    }

    @Override
    public void onPartialResponse(String text) {
        forward(true, () -> target.onPartialResponse(text));
    }

    @Override
    public void onPartialResponse(PartialResponse response, PartialResponseContext context) {
        handle = context.streamingHandle();
        forward(true, () -> target.onPartialResponse(response, context));
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
        forward(true, () -> target.onPartialThinking(thinking));
    }

    @Override
    public void onPartialThinking(PartialThinking thinking, PartialThinkingContext context) {
        handle = context.streamingHandle();
        forward(true, () -> target.onPartialThinking(thinking, context));
    }

    @Override
    public void onPartialToolCall(PartialToolCall call) {
        forward(true, () -> target.onPartialToolCall(call));
    }

    @Override
    public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
        handle = context.streamingHandle();
        forward(true, () -> target.onPartialToolCall(call, context));
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        forward(true, () -> target.onCompleteToolCall(call));
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        forward(false, () -> target.onUnmappedRawEvent(event));
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        gate.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
        gate.fail(failure);
    }

    private void forward(boolean content, Runnable delivery) {
        if (!gate.enter(content)) {
            cancel();
            return;
        }
        try {
            delivery.run();
        } finally {
            gate.leave();
        }
    }

    /** Decides what goes through; called by the threads of the model. */
    public interface Gate {

        /**
         * Asks to deliver something.
         *
         * @param content whether it is a part of the answer
         * @return whether to deliver it and then to {@link #leave()}
         */
        boolean enter(boolean content);

        /** Says that a delivery is over. */
        void leave();

        /**
         * Says that the answer is complete.
         *
         * @param response the whole answer
         */
        void complete(ChatResponse response);

        /**
         * Says that the stream has failed.
         *
         * @param failure why
         */
        void fail(Throwable failure);
    }
}
