package dev.llmlifecycle.samples.chatbot;

// docs:begin readme
import java.nio.file.Path;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.extractive.ExtractiveChatModel;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import dev.llmlifecycle.retrieval.vector.PassageIndex;

public final class RefundQuestion {

    public static void main(String[] args) {
        EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Identity miniLm = Identity.of("all-minilm-l6-v2-q", "1.19.0-beta29");
        try (PassageIndex index = PassageIndex.builder(embeddings, miniLm)
                .directory(Path.of("target/refund-index"))
                .build()) {
            index.ingest(DocumentFolder.open(Path.of("help-centre/returns")));
            try (LlmApp app = LlmApp.builder()
                    .model(ExtractiveChatModel.builder(embeddings, miniLm).build())
                    .retriever(index.retriever())
                    .outputValidator(GroundednessValidator.builder().build())
                    .build()) {
                Answer answer = app.ask("How long does a refund take?");
                System.out.println(answer.text());
                answer.citations().forEach(cited -> System.out.println(cited.number() + " " + cited.source()));
            }
        }
    }
}
// docs:end readme
