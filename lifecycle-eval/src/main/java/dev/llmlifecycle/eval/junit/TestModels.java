package dev.llmlifecycle.eval.junit;

import java.util.Optional;
import java.util.function.Supplier;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.eval.replay.Cassette;
import dev.llmlifecycle.eval.replay.ReplayMode;

/**
 * Makes the models of one test case: recorded on the test's cassette, counted, and held to its budget.
 *
 * <p>A model is given as a supplier, which is called at the first request that must reach it: where everything is
 * replayed, no client is made and no key is needed. What is returned has the identity of the model.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class TestModels {

    private final Cassette cassette;
    private final Optional<String> refusal;
    private final CallMeter all;
    private final CallMeter live;

    /** Creates models; where there is a refusal, no model is ever asked and it says why. */
    TestModels(Cassette cassette, Optional<String> refusal, CallMeter all, CallMeter live) {
        this.cassette = cassette;
        this.refusal = refusal;
        this.all = all;
        this.live = live;
    }

    /**
     * Returns what is done with a request.
     *
     * @return the mode
     */
    public ReplayMode mode() {
        return refusal.isPresent() ? ReplayMode.REPLAY : cassette.mode();
    }

    /**
     * Makes a chat model.
     *
     * @param identity what decides the model's behaviour
     * @param model gives the model itself
     * @return a model that is {@link dev.llmlifecycle.api.identity.Identified}
     */
    public ChatModel chatModel(Identity identity, Supplier<? extends ChatModel> model) {
        return new MeteredChatModel(
                identity, cassette.chatModel(identity, () -> new MeteredChatModel(identity, asked(model), live)), all);
    }

    /**
     * Makes a streaming chat model.
     *
     * @param identity what decides the model's behaviour
     * @param model gives the model itself
     * @return a model that is {@link dev.llmlifecycle.api.identity.Identified}
     */
    public StreamingChatModel streamingChatModel(Identity identity, Supplier<? extends StreamingChatModel> model) {
        return new MeteredStreamingChatModel(
                identity,
                cassette.streamingChatModel(
                        identity, () -> new MeteredStreamingChatModel(identity, asked(model), live)),
                all);
    }

    /**
     * Makes an embedding model.
     *
     * @param identity what decides the model's vectors
     * @param model gives the model itself
     * @return a model that is {@link dev.llmlifecycle.api.identity.Identified}
     */
    public EmbeddingModel embeddingModel(Identity identity, Supplier<? extends EmbeddingModel> model) {
        return new MeteredEmbeddingModel(
                identity,
                cassette.embeddingModel(identity, () -> new MeteredEmbeddingModel(identity, asked(model), live)),
                all);
    }

    private <M> M asked(Supplier<? extends M> model) {
        if (refusal.isPresent()) {
            throw new LifecycleException(refusal.get());
        }
        return model.get();
    }
}
