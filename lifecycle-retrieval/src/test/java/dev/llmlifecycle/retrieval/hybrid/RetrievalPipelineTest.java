package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.retrieval.hybrid.Fixed.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@NullMarked
final class RetrievalPipelineTest {

    private static final RetrievalRequest QUESTION = RetrievalRequest.of("How long does a refund take?");
    private static final Identity MODEL = Identity.of("scores", "1");
    private static final Identity TOKENS = Identity.of("words", "1");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-01-31T00:00:00Z"), ZoneOffset.UTC);

    private final ExecutorService executor = Executors.newCachedThreadPool();

    private final List<Passage> three = List.of(
            passage("a", "Parcels are shipped at noon.", 3),
            passage("b", "A refund takes five days.", 2),
            passage("c", "Refunds of gift cards take ten days.", 1));

    @AfterEach
    void close() {
        executor.shutdownNow();
    }

    @Test
    @DisplayName("Passages are ranked by the scores of the model, and the explanation has both scores")
    void reranks() {
        PipelineExplanation explanation = explain(three, rerank((segments, question) -> List.of(0.1, 0.9), 2));

        assertThat(ids(explanation)).containsExactly("b", "a");
        assertThat(explanation.stages()).hasSize(1);
        PipelineExplanation.StageReport report = explanation.stages().get(0);
        assertThat(report.stage()).isEqualTo("rerank");
        assertThat(report.changes())
                .first()
                .isEqualTo(new PipelineExplanation.Change("b", List.of("b"), 2, 2, 1, 0.9, "scored by scores"));
        assertThat(report.leftOut())
                .extracting(RetrievalStage.LeftOut::passageId)
                .containsExactly("c");
        assertThat(explanation.found().passages()).isEqualTo(three);
    }

    @Test
    @DisplayName("A reranker that gives too few scores or NaN is dropped and named, and the passages stay as they were")
    void dropsARerankerThatIsWrong() {
        List<PipelineExplanation.DroppedStage> heard = new ArrayList<>();
        RetrievalPipeline pipeline = RetrievalPipeline.builder(Fixed.finds(three))
                .executor(executor)
                .stage(rerank((segments, question) -> List.of(1.0), 3))
                .stage(rerank((segments, question) -> List.of(1.0, Double.NaN, 2.0), 3))
                .stage(rerank(
                        (segments, question) -> {
                            throw new IllegalStateException("secret " + question);
                        },
                        3))
                .onDropped(heard::add)
                .build();

        PipelineExplanation explanation = pipeline.explain(QUESTION);

        assertThat(explanation.retrieval().passages()).isEqualTo(three);
        assertThat(explanation.retrieval().snapshotId()).isEqualTo("1;without=rerank;without=rerank;without=rerank");
        assertThat(explanation.dropped()).isEqualTo(heard).hasSize(3);
        assertThat(heard.get(0).reason()).contains("scores:1", "gave 1 scores");
        assertThat(heard.get(1).reason()).contains("score NaN to the passage 'b'");
        assertThat(heard.get(2).reason()).isEqualTo("it failed with java.lang.IllegalStateException");
    }

    @Test
    @DisplayName("A reranker that hangs is not waited for beyond its timeout or the deadline")
    void doesNotWaitForARerankerThatHangs() {
        BiFunction<List<TextSegment>, String, List<Double>> hanging = (segments, question) -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };
        RetrievalPipeline pipeline = RetrievalPipeline.builder(Fixed.finds(three))
                .executor(executor)
                .clock(NOW)
                .stage(RetrievalStages.rerank(model(hanging), MODEL, 3, Duration.ofMillis(1)))
                .stage(RetrievalStages.rerank(model(hanging), MODEL, 3, LONG))
                .build();

        PipelineExplanation explanation = pipeline.explain(
                new RetrievalRequest("refund", Optional.empty(), Optional.empty(), Optional.of(NOW.instant())));

