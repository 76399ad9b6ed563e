package com.example.retrieval;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.retrieval.langchain4j.PassageContentRetriever;
import dev.llmlifecycle.retrieval.vector.PassageIndex;
import java.nio.file.Path;
import java.util.List;

/** After: passages are found by their vectors, their sentences and their words, and the index stays on disk. */
public final class HybridAssistant implements AutoCloseable {

    private final PassageIndex index;
    private final Assistant assistant;

    public HybridAssistant(ChatModel model, EmbeddingModel embeddings, List<Document> documents, Path directory) {
        // docs:begin after
        index = PassageIndex.builder(embeddings, Identity.of("all-minilm-l6-v2-q", "1"))
                .directory(directory)
                .build();
        index.ingest(documents);

        assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .contentRetriever(PassageContentRetriever.of(
                        index.retrieverBuilder().maxPassages(1).build()))
                .build();
        // docs:end after
    }

    public String answer(String question) {
        return assistant.answer(question);
    }

    @Override
    public void close() {
        index.close();
    }
}
