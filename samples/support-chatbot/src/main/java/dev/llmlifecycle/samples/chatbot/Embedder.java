package dev.llmlifecycle.samples.chatbot;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;

/** An embedding model with its identity. */
record Embedder(EmbeddingModel model, Identity identity) {

    /** The model that comes as a jar; it is open as long as the program runs. */
    static Embedder miniLm() {
        return new Embedder(
                InProcessEmbeddingModel.allMiniLmL6V2Quantized(), Identity.of("all-minilm-l6-v2-q", "1.19.0-beta29"));
    }
}
