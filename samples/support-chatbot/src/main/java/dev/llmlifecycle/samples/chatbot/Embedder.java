package dev.llmlifecycle.samples.chatbot;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;

/** An embedding model with its identity. */
record Embedder(EmbeddingModel model, Identity identity) {

    /** The model that comes as a jar. */
    static Embedder miniLm() {
        return new Embedder(
                new AllMiniLmL6V2QuantizedEmbeddingModel(), Identity.of("all-minilm-l6-v2-q", "1.19.0-beta29"));
    }
}
