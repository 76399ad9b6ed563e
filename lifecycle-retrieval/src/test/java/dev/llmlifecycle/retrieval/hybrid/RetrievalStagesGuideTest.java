package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.langchain4j.ContentPassageRetriever;
import dev.llmlifecycle.retrieval.langchain4j.EmbeddingStoreRetriever;
import dev.llmlifecycle.retrieval.lexical.LexicalEntry;
import dev.llmlifecycle.retrieval.lexical.LexicalIndex;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/retrieval-stages.md and of the sources in docs/hybrid-retrieval.md. */
@NullMarked
final class RetrievalStagesGuideTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T00:00:00Z"), ZoneOffset.UTC);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final LexicalIndex index = LexicalIndex.builder().build();

    @BeforeEach
    void fill() {
        index.addAll(List.of(
                entry("a", "Refunds take five days.", "2026-01-30"),
                entry("b", "Refunds take two weeks by cheque.", "2019-05-01"),
                entry("c", "The service level agreement promises two days.", "2026-01-01")));
    }

    @AfterEach
    void close() {
        index.close();
        executor.shutdownNow();
    }

    @Test
    void goesThroughStages() {
        Retriever hybrid = index.retriever(50);
        ScoringModel scoringModel = new ScoringModel() {
            @Override
            public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
                return Response.from(segments.stream()
                        .map(segment -> (double) -segment.text().length())
                        .toList());
            }
        };
        Identity scores = Identity.of("scores", "1");
        TokenCountEstimator tokens = new Letters();
        Identity letters = Identity.of("letters", "1");

        // docs:begin stages
        RetrievalPipeline retriever = RetrievalPipeline.builder(hybrid)
                .executor(executor)
                .stage(RetrievalStages.rerank(scoringModel, scores, 50, Duration.ofMillis(300)))
                .stage(RetrievalStages.recency("date", Duration.ofDays(180), 0.2, CLOCK))
                .stage(RetrievalStages.mmr(0.7, 10))
                .stage(RetrievalStages.parents())
                .stage(RetrievalStages.mergeNeighbours(4, 4_000))
                .stage(RetrievalStages.pack(2_000, tokens, letters, PackingOrder.BOTH_ENDS))
                .build();

        PipelineExplanation explanation = retriever.explain(RetrievalRequest.of("How long do refunds take?"));
        // docs:end stages

        assertThat(explanation.retrieval().passages().get(0).id()).isEqualTo("a");
        assertThat(explanation.stages())
                .extracting(PipelineExplanation.StageReport::stage)
                .containsExactly("rerank", "recency", "mmr", "parents", "merge-neighbours", "pack");
        assertThat(explanation.dropped()).isEmpty();
    }

    @Test
    void understandsQuestions() {
        Retriever hybrid = index.retriever(50);

        // docs:begin questions
        QueryExpansion retriever = QueryExpansion.builder(hybrid, executor)
                .transformation(QueryTransformations.spelling(index.vocabulary()))
                .transformation(QueryTransformations.abbreviations(Map.of("SLA", "service level agreement")))
                .transformation(QueryTransformations.decomposition())
                .build();

        ExpansionExplanation explanation =
                retriever.explain(RetrievalRequest.of("How long do refnuds take and what is the SLA?"));
        // docs:end questions

        assertThat(explanation.asked())
                .extracting(ExpansionExplanation.AskedQuestion::text)
                .containsExactly(
                        "How long do refunds take and what is the SLA (service level agreement)?",
                        "How long do refunds take?",
                        "what is the SLA (service level agreement)?");
        assertThat(explanation.retrieval().passages()).hasSize(3);
    }

    @Test
    void learnsWeights() {
        List<JudgedQuery> judged = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            judged.add(JudgedQuery.of("refunds five days " + i, "a"));
        }

        // docs:begin learned
        HybridRetriever.Builder sources = HybridRetriever.builder("help", executor)
                .source("words", index.retriever(50))
                .source("again", index.retriever(10));

        LearnedFusion learned = LearnedFusion.train(sources.build(), judged);
        if (learned.quality().learned() > learned.quality().reciprocalRank()) {
            sources.fusion(learned.fusion());
        }
        HybridRetriever retriever = sources.build();
        // docs:end learned

        assertThat(retriever
                        .retrieve(RetrievalRequest.of("refunds five days"))
                        .passages()
                        .get(0)
                        .id())
                .isEqualTo("a");
        assertThat(learned.weights()).containsOnlyKeys("words", "again");
    }

    @Test
    void takesSourcesFromElsewhere() {
        EmbeddingModel model = new TrigramModel();
        Identity trigrams = Identity.of("trigrams", "1");
        EmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        Embedding embedding = model.embed("Refunds come late.").content();
        store.add(embedding, TextSegment.from("Refunds come late.", Metadata.from("tenant", "acme")));
        ContentRetriever web = query -> List.of(Content.from("Refunds on the web."));

        // docs:begin sources
        HybridRetriever retriever = HybridRetriever.builder("help", executor)
                .source("manuals", index.retriever(50))
                .source(
                        "tickets",
                        EmbeddingStoreRetriever.builder(store, model, trigrams)
                                .corpusId("tickets")
                                .build())
                .source(
                        "web",
                        ContentPassageRetriever.builder(web, Identity.of("web-search", "1"))
                                .corpusId("web")
                                .refuseFilters()
                                .build())
                .build();
        // docs:end sources

        assertThat(retriever
                        .retrieve(RetrievalRequest.of("When do refunds come?"))
                        .passages())
                .extracting(passage -> passage.text())
                .contains("Refunds come late.", "Refunds on the web.", "Refunds take five days.");
    }

    private static LexicalEntry entry(String id, String text, String date) {
        return new LexicalEntry(id, TextSegment.from(text, Metadata.from("date", date)));
    }

    /** Counts letters. */
    private static final class Letters implements TokenCountEstimator {

        @Override
        public int estimateTokenCountInText(String text) {
            return text.length();
        }

        @Override
        public int estimateTokenCountInMessage(ChatMessage message) {
            return 0;
        }

        @Override
        public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
            return 0;
        }
    }
}
