package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class LeakageGuardTest {

    private static final String LONG_TEXT =
            "My parcel with the order number four was sent two weeks ago and has not arrived yet, where is it now?";

    private final DrawnVectors model = new DrawnVectors(24);
    private final Dataset evaluation = Dataset.builder("evaluation")
            .add(Pools.example("row-1", "How long does a refund take?", "Five days."))
            .add(Pools.example("row-2", LONG_TEXT, "At the depot."))
            .build();
    private final Dataset pool = Dataset.builder("pool")
            .add(Pools.example("equal", "how long does a  REFUND take", "5 days"))
            .add(Pools.example("near", LONG_TEXT.replace("two weeks", "two week"), "depot"))
            .add(Pools.example("safe", "How do I open an account?", "Sign up."))
            .build();

    @Test
    @DisplayName("what equals or nearly equals a row of the evaluation set is refused with the reason, and counted")
    void refusesRowsOfTheEvaluationSet() {
        PooledExampleSelector selector =
                PooledExampleSelector.builder(pool).guard(evaluation).build();

        assertThat(selector.refused()).hasSize(2);
        RefusedExample equal = selector.refused().get(0);
        assertThat(equal.example().id()).isEqualTo("equal");
        assertThat(equal.leak()).isEqualTo(new Leak(Leak.Kind.EQUAL, 1, "row-1"));
        RefusedExample near = selector.refused().get(1);
        assertThat(near.leak().kind()).isEqualTo(Leak.Kind.NEARLY_EQUAL);
        assertThat(near.leak().similarity()).isBetween(0.8, 0.999);
        assertThat(near.leak().from()).isEqualTo("row-2");
        assertThat(selector.leaked())
                .isEqualTo(Map.of(Leak.Kind.EQUAL, 1L, Leak.Kind.NEARLY_EQUAL, 1L, Leak.Kind.SAME_MEANING, 0L));
        assertThat(selector.select("how do I get a refund for an account"))
                .extracting(Example::id)
                .containsExactly("safe");
        assertThat(PooledExampleSelector.builder(pool).build().select("how long does a refund take"))
                .extracting(Example::id)
                .contains("equal");
    }

    @Test
    @DisplayName("an example that means the same as a row is refused by its embedding, unless only texts are compared")
    void refusesTheSameMeaning() {
        SameMeaning twins = new SameMeaning(model);
        Dataset shop = Dataset.builder("shop")
                .add(Pools.example("paraphrase", "When do I get my money back?", "5 days"))
                .add(Pools.example("other", "Where is the shop?", "Here."))
                .build();
        PooledExampleSelector selector = PooledExampleSelector.builder(shop)
                .embeddings(Pools.MODEL, twins)
                .guard(evaluation)
                .build();
        assertThat(selector.refused()).hasSize(1);
        assertThat(selector.refused().get(0).leak().kind()).isEqualTo(Leak.Kind.SAME_MEANING);
        assertThat(selector.refused().get(0).leak().from()).isEqualTo("row-1");

        model.asked.clear();
        PooledExampleSelector texts = PooledExampleSelector.builder(shop)
                .embeddings(Pools.MODEL, twins)
                .guard(LeakageGuard.builder(evaluation).textOnly().build())
                .build();
        assertThat(texts.refused()).isEmpty();
        assertThat(model.asked).as("the evaluation set is not embedded").hasSize(2);
        assertThat(texts.identity()).isNotEqualTo(selector.identity());
    }

    @Test
    @DisplayName("an example that gives the question asked away is refused for that question, and counted each time")
    void refusesTheQuestionAsked() {
        PooledExampleSelector selector = PooledExampleSelector.builder(pool)
                .embeddings(Pools.MODEL, model)
                .strategy(SelectionStrategy.bm25())
                .guard(Dataset.builder("empty").build())
                .build();
        Selection selection = selector.explain("How do I open an account");
        assertThat(selection.refused())
                .containsExactly(new RefusedExample(pool.examples().get(2), new Leak(Leak.Kind.EQUAL, 1, "question")));
        assertThat(selection.examples()).extracting(Example::id).doesNotContain("safe");
        Selection near = selector.explain(LONG_TEXT);
        assertThat(near.refused()).hasSize(1);
        assertThat(near.refused().get(0).leak().kind()).isEqualTo(Leak.Kind.NEARLY_EQUAL);
        selector.explain("How do I open an account");
        assertThat(selector.leaked()).containsEntry(Leak.Kind.EQUAL, 2L).containsEntry(Leak.Kind.NEARLY_EQUAL, 1L);
        assertThat(selector.refused()).isEmpty();

        PooledExampleSelector open = PooledExampleSelector.builder(pool)
                .guard(LeakageGuard.builder(evaluation).questions(false).build())
                .build();
        assertThat(open.select("How do I open an account"))
                .extracting(Example::id)
                .contains("safe");
    }

    @Test
    void refusesTheMeaningOfTheQuestionAsked() {
        PooledExampleSelector selector = PooledExampleSelector.builder(Dataset.builder("shop")
                        .add(Pools.example("paraphrase", "When do I get my money back?", "5 days"))
                        .build())
                .embeddings(Pools.MODEL, new SameMeaning(model))
                .guard(Dataset.builder("empty").build())
                .build();
        Selection selection = selector.explain("How long does a refund take?");
        assertThat(selection.nothing()).contains(Selection.Nothing.ALL_REFUSED);
        assertThat(selection.refused().get(0).leak().kind()).isEqualTo(Leak.Kind.SAME_MEANING);
    }

    @Test
    void checksWhatIsAddedAndForgetsWhatIsErased() {
        PooledExampleSelector selector =
                PooledExampleSelector.builder(pool).guard(evaluation).build();
        selector.add(Pools.example("again", "How long does a refund take", "5"));
        assertThat(selector.leaked()).containsEntry(Leak.Kind.EQUAL, 2L);
        selector.erase("equal");
        assertThat(selector.leaked()).containsEntry(Leak.Kind.EQUAL, 1L);
    }

    @Test
    @DisplayName("MinHash finds every pair that comparing all pairs finds, and no other")
    void findsWhatComparingAllPairsFinds() {
        Random random = new Random(5);
        List<Terms> rows = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < 20; word++) {
                text.append("word").append(random.nextInt(500)).append(' ');
            }
            texts.add(text.toString());
            rows.add(Terms.grams(text.toString(), Firewall.SHINGLE));
        }
        NearTexts near = new NearTexts(rows, 0.7);
        int found = 0;
        for (int i = 0; i < 400; i++) {
            StringBuilder changed = new StringBuilder(texts.get(random.nextInt(200)));
            for (int change = 0; change < i % 8; change++) {
                changed.setCharAt(random.nextInt(changed.length()), 'x');
            }
            Terms text = Terms.grams(changed.toString(), Firewall.SHINGLE);
            OptionalInt expected = OptionalInt.empty();
            for (int row = rows.size() - 1; row >= 0; row--) {
                expected = text.jaccard(rows.get(row)) >= 0.7 ? OptionalInt.of(row) : expected;
            }
            assertThat(near.near(text)).isEqualTo(expected);
            found += expected.isPresent() ? 1 : 0;
        }
        assertThat(found).isBetween(50, 390);
        assertThat(near.near(Terms.NONE)).isEmpty();
    }

    @Test
    void thresholdsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LeakageGuard.builder(evaluation).textSimilarity(0.5))
                .withMessage("the text similarity of a leakage guard must be in [0.6, 1] but was 0.5; texts less alike"
                        + " are found by their meaning");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LeakageGuard.builder(evaluation).meaningSimilarity(0));
    }

    /** Gives a paraphrase the vector of what it means. */
    private record SameMeaning(DrawnVectors model) implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return model.embedAll(segments.stream()
                    .map(segment -> TextSegment.from(
                            segment.text().equals("When do I get my money back?")
                                    ? "How long does a refund take?"
                                    : segment.text()))
                    .toList());
        }

        @Override
        public int dimension() {
            return model.dimension();
        }
    }
}
