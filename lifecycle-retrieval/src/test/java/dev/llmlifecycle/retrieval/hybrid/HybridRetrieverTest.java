package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

@NullMarked
class HybridRetrieverTest {

    private static final RetrievalRequest QUESTION = RetrievalRequest.of("refund");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    @Test
    void fusesByRank() {
        HybridExplanation explanation = two(Fusion.reciprocalRank(60)).build().explain(QUESTION);

        assertThat(explanation.retrieval().passages()).extracting(Passage::id).containsExactly("b", "c", "a");
        assertThat(score(explanation, "b")).isEqualTo(1.0 / 62 + 2.0 / 61);
        assertThat(score(explanation, "c")).isEqualTo(2.0 / 62);
        assertThat(score(explanation, "a")).isEqualTo(1.0 / 61);
    }

    @Test
    void fusesByScore() {
        HybridExplanation explanation = two(Fusion.relativeScore()).build().explain(QUESTION);

        assertThat(score(explanation, "a")).isEqualTo(1.0);
        assertThat(score(explanation, "b")).isEqualTo(2.0);
        assertThat(score(explanation, "c")).isZero();
    }

    @Test
    void scalesScoresOfAnySize() {
        HybridExplanation explanation = builder()
                .source("huge", finds(Map.of("a", Double.MAX_VALUE, "b", 0.0, "c", -Double.MAX_VALUE)))
                .fusion(Fusion.relativeScore())
                .build()
                .explain(QUESTION);

        assertThat(score(explanation, "b")).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void explainsScoresByContributionsThatAddUp() {
        for (Fusion fusion : List.of(Fusion.reciprocalRank(60), Fusion.relativeScore())) {
            HybridExplanation explanation = two(fusion).build().explain(QUESTION);

            assertThat(explanation.passages())
                    .hasSize(3)
                    .allSatisfy(fused -> assertThat(fused.contributions().stream()
                                    .mapToDouble(HybridExplanation.Contribution::contribution)
                                    .sum())
                            .isCloseTo(fused.passage().score(), within(1e-12)));
            assertThat(explanation.passages())
                    .extracting(HybridExplanation.FusedPassage::passage)
                    .isEqualTo(explanation.retrieval().passages());
            assertThat(explanation.timings()).containsOnlyKeys("words", "vectors");
        }
    }

    @Test
    void dropsAndNamesASourceThatFails() {
        List<HybridExplanation.DroppedSource> heard = new ArrayList<>();
        HybridExplanation explanation = builder()
                .source("broken", answers(request -> {
                    throw new IllegalStateException("secret " + request.text());
                }))
                .source("words", finds(Map.of("a", 1.0)))
                .onDropped(heard::add)
                .build()
                .explain(QUESTION);

        assertThat(explanation.retrieval().passages()).extracting(Passage::id).containsExactly("a");
        assertThat(explanation.retrieval().snapshotId()).isEqualTo("words=1");
        assertThat(explanation.dropped())
                .containsExactly(
                        new HybridExplanation.DroppedSource("broken", "it failed with java.lang.IllegalStateException"))
                .isEqualTo(heard);
    }

    @Test
    void doesNotWaitForASourceThatHangs() {
        HybridExplanation explanation = builder()
                .source("hanging", hangs(), 10, 1, Duration.ofMillis(1))
                .source("words", finds(Map.of("a", 1.0)), 10, 1, LONG)
                .build()
                .explain(QUESTION);

        assertThat(explanation.retrieval().passages()).extracting(Passage::id).containsExactly("a");
        assertThat(explanation.dropped())
                .containsExactly(new HybridExplanation.DroppedSource("hanging", "it was not there in time"));
    }

    @Test
    void failsWhenEverySourceDoes() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        HybridRetriever retriever = builder()
                .source("hanging", hangs(), 10, 1, LONG)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build();

        assertThatThrownBy(() -> retriever.retrieve(
                        new RetrievalRequest("refund", Optional.empty(), Optional.empty(), Optional.of(Instant.MIN))))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("hanging")
                .hasMessageContaining("not there in time");
    }

