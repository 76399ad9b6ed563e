package dev.llmlifecycle.core.langchain4j.internal;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.Response;

/**
 * An embedding model that describes itself as another one does and leaves to a subclass how that one is called.
 *
 * <p>Listeners stay with the other model and hear each call of it once. Thread-safe when the subclass is.
 *
 * @since 0.1
 */
public abstract class ForwardingEmbeddingModel implements EmbeddingModel {

    private final EmbeddingModel model;

    /**
     * Creates a model.
     *
     * @param model the model that is described and called
     */
    protected ForwardingEmbeddingModel(EmbeddingModel model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    /**
     * Calls the other model.
     *
     * @param call what to call on it, which may reach an endpoint
     * @param <T> what it returns
     * @return what it returned
     */
    protected abstract <T> T call(Function<EmbeddingModel, T> call);

    @Override
    public final EmbeddingResponse embed(EmbeddingRequest request) {
        return call(model -> model.embed(request));
    }

    @Override
    public final EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return call(model -> model.embed(request));
    }

    @Override
    public final Response<Embedding> embed(String text) {
        return call(model -> model.embed(text));
    }

    @Override
    public final Response<Embedding> embed(TextSegment segment) {
        return call(model -> model.embed(segment));
    }

    @Override
    public final Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return call(model -> model.embedAll(segments));
    }

    @Override
    public final int dimension() {
        return call(EmbeddingModel::dimension);
    }

    @Override
    public final String modelName() {
        return model.modelName();
    }

    @Override
    public final ModelProvider provider() {
        return model.provider();
    }

    @Override
    public final EmbeddingRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public final Set<EmbeddingParameter<?>> supportedParameters() {
        return model.supportedParameters();
    }

    @Override
    public final Set<ContentType> supportedContentTypes() {
        return model.supportedContentTypes();
    }
}