        assertThat(explanation.retrieval().passages()).isEqualTo(three);
        assertThat(explanation.dropped())
                .extracting(PipelineExplanation.DroppedStage::reason)
                .containsExactly("it was not there in time", "it was not there in time");
    }

    @Test
    @DisplayName("Words rank the passage first that has the question's")
    void ranksByWords() {
        PipelineExplanation explanation = explain(three, RetrievalStages.rerankByWords(1));

        assertThat(ids(explanation).get(0)).isEqualTo("b");
        assertThat(explanation.stages().get(0).changes().get(0).reason()).contains("words of the question");
    }

    @Test
    @DisplayName("MMR takes what is unlike before what says the same again, and its scores fall")
    void takesWhatIsUnlike() {
        List<Passage> alike = List.of(
                passage("a", "a refund takes five days", 1.0),
                passage("b", "a refund takes five days", 0.9),
                passage("c", "parcels ship at noon", 0.5),
                passage("d", "none", 0.0));

        assertThat(ids(explain(alike, RetrievalStages.mmr(0.5, 3)))).containsExactly("a", "c", "d");
        assertThat(ids(explain(alike, RetrievalStages.mmr(1, 3)))).containsExactly("a", "b", "c");
        PipelineExplanation vectors =
                explain(alike, RetrievalStages.mmr(0.5, 2, new TrigramModel(), Identity.of("trigrams", "1"), LONG));
        assertThat(ids(vectors)).containsExactly("a", "c");
        assertThat(explain(alike, RetrievalStages.mmr(0.5, 4)).retrieval().passages())
                .isSortedAccordingTo(Scaling.BEST_FIRST);
    }

    @Test
    @DisplayName("Recency halves with each half-life, and nothing is newer than now")
    void prefersWhatIsNew() {
        List<Passage> dated = List.of(
                passage("old", "x", 1, Metadata.from("date", "2026-01-01")),
                passage("new", "x", 1, Metadata.from("date", "2026-01-31T00:00:00Z")),
                passage("future", "x", 1, Metadata.from("date", "2027-01-31T00:00:00+01:00")),
                passage(
                        "millis",
                        "x",
                        1,
                        new Metadata()
                                .put(
                                        "date",
                                        Instant.parse("2026-01-16T00:00:00Z").toEpochMilli())),
                passage("none", "x", 1),
                passage("odd", "x", 1, Metadata.from("date", "yesterday")));

        PipelineExplanation explanation =
                explain(dated, RetrievalStages.recency("date", Duration.ofDays(15), 0.5, NOW));

        assertThat(scores(explanation))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("old", 0.625, "new", 1.0, "future", 1.0, "millis", 0.75, "none", 0.5, "odd", 0.5));
    }

    @Test
    @DisplayName("Authority and boosts mix what the metadata says with the scaled score, also of negative scores")
    void mixesMetadata() {
        List<Passage> negative = List.of(
                passage("a", "x", -1, new Metadata().put("trust", 0.5).put("kind", "forum")),
                passage("b", "x", -3, new Metadata().put("trust", 7).put("kind", "handbook")));

        assertThat(scores(explain(negative, RetrievalStages.authority("trust", 0.5))))
                .isEqualTo(Map.of("a", 0.75, "b", 0.5));
        assertThat(ids(explain(negative, RetrievalStages.boost("kind", Map.of("handbook", 1.0), 0.6))))
                .containsExactly("b", "a");
        assertThat(scores(explain(negative, RetrievalStages.authority("unknown", 0.5))))
                .isEqualTo(Map.of("a", 0.5, "b", 0.0));
    }

    @Test
    @DisplayName("A parent takes the place of its children once")
    void expandsToParents() {
        Document document = Document.from(
                "First sentence here. Second sentence here.\n\nAnother paragraph stands here.",
                Metadata.from(Passage.SOURCE, "doc.md"));
        List<TextSegment> children = Chunkers.parentChild(Chunkers.bySentences(60, 0), Chunkers.bySentences(25, 0))
                .split(document);
        List<Passage> found = new ArrayList<>();
        for (TextSegment child : children) {
            found.add(new Passage("child-" + found.size(), child, 1.0 / (1 + found.size())));
        }

        PipelineExplanation explanation = explain(found, RetrievalStages.parents());

        assertThat(explanation.retrieval().passages()).hasSizeLessThan(found.size());
        Passage first = explanation.retrieval().passages().get(0);
        assertThat(first.text()).startsWith("First sentence here. Second sentence here.");
        assertThat(first.score()).isEqualTo(1.0);
        assertThat(explanation.stages().get(0).changes().get(0).from()).contains("child-0", "child-1");
    }

    @Test
    @DisplayName("Neighbours of one document become one passage with the text of the document")
    void mergesNeighbours() {
        String text = "One two. Three four.\n\nFive six. Seven.";
        List<Passage> found = List.of(
                piece("c", text, 22, 31, 0.9, "A > B > D"),
                piece("a", text, 0, 8, 0.5, "A > B > C"),
                piece("b", text, 4, 20, 0.7, "A > B > C"),
                piece("far", text, 32, 38, 0.1, "A"),
                passage("other", "no place", 0.6));

        PipelineExplanation explanation = explain(found, RetrievalStages.mergeNeighbours(2, 31));

        assertThat(ids(explanation)).containsExactly("doc.md#0-31", "other", "far");
        Passage merged = explanation.retrieval().passages().get(0);
        assertThat(merged.text()).isEqualTo(text.substring(0, 31));
        assertThat(merged.score()).isEqualTo(0.9);
        assertThat(merged.heading()).contains("A > B");
        assertThat(merged.segment().metadata().getInteger(Chunkers.END)).isEqualTo(31);
        assertThat(explanation.stages().get(0).changes().get(0).from()).containsExactly("c", "b", "a");
        assertThat(ids(explain(found, RetrievalStages.mergeNeighbours(0, 31)))).contains("c", "doc.md#0-20");
    }

    @Test
    @DisplayName("Packing takes what fits and orders it to be read")
    void packs() {
        List<Passage> four = List.of(
                passage("a", "one two", 4, Metadata.from(Passage.SOURCE, "x").put(Chunkers.START, 50)),
                passage("b", "one two three four five six", 3),
                passage("c", "one two", 2, Metadata.from(Passage.SOURCE, "y").put(Chunkers.START, 0)),
                passage("d", "one", 1, Metadata.from(Passage.SOURCE, "x").put(Chunkers.START, 10)),
                passage("e", "one", 0.5, Metadata.from(Passage.SOURCE, "z")));

        assertThat(ids(explain(four, pack(6, PackingOrder.BEST_FIRST)))).containsExactly("a", "c", "d", "e");
        assertThat(ids(explain(four, pack(6, PackingOrder.BEST_LAST)))).containsExactly("e", "d", "c", "a");
        assertThat(ids(explain(four, pack(6, PackingOrder.BOTH_ENDS)))).containsExactly("a", "d", "e", "c");
        assertThat(ids(explain(four, pack(5, PackingOrder.BOTH_ENDS)))).containsExactly("a", "d", "c");
        assertThat(ids(explain(four, pack(6, PackingOrder.DOCUMENT)))).containsExactly("d", "a", "c", "e");
        assertThat(explain(four, pack(6, PackingOrder.BEST_FIRST))
                        .stages()
                        .get(0)
                        .leftOut())
                .containsExactly(new RetrievalStage.LeftOut("b", "it needs 6 tokens and 4 of 6 are left"));
    }

    @Test
    @DisplayName("A budget smaller than every passage leaves nothing, with the reason, and later stages are not asked")
    void packsNothing() {
        PipelineExplanation explanation =
                explain(three, pack(2, PackingOrder.BEST_FIRST), rerank((segments, question) -> List.of(), 3));

        assertThat(explanation.retrieval().passages()).isEmpty();
        assertThat(explanation.stages()).hasSize(1);
        assertThat(explanation.stages().get(0).leftOut())
                .hasSize(3)
                .allMatch(left -> left.reason().contains("tokens and 2 of 2 are left"));
        assertThat(explanation.dropped()).isEmpty();
    }

    @Test
    @DisplayName("A stage without a timeout that fails is named in the failure of the retrieval")
    void namesAStageThatFails() {
        TokenCountEstimator negative = new WordTokens() {
            @Override
            public int estimateTokenCountInText(@Nullable String text) {
                return -1;
            }
        };

        assertThatThrownBy(() -> explain(three, RetrievalStages.pack(5, negative, TOKENS, PackingOrder.BEST_FIRST)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("passage 'a' gave -1");
        assertThatThrownBy(() -> explain(three, stage((request, passages) -> {
                    throw new IllegalStateException("broken");
                })))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("'custom'");
        assertThatIllegalStateException()
                .isThrownBy(() -> explain(
                        three,
                        stage((request, passages) -> new RetrievalStage.Outcome(
                                List.of(RetrievalStage.Kept.unchanged(passage("invented", "x", 1), "")), List.of()))))
                .withMessageContaining("'invented'");
    }

    @Test
    @DisplayName("Cuts by number and by score say what they leave out")
    void cuts() {
        assertThat(ids(explain(three, RetrievalStages.first(2)))).containsExactly("a", "b");
        PipelineExplanation explanation = explain(three, RetrievalStages.minimumScore(2));
        assertThat(ids(explanation)).containsExactly("a", "b");
        assertThat(explanation.stages().get(0).leftOut().get(0).reason()).contains("1.000 is below 2.000");
    }

    @Test
    @DisplayName("Long questions and those of other scripts go through every stage")
    void takesHardQuestions() {
        RetrievalPipeline pipeline = RetrievalPipeline.builder(Fixed.finds(three))
                .stage(RetrievalStages.rerankByWords(0.5))
                .stage(RetrievalStages.mmr(0.7, 3))
                .build();

        for (String text : List.of("w ".repeat(50_000), "я".repeat(100_000), "退款需要多久？", "؟", "\uD83D")) {
            assertThat(pipeline.retrieve(RetrievalRequest.of(text)).passages()).hasSize(3);
        }
    }

    @Test
    @DisplayName("The identity covers the retriever, the stages, their order and their settings")
    void namesItsConfiguration() {
        List<RetrievalStage> stages = List.of(
                RetrievalStages.mmr(0.5, 3),
                RetrievalStages.mmr(0.6, 3),
                RetrievalStages.mmr(0.5, 4),
                RetrievalStages.mmr(0.5, 3, new TrigramModel(), MODEL, LONG),
                RetrievalStages.rerankByWords(0.5),
                RetrievalStages.rerankByWords(0.6),
                rerank((segments, question) -> List.of(), 3),
                rerank((segments, question) -> List.of(), 4),
                RetrievalStages.rerank(model((segments, question) -> List.of()), TOKENS, 3, LONG),
                RetrievalStages.rerank(model((segments, question) -> List.of()), MODEL, 3, Duration.ofSeconds(1)),
                RetrievalStages.recency("date", Duration.ofDays(1), 0.5, NOW),
                RetrievalStages.recency("date", Duration.ofDays(2), 0.5, NOW),
                RetrievalStages.recency("time", Duration.ofDays(1), 0.5, NOW),
                RetrievalStages.authority("trust", 0.5),
                RetrievalStages.authority("rank", 0.5),
                RetrievalStages.boost("kind", Map.of("a", 1.0), 0.5),
                RetrievalStages.boost("kind", Map.of("a", 0.5), 0.5),
                RetrievalStages.parents(),
                RetrievalStages.mergeNeighbours(1, 100),
                RetrievalStages.mergeNeighbours(2, 100),
                RetrievalStages.mergeNeighbours(1, 200),
                pack(5, PackingOrder.BEST_FIRST),
                pack(6, PackingOrder.BEST_FIRST),
                pack(5, PackingOrder.DOCUMENT),
                RetrievalStages.first(2),
                RetrievalStages.minimumScore(2));

        assertThat(stages)
                .extracting(stage -> pipeline(three, stage).identity())
                .doesNotHaveDuplicates();
        assertThat(pipeline(three, stages.get(0), stages.get(4)).identity())
                .isEqualTo(pipeline(three, stages.get(0), stages.get(4)).identity())
                .isNotEqualTo(pipeline(three, stages.get(4), stages.get(0)).identity());
    }

    @Test
    void refusesWrongConfiguration() {
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.first(0));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.minimumScore(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.mmr(1.1, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.mmr(Double.NaN, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.mmr(0.5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.rerankByWords(0));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.authority(" ", 0.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetrievalStages.boost("kind", Map.of("a", 2.0), 0.5))
                .withMessageContaining("worth of 'a'");
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.recency("date", Duration.ZERO, 0.5, NOW));
        assertThatIllegalArgumentException().isThrownBy(() -> RetrievalStages.mergeNeighbours(-1, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> pack(0, PackingOrder.BEST_FIRST));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetrievalStages.rerank(model((segments, question) -> List.of()), MODEL, 0, LONG));
        assertThatIllegalStateException()
                .isThrownBy(() -> RetrievalPipeline.builder(Fixed.finds(three))
                        .stage(rerank((segments, question) -> List.of(), 3))
                        .build())
                .withMessageContaining("no executor");
    }

    private PipelineExplanation explain(List<Passage> passages, RetrievalStage... stages) {
        return pipeline(passages, stages).explain(QUESTION);
    }

    private RetrievalPipeline pipeline(List<Passage> passages, RetrievalStage... stages) {
        RetrievalPipeline.Builder builder =
                RetrievalPipeline.builder(Fixed.finds(passages)).executor(executor);
        for (RetrievalStage stage : stages) {
            builder.stage(stage);
        }
        return builder.build();
    }

    private static List<String> ids(PipelineExplanation explanation) {
        return explanation.retrieval().passages().stream().map(Passage::id).toList();
    }

    private static Map<String, Double> scores(PipelineExplanation explanation) {
        Map<String, Double> scores = new HashMap<>();
        explanation
                .retrieval()
                .passages()
                .forEach(passage -> scores.put(passage.id(), Math.round(passage.score() * 1e9) / 1e9));
        return scores;
    }

    private static Passage piece(String id, String text, int start, int end, double score, String heading) {
        return passage(
                id,
                text.substring(start, end),
                score,
                Metadata.from(Passage.SOURCE, "doc.md")
                        .put(Chunkers.START, start)
                        .put(Chunkers.END, end)
                        .put(Passage.HEADING, heading));
    }

    private static RetrievalStage pack(int budget, PackingOrder order) {
        return RetrievalStages.pack(budget, new WordTokens(), TOKENS, order);
    }

    private static RetrievalStage rerank(BiFunction<List<TextSegment>, String, List<Double>> scores, int candidates) {
        return RetrievalStages.rerank(model(scores), MODEL, candidates, LONG);
    }

    private static ScoringModel model(BiFunction<List<TextSegment>, String, List<Double>> scores) {
        return new ScoringModel() {
            @Override
            public Response<List<Double>> scoreAll(List<TextSegment> segments, String question) {
                return Response.from(scores.apply(segments, question));
            }
        };
    }

    private static RetrievalStage stage(BiFunction<RetrievalRequest, List<Passage>, RetrievalStage.Outcome> outcome) {
        return new RetrievalStage() {
            @Override
            public Outcome apply(RetrievalRequest request, List<Passage> passages) {
                return outcome.apply(request, passages);
            }

            @Override
            public Identity identity() {
                return Identity.of("custom", "1");
            }
        };
    }

    /** Counts words. */
    private static class WordTokens implements TokenCountEstimator {

        @Override
        public int estimateTokenCountInText(@Nullable String text) {
            return text == null ? 0 : (int) text.chars().filter(c -> c == ' ').count() + 1;
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
