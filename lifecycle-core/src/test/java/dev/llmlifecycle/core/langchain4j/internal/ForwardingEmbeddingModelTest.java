package dev.llmlifecycle.core.langchain4j.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ForwardingEmbeddingModelTest {

    private final Inputs inputs = new Inputs();
    private final List<String> calls = new ArrayList<>();
    private final ForwardingEmbeddingModel model = new ForwardingEmbeddingModel(inputs) {
        @Override
        protected <T> T call(Function<EmbeddingModel, T> call) {
            calls.add("call");
            return call.apply(inputs);
        }
    };

    @Test
    void describesItselfAsTheOther() {
        assertThat(model.provider()).isEqualTo(ModelProvider.COHERE);
        assertThat(model.modelName()).isEqualTo("inputs");
        assertThat(model.supportedParameters()).isEqualTo(inputs.supportedParameters());
        assertThat(model.supportedContentTypes()).containsExactlyInAnyOrder(ContentType.TEXT, ContentType.IMAGE);
        assertThat(model.defaultRequestParameters().inputType()).isEqualTo(EmbeddingInputType.DOCUMENT);
        assertThat(calls).isEmpty();
    }

    @Test
    void handsTheWholeRequestOn() {
        EmbeddingRequest request = EmbeddingRequest.builder()
                .input("abc")
                .inputType(EmbeddingInputType.QUERY)
                .build();

        model.embed(request);
        model.doEmbed(request);

        assertThat(inputs.types).containsExactly(EmbeddingInputType.QUERY, EmbeddingInputType.QUERY);
        assertThat(calls).hasSize(2);
    }

    @Test
    void everyWayOfEmbeddingIsOneCallThatListenersHearOnce() {
        model.embed("abc");
        model.embed(TextSegment.from("abc"));
        model.embedAll(List.of(TextSegment.from("abc")));
        assertThat(model.dimension()).isEqualTo(1);

        assertThat(calls).hasSize(4);
        assertThat(inputs.heard).hasSize(4);
    }

    private static final class Inputs implements EmbeddingModel {

        private final List<EmbeddingInputType> types = new ArrayList<>();
        private final List<String> heard = new ArrayList<>();

        @Override
        public EmbeddingResponse doEmbed(EmbeddingRequest request) {
            types.add(request.parameters().inputType());
            return EmbeddingResponse.builder()
                    .embeddings(request.inputs().stream()
                            .map(input -> Embedding.from(new float[] {1f}))
                            .toList())
                    .metadata(EmbeddingResponseMetadata.builder().build())
                    .build();
        }

        @Override
        public List<EmbeddingModelListener> listeners() {
            return List.of(new EmbeddingModelListener() {
                @Override
                public void onRequest(EmbeddingModelRequestContext context) {
                    heard.add("request");
                }
            });
        }

        @Override
        public Set<EmbeddingParameter<?>> supportedParameters() {
            return Set.of(EmbeddingRequestParameters.INPUT_TYPE);
        }

        @Override
        public Set<ContentType> supportedContentTypes() {
            return Set.of(ContentType.TEXT, ContentType.IMAGE);
        }

        @Override
        public EmbeddingRequestParameters defaultRequestParameters() {
            return EmbeddingRequestParameters.builder()
                    .inputType(EmbeddingInputType.DOCUMENT)
                    .build();
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.COHERE;
        }

        @Override
        public String modelName() {
            return "inputs";
        }
    }
}
