package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * A chat model that goes on answering when an endpoint fails: it waits no longer than allowed, tries again what may
 * succeed, leaves alone what keeps failing, and falls back to other models.
 *
 * <pre>{@code
 * ChatModel model = ResilientChatModel.builder(Identity.of("gpt-4o-mini", "2024-07-18"), openAi)
 *         .policy(policy)
 *         .fallbackTo(Identity.of("llama-3.1", "8b"), local, FailureKind.RATE_LIMIT, FailureKind.TIMEOUT)
 *         .fallbackTo(extractive)
 *         .build();
 * }</pre>
 *
 * <p>It describes itself as the first model does. Listeners of the models hear each attempt once. When no model
 * answers, it throws a {@link ModelCallException}; when its thread is interrupted, it stops waiting at once and keeps
 * the interrupt. Switch off the retries of the models underneath ({@code maxRetries(0)}), as they would multiply.
 * Thread-safe when the models are.
 *
 * @since 0.1
 */
public final class ResilientChatModel implements ChatModel, Identified {

    private final ResiliencePolicy policy;
    private final Chain<ChatModel> chain;

    private ResilientChatModel(ResiliencePolicy policy, Chain<ChatModel> chain) {
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
    public static Builder builder(Identity identity, ChatModel model) {
        return new Builder(identity, model);
    }

    /**
     * Starts a chain of models with one that names itself.
     *
     * @param model the first model
     * @param <M> its class
     * @return a builder
     */
    public static <M extends ChatModel & Identified> Builder builder(M model) {
        return new Builder(model.identity(), model);
    }

    @Override
    public Identity identity() {
        return chain.identity();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        Objects.requireNonNull(request, "request");
        ChatRequestOptions given = options == null ? ChatRequestOptions.EMPTY : options;
        return chain.call(
                Requests.allowed(policy, given),
                new BlockingAttempt<>(policy, (link, allowed) -> ask(link, request, given, allowed)));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
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

    private ChatResponse ask(Link<ChatModel> link, ChatRequest request, ChatRequestOptions options, Duration allowed) {
        ChatResponse response =
                link.model().chat(Requests.forModel(link, request), Requests.within(policy, allowed, options));
        if (EmptyAnswerException.isEmpty(response)) {
            throw new EmptyAnswerException();
        }
        return response;
    }

    /** Builds a {@link ResilientChatModel}. Not thread-safe. */
    public static final class Builder {

        private final Chain.Builder<ChatModel> chain;
        private @Nullable ResiliencePolicy policy;

        private Builder(Identity identity, ChatModel model) {
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
         * Adds a model that takes over when the models before it have failed. Default: none. A request that names a
         * model reaches it without that name.
         *
         * @param identity the identity of the model, with a name of its own in the chain
         * @param model the model
         * @param kinds the last failures after which it takes over, all kinds where none is given; a model that is left
         *     alone counts both as {@link FailureKind#CIRCUIT_OPEN} and as what opened its circuit
         * @return this builder
         */
        public Builder fallbackTo(Identity identity, ChatModel model, FailureKind... kinds) {
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
        public <M extends ChatModel & Identified> Builder fallbackTo(M model, FailureKind... kinds) {
            return fallbackTo(model.identity(), model, kinds);
        }

        /**
         * Builds the model.
         *
         * @return the model
         * @throws IllegalArgumentException when two models of the chain have the same name
         */
        public ResilientChatModel build() {
            ResiliencePolicy chosen = policy == null ? ResiliencePolicy.defaults() : policy;
            return new ResilientChatModel(chosen, chain.build(chosen));
        }
    }
}
