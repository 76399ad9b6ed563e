package dev.llmlifecycle.eval.junit;

import java.util.function.Function;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.langchain4j.internal.ForwardingEmbeddingModel;

/** An embedding model whose calls a meter hears of; its listeners stay with the other model. */
final class MeteredEmbeddingModel extends ForwardingEmbeddingModel implements Identified {

    private final Identity identity;
    private final EmbeddingModel model;
    private final CallMeter meter;

    MeteredEmbeddingModel(Identity identity, EmbeddingModel model, CallMeter meter) {
        super(model);
        this.identity = identity;
        this.model = model;
        this.meter = meter;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    protected <T> T call(Function<EmbeddingModel, T> call) {
        meter.before();
        T result = call.apply(model);
        meter.after(null);
        return result;
    }
}
