package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/** Parts that cost nothing, so that what is measured is the way between them. */
final class NoOpParts {

    static final String QUESTION = "How long does a refund take when I paid by card?";

    private static final int DIMENSION = 384;
    private static final List<String> TEXTS = List.of(
            "Refunds are paid within 14 days of the day on which the parcel is back with us. A refund goes to the means"
                    + " of payment that was used. Card refunds may take up to five more days at the bank.",
            "A return is free of charge within Germany. You print the label yourself. Keep the receipt of the shop.",
            "The warranty is two years. It does not cover wear, such as seals and burrs. A repair takes ten days.",
            "Gift cards are valid for five years. Up to four of them can be used in one order. They are not paid out.",
            "The showroom is open from 10:00 to 18:00 on weekdays. Parking is limited to 90 minutes in the yard.");

    private NoOpParts() {}

    /** Always answers the same. */
    static ChatModel chatModel() {
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.from("Refunds are paid within 14 days [1]."))
                .modelName("no-op")
                .build();
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return response;
            }
        };
    }

    /** Always finds the same five passages. */
    static Retriever retriever() {
        Retrieval retrieval = new Retrieval(passages(), "snapshot");
        Identity identity = Identity.of("no-op-retriever", "1");
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return retrieval;
            }

            @Override
            public String corpusId() {
                return "corpus";
            }

            @Override
            public String snapshotId() {
                return retrieval.snapshotId();
            }

            @Override
            public Identity identity() {
                return identity;
            }
        };
    }

    static List<Passage> passages() {
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < TEXTS.size(); i++) {
            Metadata metadata =
                    Metadata.from(Map.of(Passage.SOURCE, "page-" + i + ".md", Passage.HEADING, "Help > Page " + i));
            passages.add(new Passage("page-" + i + "#0", TextSegment.from(TEXTS.get(i), metadata), 1.0 - 0.1 * i));
        }
        return passages;
    }

    /** Gives each text a vector of its own, made from its hash code, for next to nothing. */
    static EmbeddingModel embeddingModel() {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment -> {
                            float[] vector = new float[DIMENSION];
                            vector[Math.floorMod(segment.text().hashCode(), DIMENSION)] = 1;
                            vector[0] += 0.5f;
                            return Embedding.from(vector);
                        })
                        .toList());
            }
        };
    }
}
