package dev.llmlifecycle.core.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.langchain4j.internal.CachedTokens;
import dev.llmlifecycle.core.langchain4j.internal.GatedStreamingHandler;
import dev.llmlifecycle.core.resilience.Deadline;
import org.jspecify.annotations.Nullable;

/** Calls the model for a reasoning strategy: timed, counted, told the deadline, and ended with the run. */
final class ModelGateway implements ReasoningStrategy.ModelCalls {

    private static final String ANSWER = "answer";
    private static final Finding CUT_OFF = new Finding(
            "model",
            "answer-cut-off",
            Finding.Severity.WARNING,
            "The model stopped at its limit of output tokens; allow more",
            Optional.empty());

    private final @Nullable ChatModel chatModel;
    private final @Nullable StreamingChatModel streamingModel;
    private final boolean streamed;
    private final Run run;
    private final OutputGate gate;

    ModelGateway(ModelBinding model, boolean streamed, Run run, OutputGate gate) {
        this.chatModel = model.chatModel();
        this.streamingModel = model.streamingModel();
        this.streamed = streamed;
        this.run = run;
        this.gate = gate;
    }

    @Override
    public ChatResponse think(ChatRequest request) {
        return call("think", request, text -> {});
    }

    @Override
    public ChatResponse answer(ChatRequest request) {
        return call(ANSWER, request, gate::accept);
    }

    @Override
    public void record(String type, Map<String, String> attributes) {
        Step step = new Step(type, Duration.ZERO, attributes);
        run.update(interaction -> interaction.step(step));
    }

    private ChatResponse call(String purpose, ChatRequest request, Consumer<String> output) {
        return run.step(Step.MODEL, attributes -> {
            attributes.put("purpose", purpose);
            ChatResponse response = send(request, output);
            describe(response, attributes);
            if (purpose.equals(ANSWER) && response.finishReason() == FinishReason.LENGTH) {
                run.found(List.of(CUT_OFF));
            }
            return response;
        });
    }

    private ChatResponse send(ChatRequest request, Consumer<String> output) {
        StreamingChatModel streaming = streamingModel;
        if (streaming != null && (streamed || chatModel == null)) {
            return stream(streaming, request, output);
        }
        if (chatModel == null) {
            throw new IllegalStateException("a model binding has neither kind of model; build the application again");
        }
        ChatResponse response = chatModel.chat(request, options());
        String text = response.aiMessage().text();
        if (text != null) {
            output.accept(text);
        }
        return response;
    }

    /**
     * Takes the pieces over from the endpoint's thread, so that validators and listeners run on this one. A stream that
     * is left before its end is cancelled.
     */
    private ChatResponse stream(StreamingChatModel model, ChatRequest request, Consumer<String> output) {
        Pieces pieces = new Pieces(run);
        GatedStreamingHandler handler = new GatedStreamingHandler(pieces, pieces);
        boolean complete = false;
        try {
            model.chat(request, options(), handler);
            while (true) {
                Object piece = pieces.queue.take();
                if (piece instanceof String text) {
                    output.accept(text);
                } else if (piece instanceof ChatResponse response) {
                    complete = true;
                    return response;
                } else if (piece instanceof RuntimeException failure) {
                    throw failure;
                } else {
                    throw new LangChain4jException((Throwable) piece);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Streaming an answer was interrupted; ask again", e);
        } finally {
            if (!complete) {
                handler.cancel();
            }
        }
    }

    /** Hands the question's deadline on to models that keep one. */
    private ChatRequestOptions options() {
        return run.question()
                .deadline()
                .map(deadline -> Deadline.at(deadline).addTo(ChatRequestOptions.EMPTY))
                .orElse(ChatRequestOptions.EMPTY);
    }

    private void describe(ChatResponse response, Map<String, String> attributes) {
        if (response.modelName() != null) {
            attributes.put("model", response.modelName());
        }
        TokenUsage usage = response.tokenUsage();
        if (usage != null) {
            int input = count(usage.inputTokenCount());
            int output = count(usage.outputTokenCount());
            attributes.put("inputTokens", Integer.toString(input));
            attributes.put("outputTokens", Integer.toString(output));
            CachedTokens.of(usage)
                    .ifPresent(cached -> attributes.put(PrefixSaving.CACHED_INPUT_TOKENS, Integer.toString(cached)));
            run.spend(input, output);
        }
        if (response.finishReason() != null) {
            attributes.put("finishReason", response.finishReason().name());
        }
    }

    /** Some endpoints report nothing, and some a negative number where they do not know. */
    private static int count(@Nullable Integer tokens) {
        return tokens == null ? 0 : Math.max(0, tokens);
    }

    /**
     * Queues what the endpoint sends until the run has ended. The queue has no bound: what waits in it is a part of the
     * answer, which is kept whole anyway, and a model that calls back on this very thread must not wait for itself.
     */
    private static final class Pieces implements StreamingChatResponseHandler, GatedStreamingHandler.Gate {

        private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        private final Run run;

        private Pieces(Run run) {
            this.run = run;
        }

        @Override
        public void onPartialResponse(String text) {
            queue.add(text);
        }

        @Override
        public boolean enter(boolean content) {
            return !run.hasEnded();
        }

        @Override
        public void leave() {
            // What has been queued needs nothing more.
        }

        @Override
        public void complete(ChatResponse response) {
            end(response);
        }

        @Override
        public void fail(Throwable failure) {
            end(failure);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end(response);
        }

        @Override
        public void onError(Throwable failure) {
            end(failure);
        }

        private void end(Object ending) {
            if (!run.hasEnded()) {
                queue.add(ending);
            }
        }
    }
}
