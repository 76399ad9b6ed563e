package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.retrieval.hybrid.Fixed.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class LearnedFusionTest {

    /** Finds the passage that is asked for first, and others behind it. */
    private static final Retriever GOOD = ranks(request -> List.of(request, "x" + request, "y"));

    /** Finds everything but what is asked for first. */
    private static final Retriever BAD = ranks(request -> List.of("x" + request, "y", "z", request));

    @Test
    @DisplayName("A source that is right gets the weight, and the fusion ranks by it where equal weights do not")
    void learnsWhichSourceIsRight() {
        LearnedFusion learned = LearnedFusion.train(retriever(Fusion.reciprocalRank(60)), judged(40));

        LearnedFusion.SourceWeights good =
                Objects.requireNonNull(learned.weights().get("good"));
        LearnedFusion.SourceWeights bad =
                Objects.requireNonNull(learned.weights().get("bad"));
        assertThat(good.rank() + good.score()).isGreaterThan(bad.rank() + bad.score());
        assertThat(learned.quality().used()).isEqualTo(40);
        assertThat(learned.quality().learned()).isEqualTo(1.0, within(1e-9));
        assertThat(learned.quality().reciprocalRank()).isLessThan(0.7);
        assertThat(first(retriever(learned.fusion()))).isEqualTo("new");
        assertThat(first(retriever(Fusion.reciprocalRank(60)))).isEqualTo("xnew");
    }

    @Test
    @DisplayName("The same queries give the same weights, which a configuration can keep")
    void isDeterministic() {
        LearnedFusion learned = LearnedFusion.train(retriever(Fusion.relativeScore()), judged(30));
        LearnedFusion again = LearnedFusion.train(retriever(Fusion.reciprocalRank(1)), judged(30));

        assertThat(again.weights()).isEqualTo(learned.weights());
        assertThat(LearnedFusion.of(learned.weights()).identity())
                .isEqualTo(learned.fusion().identity());
        assertThat(retriever(learned.fusion()).identity())
                .isNotEqualTo(retriever(Fusion.reciprocalRank(60)).identity());
        Map<String, LearnedFusion.SourceWeights> other = new HashMap<>(learned.weights());
        other.put("bad", new LearnedFusion.SourceWeights(9, 0, 0));
        assertThat(LearnedFusion.of(other).identity())
                .isNotEqualTo(learned.fusion().identity());
    }

    @Test
    @DisplayName("Contributions of a learned fusion add up to the score")
    void explainsScores() {
        Fusion fusion = LearnedFusion.of(Map.of(
                "good", new LearnedFusion.SourceWeights(1, 2, 0.5), "bad", new LearnedFusion.SourceWeights(0, 1, 0)));

        HybridExplanation explanation =
                retriever(fusion).explain(JudgedQuery.of("new", "new").request());

        assertThat(explanation.passages())
                .allSatisfy(fused -> assertThat(fused.contributions().stream()
                                .mapToDouble(HybridExplanation.Contribution::contribution)
                                .sum())
                        .isCloseTo(fused.passage().score(), within(1e-12)));
        assertThat(explanation.retrieval().passages().get(0).score()).isEqualTo(1 + 2 + 0.5, within(1e-12));
    }

    @Test
    @DisplayName("Too few queries that can be learned from are refused, with how many there are")
    void refusesTooFewQueries() {
        List<JudgedQuery> queries = new ArrayList<>(judged(19));
        queries.add(JudgedQuery.of("lost", "nowhere"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearnedFusion.train(retriever(Fusion.reciprocalRank(60)), queries))
                .withMessageContaining("found 19 of 20 judged queries");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearnedFusion.train(retriever(Fusion.reciprocalRank(60)), List.of()))
                .withMessageContaining("found 0 of 0");
        assertThatIllegalArgumentException().isThrownBy(() -> JudgedQuery.of("question"));
    }

    @Test
    @DisplayName("A source that fails while learning is named instead of learned from by half")
    void namesASourceThatFails() {
        HybridRetriever broken = HybridRetriever.builder("help", Runnable::run)
                .source("good", GOOD)
                .source("broken", Fixed.answers(request -> {
                    throw new IllegalStateException("down");
                }))
                .build();

        assertThatThrownBy(() -> LearnedFusion.train(broken, judged(30)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("broken")
                .hasMessageContaining("at query 1");
    }

    @Test
    @DisplayName("A fusion that was learned from other sources is refused")
    void refusesOtherSources() {
        Fusion fusion = LearnedFusion.of(Map.of("words", new LearnedFusion.SourceWeights(1, 1, 1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> retriever(fusion))
                .withMessageContaining("[words] but there are [bad, good]");
        assertThatIllegalArgumentException().isThrownBy(() -> LearnedFusion.of(Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearnedFusion.SourceWeights(-1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new LearnedFusion.SourceWeights(Double.NaN, 0, 0));
    }

    private static String first(HybridRetriever retriever) {
        return retriever
                .retrieve(JudgedQuery.of("new", "new").request())
                .passages()
                .get(0)
                .id();
    }

    private static List<JudgedQuery> judged(int count) {
        List<JudgedQuery> queries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            queries.add(JudgedQuery.of("q" + i, "q" + i));
        }
        return queries;
    }

    private static HybridRetriever retriever(Fusion fusion) {
        return HybridRetriever.builder("help", Runnable::run)
                .source("bad", BAD)
                .source("good", GOOD)
                .fusion(fusion)
                .build();
    }

    private static Retriever ranks(Function<String, List<String>> ids) {
        return Fixed.answers(request -> {
            List<Passage> found = new ArrayList<>();
            for (String id : ids.apply(request.text())) {
                found.add(passage(id, "text", 1.0 / (1 + found.size())));
            }
            return new Retrieval(found, "1");
        });
    }
}
