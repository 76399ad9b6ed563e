package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.lexical.LexicalEntry;
import dev.llmlifecycle.retrieval.lexical.LexicalIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/hybrid-retrieval.md. */
@NullMarked
final class HybridGuideTest {

    @Test
    void asksTwoSources() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (LexicalIndex manuals = LexicalIndex.builder().build();
                LexicalIndex tickets = LexicalIndex.builder().build()) {
            manuals.addAll(List.of(new LexicalEntry("manual-1", TextSegment.from("Refunds take five days."))));
            tickets.addAll(List.of(new LexicalEntry("ticket-1", TextSegment.from("My refund came late."))));

            // docs:begin first
            HybridRetriever retriever = HybridRetriever.builder("help", executor)
                    .source("manuals", manuals.retriever(50), 50, 2.0, Duration.ofSeconds(2))
                    .source("tickets", tickets.retriever(50))
                    .fusion(Fusion.reciprocalRank(60))
                    .build();

            HybridExplanation explanation = retriever.explain(RetrievalRequest.of("How long does a refund take?"));
            // docs:end first

            assertThat(explanation.passages().get(0).passage().id()).isEqualTo("manual-1");
            assertThat(explanation.dropped()).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }
}
