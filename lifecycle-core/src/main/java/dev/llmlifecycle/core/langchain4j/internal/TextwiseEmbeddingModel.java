package dev.llmlifecycle.core.langchain4j.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;

/**
 * An embedding model that gives each text its vector by itself, and may ask another model for those it does not know.
 *
 * <p>It describes itself as the other model does, whose listeners hear each call that reaches it once. Thread-safe when
 * the subclass is.
 *
 * @since 0.1
 */
public abstract class TextwiseEmbeddingModel implements EmbeddingModel {

    private static final Set<EmbeddingParameter<?>> STANDARD = Set.of(
            EmbeddingRequestParameters.MODEL_NAME,
            EmbeddingRequestParameters.DIMENSIONS,
            EmbeddingRequestParameters.INPUT_TYPE);

    /** Creates a model. */
    protected TextwiseEmbeddingModel() {}

    /**
     * Returns the other model, if it may be asked.
     *
     * @return the model
     */
    protected abstract Optional<EmbeddingModel> model();

    /**
     * Gives each text its vector.
     *
     * @param texts the texts
     * @param parameters what else the vectors depend on: texts, numbers and booleans by name
     * @param model asks the other model
     * @return a vector for each text
     */
    protected abstract List<float[]> vectors(List<String> texts, Map<String, Object> parameters, Batch model);

    @Override
    public final EmbeddingResponse embed(EmbeddingRequest request) {
        List<String> texts = request.inputs().stream()
                .map(TextwiseEmbeddingModel::requireText)
                .toList();
        List<Embedding> embeddings =
                vectors(texts, plain(request.parameters()), positions -> ask(request, positions)).stream()
                        .map(Embedding::from)
                        .toList();
        return EmbeddingResponse.builder()
                .embeddings(embeddings)
                .modelName(modelName())
                .build();
    }

    @Override
    public final EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return embed(request);
    }

    @Override
    public final ModelProvider provider() {
        return model().map(EmbeddingModel::provider).orElse(ModelProvider.OTHER);
    }

    @Override
    public final EmbeddingRequestParameters defaultRequestParameters() {
        return model().map(EmbeddingModel::defaultRequestParameters).orElse(EmbeddingRequestParameters.EMPTY);
    }

    @Override
    public final Set<EmbeddingParameter<?>> supportedParameters() {
        return model().map(EmbeddingModel::supportedParameters).orElse(STANDARD);
    }

    @Override
    public final Set<ContentType> supportedContentTypes() {
        return Set.of(ContentType.TEXT);
    }

    private List<float[]> ask(EmbeddingRequest request, List<Integer> positions) {
        List<EmbeddingInput> inputs =
                positions.stream().map(request.inputs()::get).toList();
        EmbeddingModel asked = model().orElseThrow(() -> new IllegalStateException("there is no model to ask"));
        EmbeddingResponse response = asked.embed(EmbeddingRequest.builder()
                .inputs(inputs)
                .parameters(request.parameters())
                .build());
        List<float[]> vectors = new ArrayList<>();
        response.embeddings().forEach(embedding -> vectors.add(embedding.vector()));
        return vectors;
    }

    private static String requireText(EmbeddingInput input) {
        if (!input.contentTypes().equals(Set.of(ContentType.TEXT))) {
            throw new UnsupportedFeatureException("Embedding content of the types " + input.contentTypes()
                    + " is not supported here; embed texts, or use the model itself");
        }
        return Objects.requireNonNull(input.text(), "text");
    }

    private static Map<String, Object> plain(EmbeddingRequestParameters parameters) {
        Map<String, Object> plain = new TreeMap<>();
        for (EmbeddingParameter<?> parameter : parameters.presentParameters()) {
            Object value = parameters.parameter(parameter);
            plain.put(
                    parameter.name(),
                    value instanceof Number || value instanceof Boolean ? value : String.valueOf(value));
        }
        return plain;
    }

    /** Asks the other model for some of the texts, in one call. */
    @FunctionalInterface
    public interface Batch {

        /**
         * Asks the model.
         *
         * @param positions which of the texts, never none
         * @return their vectors, in the same order
         */
        List<float[]> embed(List<Integer> positions);
    }
}
