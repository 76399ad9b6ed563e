package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.prompt.CharacterTokenCountEstimator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class PooledExampleSelectorTest {

    private final DrawnVectors model = new DrawnVectors(24);

    private PooledExampleSelector.Builder topics(int size) {
        return PooledExampleSelector.builder(Pools.topics(size)).embeddings(Pools.MODEL, model);
    }

    private static List<String> ids(List<Example> examples) {
        return examples.stream().map(Example::id).toList();
    }

    private static List<Integer> ranks(Selection selection) {
        return selection.selected().stream().map(SelectedExample::rank).toList();
    }

    @Nested
    final class Strategies {

        @Test
        @DisplayName("the nearest are of the question's topic, the most relevant stands last, and the reasons are told")
        void nearest() {
            PooledExampleSelector selector = topics(100).atMost(4).build();
            Selection selection = selector.explain("topic3 how does it work");

            assertThat(selection.examples())
                    .extracting(example -> example.labels().get("topic"))
                    .containsOnly("topic3");
            assertThat(ranks(selection)).containsExactly(4, 3, 2, 1);
            assertThat(selection.selected().get(3).relevance())
                    .isGreaterThanOrEqualTo(selection.selected().get(2).relevance());
            assertThat(selection.selected())
                    .allSatisfy(selected -> assertThat(selected.gain()).isEqualTo(selected.relevance()));
            assertThat(selection.rivals()).hasSize(3);
            assertThat(selection.rivals().get(0).relevance())
                    .isLessThanOrEqualTo(selection.selected().get(0).relevance());
            assertThat(selection.rivals().get(0).fits()).isTrue();
            assertThat(selection.budget()).isEmpty();
            assertThat(selection.nothing()).isEmpty();
            assertThat(selection.pool()).isEqualTo(selector.pool().hash());
            assertThat(selector.select("topic3 how does it work")).isEqualTo(selection.examples());
        }

        @Test
        void fixedShowsTheSameInTheOrderNamed() {
            PooledExampleSelector selector = topics(20)
                    .strategy(SelectionStrategy.fixed("e0007", "e0002", "e0011"))
                    .build();
            model.asked.clear();
            assertThat(ids(selector.select("anything"))).containsExactly("e0007", "e0002", "e0011");
            assertThat(ids(selector.select(" "))).containsExactly("e0007", "e0002", "e0011");
            assertThat(model.asked).as("nothing to compare").isEmpty();
            selector.erase("e0002");
            assertThat(ids(selector.select("anything"))).containsExactly("e0007", "e0011");
        }

        @Test
        void wordsInCommonNeedNoEmbeddings() {
            Dataset pool = Dataset.builder("words")
                    .add(Pools.example("a", "How do I reset my password?", "Use the link."))
                    .add(Pools.example("b", "How do I close my account?", "In the settings."))
                    .add(Pools.example("c", "Wie lange dauert es?", "Fünf Tage."))
                    .build();
            PooledExampleSelector words = PooledExampleSelector.builder(pool).build();
            Selection selection = words.explain("I forgot my PASSWORD, how do I get in");
            assertThat(ids(selection.examples())).containsExactly("b", "a");
            assertThat(words.explain("zzz").nothing()).contains(Selection.Nothing.NOTHING_RELEVANT);

            PooledExampleSelector runs = PooledExampleSelector.builder(pool)
                    .strategy(SelectionStrategy.ngramOverlap(3))
                    .order(ExampleOrder.mostRelevantFirst())
                    .build();
            assertThat(ids(runs.select("passwords resetting"))).startsWith("a").doesNotContain("c");
        }

        @Test
        void balancedTakesEachLabelInTurn() {
            PooledExampleSelector selector = topics(50)
                    .strategy(SelectionStrategy.labelBalanced("topic"))
                    .atMost(7)
                    .order(ExampleOrder.asChosen())
                    .build();
            List<String> labels = selector.select("topic2 what now").stream()
                    .map(example -> example.labels().get("topic"))
                    .toList();
            assertThat(labels.get(0)).isEqualTo("topic2");
            assertThat(labels.subList(0, 5)).doesNotHaveDuplicates();
            assertThat(labels.subList(5, 7)).isEqualTo(labels.subList(0, 2));
        }

        @Test
        void balancedByTheExpectedOutputWithoutLabels() {
            Dataset pool = Dataset.builder("yes or no")
                    .add(Pools.example("a", "is blue a colour", "yes"))
                    .add(Pools.example("b", "is red a colour", "yes"))
                    .add(Pools.example("c", "is stone a colour", "no"))
                    .build();
            PooledExampleSelector selector = PooledExampleSelector.builder(pool)
                    .strategy(SelectionStrategy.labelBalanced())
                    .atMost(2)
                    .order(ExampleOrder.asInThePool())
                    .build();
            assertThat(ids(selector.select("is blue a colour"))).containsExactly("a", "c");
        }

        @Test
        void coverageStandsForMoreThanOneTopic() {
            PooledExampleSelector selector = topics(60)
                    .strategy(SelectionStrategy.coverage(60))
                    .atMost(8)
                    .build();
            assertThat(selector.select("topic1 something").stream()
                            .map(example -> example.labels().get("topic"))
                            .distinct()
                            .count())
                    .isGreaterThan(1);
        }
    }

    @Nested
    final class Orders {

        private List<Integer> ranked(ExampleOrder order) {
            return ranks(topics(40).atMost(5).order(order).build().explain("topic0 ask"));
        }

        @Test
        void putsTheMostRelevantWhereItShould() {
            assertThat(ranked(ExampleOrder.mostRelevantFirst())).containsExactly(1, 2, 3, 4, 5);
            assertThat(ranked(ExampleOrder.mostRelevantLast())).containsExactly(5, 4, 3, 2, 1);
            assertThat(ranked(ExampleOrder.asChosen())).containsExactly(1, 2, 3, 4, 5);
            assertThat(ids(topics(40).order(ExampleOrder.asInThePool()).build().select("topic0 ask")))
                    .isSorted();
        }

        @Test
        @DisplayName("labels alternate also when one has more than half, and the most relevant comes last where it can")
        void alternates() {
            List<String> labels = alternating("yes", "yes", "yes", "no", "no");
            assertThat(labels).containsExactly("yes", "no", "yes", "no", "yes");
            assertThat(alternating("no", "yes", "yes")).containsExactly("yes", "no", "yes");
            assertThat(alternating("a", "a", "b", "c")).containsExactly("c", "a", "b", "a");
            assertThat(alternating("a", "a", "a")).containsExactly("a", "a", "a");
        }

        /** Arranges labels of which the first is the most relevant. */
        private List<String> alternating(String... labels) {
            List<Arrangement.Placed> chosen = new ArrayList<>();
            for (int i = 0; i < labels.length; i++) {
                Example example = Pools.example("e" + i, "question", labels[i]);
                chosen.add(new Arrangement.Placed(i, new SelectedExample(example, i + 1, 1.0 - i * 0.1, 0, 1)));
            }
            PoolState state = PoolState.of(Dataset.builder("none").build(), null, Map.of(), Map.of());
            return Arrangement.arrange(chosen, ExampleOrder.alternatingLabels(), state).stream()
                    .map(placed -> placed.selected().example().expected().get(0))
                    .toList();
        }

        @Test
        @DisplayName("an order is learned from a validation set, ties go to the one named first")
        void learns() {
            Dataset validation = Dataset.builder("validation")
                    .add(Pools.example("v1", "topic1 first", "x"))
                    .add(Pools.example("v2", "topic2 second", "x"))
                    .build();
            PooledExampleSelector selector = topics(30)
                    .atMost(3)
                    .learnOrder(
                            validation,
                            (row, shown) ->
                                    shown.get(0).id().compareTo(shown.get(2).id()) < 0 ? 1 : 0,
                            ExampleOrder.mostRelevantLast(),
                            ExampleOrder.mostRelevantFirst(),
                            ExampleOrder.asInThePool())
                    .build();
            assertThat(selector.order()).isEqualTo(ExampleOrder.asInThePool());
            assertThat(selector.orderScores()).hasSize(3);
            assertThat(selector.orderScores().get(2)).isEqualTo(new OrderScore(ExampleOrder.asInThePool(), 1.0, 2));
            assertThat(ids(selector.select("topic4 ask"))).isSorted();

            PooledExampleSelector tied = topics(30)
                    .learnOrder(
                            validation,
                            (row, shown) -> 0.5,
                            ExampleOrder.mostRelevantFirst(),
                            ExampleOrder.mostRelevantLast())
                    .build();
            assertThat(tied.order()).isEqualTo(ExampleOrder.mostRelevantFirst());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> topics(30)
                            .learnOrder(
                                    validation,
                                    (row, shown) -> Double.NaN,
                                    ExampleOrder.mostRelevantFirst(),
                                    ExampleOrder.mostRelevantLast())
                            .build())
                    .withMessage("the score of 'v1' for an order of examples must be finite but was NaN;"
                            + " correct the scorer");
        }
    }

    @Nested
    final class Budget {

        @Test
        @DisplayName("no rule ever takes more tokens than the budget, as the estimator counts the messages shown")
        void isKept() {
            CharacterTokenCountEstimator estimator = new CharacterTokenCountEstimator();
            for (SelectionStrategy strategy : List.of(
                    SelectionStrategy.nearest(),
                    SelectionStrategy.mmr(),
                    SelectionStrategy.bm25(),
                    SelectionStrategy.ngramOverlap(4),
                    SelectionStrategy.random(3),
                    SelectionStrategy.fixed("e0001", "e0002", "e0003", "e0004", "e0005"),
                    SelectionStrategy.labelBalanced("topic"),
                    SelectionStrategy.coverage(),
                    SelectionStrategy.knapsack())) {
                for (int budget : new int[] {20, 55, 140, 1_000}) {
                    Selection selection = topics(80)
                            .strategy(strategy)
                            .tokenBudget(budget)
                            .build()
                            .explain("topic2 ask about thing3");
                    int counted = selection.examples().stream()
                            .mapToInt(
                                    example -> estimator.estimateTokenCountInMessage(UserMessage.from(example.input()))
                                            + estimator.estimateTokenCountInMessage(AiMessage.from(
                                                    example.expected().get(0))))
                            .sum();
                    assertThat(selection.tokens())
                            .as("%s %d", strategy, budget)
                            .isEqualTo(counted)
                            .isLessThanOrEqualTo(budget);
                }
            }
        }

        @Test
        void anEstimatorOfTheHostCounts() {
            PooledExampleSelector selector = topics(30)
                    .strategy(SelectionStrategy.knapsack())
                    .estimator(Identity.of("tens", "1"), new TenForEach())
                    .tokenBudget(65)
                    .build();
            assertThat(selector.explain("topic2 ask").selected()).hasSize(3);
            assertThat(selector.explain("topic2 ask").tokens()).isEqualTo(60);
        }

        @Test
        @DisplayName("a budget smaller than every example gives none, and says so")
        void tooSmall() {
            Selection selection = topics(30)
                    .strategy(SelectionStrategy.knapsack())
                    .tokenBudget(1)
                    .build()
                    .explain("topic1 ask");
            assertThat(selection.selected()).isEmpty();
            assertThat(selection.nothing()).contains(Selection.Nothing.OVER_BUDGET);
            assertThat(selection.budget()).hasValue(1);
            assertThat(topics(30)
                            .strategy(SelectionStrategy.fixed("e0001"))
                            .tokenBudget(1)
                            .build()
                            .explain("topic1 ask")
                            .nothing())
                    .contains(Selection.Nothing.OVER_BUDGET);
        }

        @Test
        @DisplayName("a question longer than the budget takes nothing away from it")
        void longQuestion() {
            Selection selection = topics(30)
                    .strategy(SelectionStrategy.knapsack())
                    .tokenBudget(100)
                    .build()
                    .explain("topic1 " + "ask ".repeat(10_000));
            assertThat(selection.selected()).isNotEmpty();
            assertThat(selection.tokens()).isLessThanOrEqualTo(100);
        }
    }

    @Nested
    final class Changes {

        @Test
        @DisplayName("nothing is embedded twice: not equal texts, not what stays when examples come and go")
        void embedsOnce() {
            Dataset pool = Dataset.builder("twins")
                    .addAll(Pools.topics(20).examples())
                    .add(Pools.example(
                            "twin", Pools.topics(20).examples().get(3).input(), "other"))
                    .build();
            PooledExampleSelector selector = PooledExampleSelector.builder(pool)
                    .embeddings(Pools.MODEL, model)
                    .build();
            assertThat(model.asked).hasSize(20).doesNotHaveDuplicates();
            model.asked.clear();
            selector.add(Pools.example(900, "topic1"));
            selector.erase("e0003");
            selector.renewed();
            assertThat(model.asked).containsExactly(Pools.example(900, "topic1").input());
        }

        @Test
        @DisplayName("what is erased is chosen no more, also not by its vector, and what is added is")
        void followTheSelector() {
            PooledExampleSelector selector = topics(60).atMost(60).build();
            List<String> before = ids(selector.select("topic1 ask"));
            assertThat(selector.erase("e0021")).isTrue();
            assertThat(selector.erase("e0021")).isFalse();
            selector.add(Pools.example(700, "topic1"));
            List<String> after = new ArrayList<>(ids(selector.select("topic1 ask")));
            assertThat(after).contains("e0700").doesNotContain("e0021");
            after.remove("e0700");
            assertThat(before).containsAll(after).hasSize(after.size() + 1);
            // The same as built anew.
            assertThat(PooledExampleSelector.builder(selector.pool())
                            .embeddings(Pools.MODEL, model)
                            .atMost(60)
                            .build()
                            .explain("topic1 ask"))
                    .isEqualTo(selector.explain("topic1 ask"));
        }

        @Test
        @DisplayName("the pool's hash follows, the identity of a running selector stays, that of a renewed one follows")
        void haveAnIdentity() {
            PooledExampleSelector selector = topics(20).build();
            Identity identity = selector.identity();
            selector.erase("e0004");
            assertThat(selector.identity()).isEqualTo(identity);
            assertThat(selector.explain("topic1 ask").pool())
                    .isEqualTo(selector.pool().hash())
                    .isNotEqualTo(Pools.topics(20).hash());
            assertThat(selector.renewed().identity())
                    .isNotEqualTo(identity)
                    .isEqualTo(PooledExampleSelector.builder(selector.pool())
                            .embeddings(Pools.MODEL, model)
                            .build()
                            .identity());
            assertThat(selector.renewed().select("topic1 ask")).isEqualTo(selector.select("topic1 ask"));
        }

        @Test
        void keepProvenanceAndEraseByIt() {
            PooledExampleSelector selector = topics(20).build();
            assertThat(selector.eraseIf(example -> example.provenance().source().startsWith("ticket 1")))
                    .isEqualTo(11);
            assertThat(selector.pool().examples())
                    .hasSize(9)
                    .allSatisfy(example ->
                            assertThat(example.provenance().licence()).isEqualTo("CC-BY-4.0"));
            assertThat(selector.eraseIf(example -> true)).isEqualTo(9);
            assertThat(selector.explain("topic1 ask").nothing()).contains(Selection.Nothing.EMPTY_POOL);
            selector.add(Pools.example(1, "topic1"));
            assertThat(ids(selector.select("topic1 ask"))).containsExactly("e0001");
        }

        @Test
        void areAllOrNothing() {
            PooledExampleSelector selector = topics(20).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> selector.addAll(List.of(Pools.example(500, "topic1"), Pools.example(3, "topic1"))))
                    .withMessageContaining("has the id 'e0003' at positions 3 and 21");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> selector.addAll(List.of(Pools.example(500, "topic1"), Pools.example(500, "topic2"))))
                    .withMessage("two examples have the id 'e0500'; give each example an id of its own");
            assertThat(selector.pool()).isEqualTo(Pools.topics(20));
        }

        @Test
        @DisplayName("many threads add, erase and choose: nothing is lost, and no choice sees half a change")
        void fromManyThreads() throws Exception {
            PooledExampleSelector selector = topics(50).atMost(10).build();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<?>> work = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    int own = thread;
                    work.add(threads.submit(() -> {
                        for (int i = 0; i < 25; i++) {
                            selector.add(new DrawnExample(1_000 + own * 100 + i).example());
                            if (i % 2 == 0) {
                                selector.erase(new DrawnExample(1_000 + own * 100 + i)
                                        .example()
                                        .id());
                            }
                            assertThat(selector.select("topic1 ask")).hasSize(10);
                        }
                    }));
                }
                for (Future<?> each : work) {
                    each.get(60, TimeUnit.SECONDS);
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(selector.pool().size()).isEqualTo(50 + 4 * 12);
        }

        private record DrawnExample(int number) {
            Example example() {
                return Pools.example(number, "topic" + number % 5);
            }
        }
    }

    @Nested
    final class WrongInput {

        @Test
        void anEmptyPoolGivesNone() {
            PooledExampleSelector selector = PooledExampleSelector.builder(
                            Dataset.builder("none").build())
                    .embeddings(Pools.MODEL, model)
                    .build();
            assertThat(selector.explain("topic1 ask").nothing()).contains(Selection.Nothing.EMPTY_POOL);
            assertThat(model.asked).isEmpty();
        }

        @Test
        void aBlankQuestionGivesNoneWhereItIsComparedWith() {
            assertThat(topics(10).build().explain(" \n").nothing()).contains(Selection.Nothing.BLANK_QUESTION);
            assertThat(topics(10)
                            .strategy(SelectionStrategy.random(1))
                            .order(ExampleOrder.mostRelevantLast())
                            .build()
                            .select(" "))
                    .hasSize(5);
        }

        @Test
        void duplicateIdsAreTheDatasetsAffair() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Dataset.builder("twice")
                            .add(Pools.example("a", "one", "1"))
                            .add(Pools.example("a", "two", "2"))
                            .build())
                    .withMessageContaining("has the id 'a' at positions 0 and 1");
        }

        @Test
        void anExampleWithoutAnOutputCannotBeShown() {
            Dataset pool = Dataset.builder("abstain")
                    .add(Pools.example("a", "one", "1"))
                    .add(Example.builder("b", "two").build())
                    .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PooledExampleSelector.builder(pool).build())
                    .withMessage("the example 'b' has no expected output to show; leave it out with Dataset.subset or"
                            + " give it one");
        }

        @Test
        @DisplayName("a model of another dimension is named, for given vectors, for questions and for what is added")
        void otherDimension() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> topics(5)
                            .vectors(Map.of("e0002", Embedding.from(new float[] {1, 2, 3})))
                            .build())
                    .withMessage("the vector of example 'e0002' has 3 numbers, but those of 'drawn' have 24;"
                            + " give vectors of the model that embeds the questions");

            SwitchedModel switched = new SwitchedModel();
            PooledExampleSelector selector = PooledExampleSelector.builder(Pools.topics(5))
                    .embeddings(Pools.MODEL, switched)
                    .build();
            switched.now = new DrawnVectors(8);
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> selector.select("topic1 ask"))
                    .withMessage("Embedding the question with 'drawn' gave 8 numbers, but the examples of the pool have"
                            + " 24; use the model that embedded the pool");
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> selector.add(Pools.example(77, "topic1")))
                    .withMessageContaining("Embedding the example 'e0077' with 'drawn' gave 8 numbers");
        }

        @Test
        void numbersThatAreNotFiniteAreRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> topics(5).vectors(Map.of("e0002", nan())).build())
                    .withMessage("the vector of example 'e0002' has a number that is not finite; embed it again");
        }

        private Embedding nan() {
            float[] vector = new float[24];
            vector[5] = Float.NaN;
            return Embedding.from(vector);
        }

        @Test
        void aRuleThatLacksSomethingIsRefusedWhenItIsBuilt() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PooledExampleSelector.builder(Pools.topics(5))
                            .strategy(SelectionStrategy.mmr())
                            .build())
                    .withMessageContaining("needs an embedding model for the questions; give one with embeddings(...)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            topics(5).strategy(SelectionStrategy.knapsack()).build())
                    .withMessage("choosing examples of 'topics' by a knapsack needs its size; give it with"
                            + " tokenBudget(...)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> topics(5)
                            .strategy(SelectionStrategy.fixed("e0001", "e0099"))
                            .build())
                    .withMessage(
                            "the pool 'topics' has no example 'e0099' to show for every question; correct the id or"
                                    + " add the example");
        }

        @Test
        void settingsOutOfRangeAreRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> topics(5).atMost(0));
            assertThatIllegalArgumentException().isThrownBy(() -> topics(5).tokenBudget(0));
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.mmr(1.1));
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.mmr(Double.NaN));
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.knapsack(0.5, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.coverage(5_000));
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.ngramOverlap(1));
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.fixed());
            assertThatIllegalArgumentException().isThrownBy(() -> SelectionStrategy.fixed("a", "a"));
            assertThatIllegalArgumentException().isThrownBy(() -> new SelectionStrategy.Bm25(-1, 0.5));
        }
    }

    @Test
    @DisplayName("every setting is part of the identity")
    void identityCoversTheSettings() {
        List<PooledExampleSelector> selectors = List.of(
                topics(10).build(),
                topics(10).atMost(3).build(),
                topics(10).tokenBudget(100).build(),
                topics(10).order(ExampleOrder.asChosen()).build(),
                topics(10).strategy(SelectionStrategy.mmr()).build(),
                topics(10).strategy(SelectionStrategy.mmr(0.2)).build(),
                topics(10).guard(Dataset.builder("evaluation").build()).build(),
                topics(10).estimator(Identity.of("tens", "1"), new TenForEach()).build(),
                topics(10).embeddings(Identity.of("other", "1"), model).build(),
                topics(11).build());
        assertThat(selectors.stream().map(PooledExampleSelector::identity)).doesNotHaveDuplicates();
        assertThat(topics(10).build().identity()).isEqualTo(selectors.get(0).identity());
        assertThat(selectors.get(0).identity().name()).isEqualTo("pooled-examples");
    }

    @Test
    void givenVectorsAreNotEmbedded() {
        Dataset pool = Pools.topics(4);
        PooledExampleSelector selector = topics(4)
                .vectors(Map.of(
                        "e0001",
                        Embedding.from(model.vector("topic2 far")),
                        "e0002",
                        Embedding.from(model.vector("topic1 near")),
                        "elsewhere",
                        Embedding.from(new float[] {1})))
                .atMost(1)
                .build();
        assertThat(model.asked)
                .containsExactly(
                        pool.examples().get(0).input(), pool.examples().get(3).input());
        assertThat(ids(selector.select("topic1 near"))).containsExactly("e0002");
    }
}