    @Test
    void namesASourceThatTheExecutorRefuses() {
        HybridRetriever retriever = HybridRetriever.builder("help", task -> {
                    throw new RejectedExecutionException("full");
                })
                .source("words", finds(Map.of("a", 1.0)))
                .build();

        assertThatThrownBy(() -> retriever.retrieve(QUESTION))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("the executor refused it");
    }

    @Test
    void filtersWhatASourceDoesNot() {
        HybridRetriever retriever =
                builder().source("words", finds(Map.of("a", 1.0, "b", 2.0))).build();

        assertThat(retriever
                        .retrieve(new RetrievalRequest(
                                "refund",
                                Optional.of(metadataKey("name").isEqualTo("a")),
                                Optional.empty(),
                                Optional.empty()))
                        .passages())
                .extracting(Passage::id)
                .containsExactly("a");
    }

    @Test
    void takesAVeryLongQuestion() {
        assertThat(two(Fusion.reciprocalRank(60))
                        .build()
                        .retrieve(RetrievalRequest.of("я".repeat(100_000)))
                        .passages())
                .hasSize(3);
    }

    @Test
    void namesItsWholeConfiguration() {
        Identity identity = two(Fusion.reciprocalRank(60)).build().identity();

        assertThat(two(Fusion.reciprocalRank(60)).build().identity()).isEqualTo(identity);
        assertThat(two(Fusion.reciprocalRank(61)).build().identity()).isNotEqualTo(identity);
        assertThat(two(Fusion.relativeScore()).build().identity()).isNotEqualTo(identity);
        assertThat(two(Fusion.reciprocalRank(60)).maxPassages(3).build().identity())
                .isNotEqualTo(identity);
    }

    @Test
    void refusesWrongConfiguration() {
        Retriever retriever = finds(Map.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().source("words", retriever).source("words", retriever))
                .withMessageContaining("two sources named 'words'");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().build());
        assertThatIllegalArgumentException().isThrownBy(() -> builder().source(" ", retriever));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().source("words", retriever, 0, 1, LONG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().source("words", retriever, 1, Double.NaN, LONG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().source("words", retriever, 1, 1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().source("words", retriever, 1, 1, Duration.ofSeconds(Long.MAX_VALUE)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder().maxPassages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Fusion.reciprocalRank(0));
    }

    private HybridRetriever.Builder builder() {
        return HybridRetriever.builder("help", executor);
    }

    private HybridRetriever.Builder two(Fusion fusion) {
        return builder()
                .source("words", finds(Map.of("a", 9.0, "b", 8.0)), 10, 1, LONG)
                .source("vectors", finds(Map.of("b", 0.9, "c", 0.5)), 10, 2, LONG)
                .fusion(fusion);
    }

    private static double score(HybridExplanation explanation, String id) {
        return explanation.retrieval().passages().stream()
                .filter(passage -> passage.id().equals(id))
                .findFirst()
                .orElseThrow()
                .score();
    }

    private static Retriever finds(Map<String, Double> scores) {
        return answers(request -> new Retrieval(
                scores.entrySet().stream()
                        .map(entry -> new Passage(
                                entry.getKey(),
                                TextSegment.from("text", Metadata.from("name", entry.getKey())),
                                entry.getValue()))
                        .toList(),
                "1"));
    }

    private static Retriever hangs() {
        return answers(request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Retrieval(List.of(), "1");
        });
    }

    private static Retriever answers(Function<RetrievalRequest, Retrieval> answer) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return answer.apply(request);
            }

            @Override
            public String corpusId() {
                return "help";
            }

            @Override
            public String snapshotId() {
                return "1";
            }

            @Override
            public Identity identity() {
                return Identity.of("fixed", "1");
            }
        };
    }
}
