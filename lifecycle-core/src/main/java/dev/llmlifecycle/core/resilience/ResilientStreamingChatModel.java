package dev.llmlifecycle.core.resilience;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A streaming chat model that tries again, or falls back to other models, as long as no part of an answer was
 * delivered.
 *
 * <p>After the first token (of text, of thinking or of a tool call) a failure is passed on, once. Each handler gets at
 * most one ending and nothing after it, whatever a stream that was given up still sends; it gets none when it cancels
 * the stream itself. Raw events of a provider are passed on as they come, those of a failed attempt too, and do not
 * count as a token. A handler is called by one thread at a time.
 *
 * <p>Built, described and failing as {@link ResilientChatModel}; the two forms of one model have the same identity when
 * they are built alike. Thread-safe when the models are.
 *
 * @since 0.1
 */
public final class ResilientStreamingChatModel implements StreamingChatModel, Identified {

    private static final Logger log = LoggerFactory.getLogger(ResilientStreamingChatModel.class);

    private final ResiliencePolicy policy;
    private final Chain<StreamingChatModel> chain;

    private ResilientStreamingChatModel(ResiliencePolicy policy, Chain<StreamingChatModel> chain) {
        this.policy = policy;
        this.chain = chain;
    }

    /**
     * Starts a chain of models.
     *
     * @param identity the identity of the first model; its name stands in messages
     * @param model the first model
     * @return a builder
     */
    public static Builder builder(Identity identity, StreamingChatModel model) {
        return new Builder(identity, model);
    }

    /**
     * Starts a chain of models with one that names itself.
     *
     * @param model the first model
     * @param <M> its class
     * @return a builder
     */
    public static <M extends StreamingChatModel & Identified> Builder builder(M model) {
        return new Builder(model.identity(), model);
    }

    @Override
    public Identity identity() {
        return chain.identity();
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, ChatRequestOptions.EMPTY, handler);
    }

    @Override
    public void chat(ChatRequest request, @Nullable ChatRequestOptions options, StreamingChatResponseHandler handler) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(handler, "handler");
        ChatRequestOptions given = options == null ? ChatRequestOptions.EMPTY : options;
        try {
            policy.executor().execute(() -> stream(request, given, handler));
        } catch (RejectedExecutionException e) {
            handler.onError(new LifecycleException(
                    "Streaming from the model '" + chain.name()
                            + "' was refused by the executor; give the policy one that has room",
                    e));
        }
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        chat(request, ChatRequestOptions.EMPTY, handler);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return chain.first().defaultRequestParameters();
    }

    @Override
    public ModelProvider provider() {
        return chain.first().provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return chain.first().supportedCapabilities();
    }

    private void stream(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        Optional<ChatResponse> response;
        try {
            response = chain.call(
                    Requests.allowed(policy, options), new StreamingAttempt(policy, request, options, handler));
        } catch (RuntimeException e) {
            end(() -> handler.onError(e));
            return;
        } catch (Error e) {
            end(() -> handler.onError(e));
            throw e;
        }
        response.ifPresent(complete -> end(() -> handler.onCompleteResponse(complete)));
    }

    private static void end(Runnable ending) {
        try {
            ending.run();
        } catch (RuntimeException e) {
            log.warn("The receiver of a streamed answer failed at its end; mend its handler", e);
        }
    }

    /** Builds a {@link ResilientStreamingChatModel}. Not thread-safe. */
    public static final class Builder {

        private final Chain.Builder<StreamingChatModel> chain;
        private @Nullable ResiliencePolicy policy;

        private Builder(Identity identity, StreamingChatModel model) {
            this.chain = new Chain.Builder<>(identity, model);
        }

        /**
         * Sets the policy. Default: {@link ResiliencePolicy#defaults()}.
         *
         * @param policy the policy, for each model of the chain
         * @return this builder
         */
        public Builder policy(ResiliencePolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Adds a model that takes over when the models before it have failed before a first token. Default: none. A
         * request that names a model reaches it without that name.
         *
         * @param identity the identity of the model, with a name of its own in the chain
         * @param model the model
         * @param kinds the last failures after which it takes over, all kinds where none is given; a model that is left
         *     alone counts both as {@link FailureKind#CIRCUIT_OPEN} and as what opened its circuit
         * @return this builder
         */
        public Builder fallbackTo(Identity identity, StreamingChatModel model, FailureKind... kinds) {
            chain.add(identity, model, kinds);
            return this;
        }

        /**
         * Adds a model that names itself.
         *
         * @param model the model
         * @param kinds the last failures after which it takes over, all kinds where none is given
         * @param <M> the class of the model
         * @return this builder
         */
        public <M extends StreamingChatModel & Identified> Builder fallbackTo(M model, FailureKind... kinds) {
            return fallbackTo(model.identity(), model, kinds);
        }

        /**
         * Builds the model.
         *
         * @return the model
         * @throws IllegalArgumentException when two models of the chain have the same name
         */
        public ResilientStreamingChatModel build() {
            ResiliencePolicy chosen = policy == null ? ResiliencePolicy.defaults() : policy;
            return new ResilientStreamingChatModel(chosen, chain.build(chosen));
        }
    }
}
