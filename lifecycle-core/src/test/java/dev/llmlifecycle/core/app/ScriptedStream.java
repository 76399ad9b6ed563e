package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import org.jspecify.annotations.NullMarked;

/** A streaming model that does what its test tells it to. */
@NullMarked
record ScriptedStream(Consumer<StreamingChatResponseHandler> script) implements StreamingChatModel {

    /** Streams the pieces on a thread of its own, as an endpoint does. */
    static ScriptedStream of(List<String> pieces) {
        return new ScriptedStream(handler -> onThread(() -> send(pieces, handler)));
    }

    /** Streams the pieces before {@code chat} returns. */
    static ScriptedStream onCallingThread(List<String> pieces) {
        return new ScriptedStream(handler -> send(pieces, handler));
    }

    static void send(List<String> pieces, StreamingChatResponseHandler handler) {
        pieces.forEach(handler::onPartialResponse);
        handler.onCompleteResponse(ScriptedModel.response(String.join("", pieces)));
    }

    static Thread onThread(Runnable work) {
        Thread thread = new Thread(work, "endpoint");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Cuts a text anywhere, inside words and surrogate pairs, too. */
    static List<String> cut(String text, SplittableRandom random, int longest) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = Math.min(text.length(), start + 1 + random.nextInt(longest));
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        script.accept(handler);
    }
}
