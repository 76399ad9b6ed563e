package dev.llmlifecycle.core.resilience;

import java.util.Objects;
import java.util.function.Function;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.langchain4j.internal.ForwardingEmbeddingModel;

/**
 * An embedding model with timeouts, retries and a circuit breaker.
 *
 * <p>There is no fallback to another model, as vectors of different models do not compare. A batch is tried again as a
 * whole. It describes itself as the other model does, whose listeners hear each attempt once. When no attempt succeeds,
 * it throws a {@link ModelCallException}; when its thread is interrupted, it stops waiting at once and keeps the
 * interrupt. Thread-safe when the model is.
 *
 * @since 0.1
 */
public final class ResilientEmbeddingModel extends ForwardingEmbeddingModel implements Identified {

    private final ResiliencePolicy policy;
    private final Identity identity;
    private final Chain<EmbeddingModel> chain;

    private ResilientEmbeddingModel(ResiliencePolicy policy, Identity identity, EmbeddingModel model) {
        super(model);
        this.policy = Objects.requireNonNull(policy, "policy");
        this.identity = Objects.requireNonNull(identity, "identity");
        this.chain = new Chain.Builder<>(identity, model).build(policy);
    }

    /**
     * Puts a policy round a model.
     *
     * @param policy the policy
     * @param identity the identity of the model; its name stands in messages
     * @param model the model
     * @return the resilient model
     */
    public static ResilientEmbeddingModel of(ResiliencePolicy policy, Identity identity, EmbeddingModel model) {
        return new ResilientEmbeddingModel(policy, identity, model);
    }

    /**
     * Returns the identity of the model underneath: the vectors are its own, so an index made with it stays valid.
     *
     * @return the identity that was given
     */
    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    protected <T> T call(Function<EmbeddingModel, T> call) {
        return chain.call(
                policy.totalTimeout(), new BlockingAttempt<>(policy, (link, allowed) -> call.apply(link.model())));
    }
}
