package dev.llmlifecycle.core.classify;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.classify.Explanation;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.statistics.CalibrationError;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class TextClassifierTrainerTest {

    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private static TextClassifierTrainer.Builder builder() {
        return TextClassifierTrainer.builder("intents").clock(Clock.fixed(NOON, ZoneOffset.UTC));
    }

    @Nested
    final class Learning {

        private final List<LabelledText> seen = Intents.texts(200, 1);
        private final List<LabelledText> unseen = Intents.texts(300, 2);

        @Test
        void isRightAsOftenAsItSaysOnTextsItDidNotSee() {
            TrainedTextClassifier classifier = builder()
                    .embeddings("chance-64", Intents.embeddings(64))
                    .coverage(0.9)
                    .build()
                    .train(seen)
                    .classifier();
            List<Classification> predicted = classifier.predictAll(
                    unseen.stream().map(LabelledText::text).toList());
            double[] confidence =
                    predicted.stream().mapToDouble(Classification::confidence).toArray();
            boolean[] right = new boolean[confidence.length];
            int count = 0;
            int covered = 0;
            int abstained = 0;
            for (int i = 0; i < right.length; i++) {
                String label = unseen.get(i).labels().get(0);
                right[i] = predicted.get(i).ranking().get(0).label().equals(label);
                count += right[i] ? 1 : 0;
                covered += predicted.get(i).conformalSet().contains(label) ? 1 : 0;
                abstained += predicted.get(i).abstained() ? 1 : 0;
            }
            double accuracy = count / (double) right.length;
            assertThat(accuracy).isGreaterThan(0.85);
            assertThat(classifier.card().metrics().get("accuracy")).isCloseTo(accuracy, within(0.05));
            assertThat(CalibrationError.expected(confidence, right, 10)).isLessThan(0.05);
            assertThat(covered / (double) right.length).isBetween(0.86, 0.94);
            assertThat(abstained / (double) right.length).isBetween(0.01, 0.10);
        }

        @Test
        void learnsFromWordsAlone() {
            TrainedTextClassifier classifier = builder().build().train(seen).classifier();
            long right = unseen.stream()
                    .filter(text -> classifier
                            .predict(text.text())
                            .ranking()
                            .get(0)
                            .label()
                            .equals(text.labels().get(0)))
                    .count();
            assertThat(right / (double) unseen.size()).isGreaterThan(0.85);
        }

        @Test
        void findsOtherTextsStranger() {
            TrainedTextClassifier classifier = builder()
                    .embeddings("chance-64", Intents.embeddings(64))
                    .build()
                    .train(seen)
                    .classifier();
            String strange = "Which planets have rings and which have none";
            assertThat(classifier.predict(strange).abstained()).isTrue();
            assertThat(classifier.predict(strange).label()).isEmpty();
            assertThat(classifier.predict(strange).outOfDistribution())
                    .isGreaterThan(classifier.predict("please refund my money").outOfDistribution());
        }

        @Test
        void isTheSameForTheSameSeed() {
            TextClassifierTrainer trainer = builder().build();
            TrainedTextClassifier one = trainer.train(seen).classifier();
            TrainedTextClassifier other = trainer.train(seen).classifier();
            assertThat(other.toBytes()).isEqualTo(one.toBytes());
            assertThat(builder().seed(7).build().train(seen).classifier().identity())
                    .isNotEqualTo(one.identity());
        }

        @Test
        void suspectsTheLabelsThatWereSwapped() {
            List<LabelledText> texts = new ArrayList<>(seen);
            List<Integer> swapped = List.of(30, 150, 300, 420, 510);
            for (int row : swapped) {
                LabelledText text = texts.get(row);
                String other = text.labels().get(0).equals("account") ? "billing/refund" : "account";
                texts.set(row, LabelledText.of(text.text(), other));
            }
            List<Training.SuspectedError> suspects =
                    builder().build().train(texts).suspectedErrors();
            assertThat(suspects.stream().limit(20).map(Training.SuspectedError::row))
                    .filteredOn(swapped::contains)
                    .hasSizeGreaterThanOrEqualTo(4);
            assertThat(suspects.get(0).suggestedProbability())
                    .isGreaterThan(suspects.get(0).givenProbability());
        }

        @Test
        void choosesTheRegularisationThatJudgesUnseenTextsBest() {
            assertThat(builder()
                            .regularisation(1e5, 1)
                            .build()
                            .train(seen)
                            .classifier()
                            .card()
                            .metrics())
                    .containsEntry("regularisation", 1.0);
        }

        @Test
        void aWeightedLabelIsMissedLessOften() {
            List<LabelledText> skewed = seen.stream()
                    .filter(text ->
                            !text.labels().contains("account") || text.text().hashCode() % 6 == 0)
                    .toList();
            TrainedTextClassifier plain = builder().build().train(skewed).classifier();
            TrainedTextClassifier balanced =
                    builder().balanced().build().train(skewed).classifier();
            TrainedTextClassifier weighted =
                    builder().labelWeight("account", 10).build().train(skewed).classifier();
            assertThat(mean(balanced)).isGreaterThan(mean(plain));
            assertThat(mean(weighted)).isGreaterThan(mean(plain));
        }

        private double mean(TrainedTextClassifier classifier) {
            return unseen.stream()
                    .filter(text -> text.labels().contains("account"))
                    .mapToDouble(text -> classifier.predict(text.text()).probability("account"))
                    .average()
                    .orElseThrow();
        }

        @Test
        void explainsByWordsAndByExamples() {
            TrainedTextClassifier classifier = builder().build().train(seen).classifier();
            Explanation explanation = classifier.explain("reset my password");
            assertThat(explanation.label()).isEqualTo("account");
            assertThat(explanation.contributions())
                    .extracting(Explanation.Contribution::feature)
                    .contains("password", "reset");
            assertThat(explanation.nearest()).hasSize(5);
            assertThat(explanation.nearest().get(0).label()).isEqualTo("account");

            TrainedTextClassifier secretive =
                    builder().examplesPerLabel(0).build().train(seen).classifier();
            assertThat(secretive.explain("reset my password").nearest()).isEmpty();
        }

        @Test
        void explainsTheEmbeddingAsAWhole() {
            TrainedTextClassifier classifier = builder()
                    .embeddings("chance-64", Intents.embeddings(64))
                    .withoutNGrams()
                    .build()
                    .train(seen)
                    .classifier();
            Explanation explanation = classifier.explain("reset my password");
            assertThat(explanation.contributions())
                    .singleElement()
                    .satisfies(each -> assertThat(each.weight()).isPositive())
                    .extracting(Explanation.Contribution::feature)
                    .isEqualTo("(embedding)");
            assertThat(explanation.nearest().get(0).similarity()).isBetween(0.3, 1.0);
        }

        @Test
        void drawsALearningCurve() {
            LearningCurve curve = builder().build().learningCurve(Intents.texts(100, 3));
            assertThat(curve.points()).hasSize(4);
            assertThat(curve.points().get(3).accuracy())
                    .isGreaterThan(curve.points().get(0).accuracy());
            LearningCurve.Forecast twice =
                    curve.forecast(2 * curve.points().get(3).rows());
            assertThat(twice.interval().contains(twice.accuracy())).isTrue();
            assertThat(curve.advice()).startsWith("225 texts give an accuracy of 0.");
        }
    }

    @Nested
    final class SeveralLabels {

        private final List<LabelledText> texts = topics(300, 5);

        @Test
        void givesEachLabelItsOwnProbability() {
            TrainedTextClassifier classifier =
                    builder().multiLabel().build().train(texts).classifier();
            Classification both = classifier.predict("the refund for my password");
            assertThat(both.labels()).containsExactlyInAnyOrder("billing", "login");
            assertThat(classifier.predict("the weather is the weather").labels())
                    .isEmpty();
            assertThat(classifier.card().metrics().get("microF1")).isGreaterThan(0.9);
            assertThat(classifier.card().metrics().get("calibrationError")).isLessThan(0.05);
            assertThat(TrainedTextClassifier.read("memory", classifier.toBytes(), null)
                            .predict("the refund for my password"))
                    .isEqualTo(both);
        }

        @Test
        void readsThemFromADataset() {
            Dataset.Builder dataset = Dataset.builder("topics");
            for (int i = 0; i < texts.size(); i++) {
                dataset.add(Example.builder("t" + i, texts.get(i).text())
                        .label("topics", String.join(", ", texts.get(i).labels()))
                        .provenance(new Provenance("made up", "CC0-1.0"))
                        .build());
            }
            ModelCard card = builder()
                    .multiLabel()
                    .build()
                    .train(dataset.build(), "topics")
                    .classifier()
                    .card();
            assertThat(card.rowsByLabel()).containsOnlyKeys("billing", "login");
            assertThat(card.licences()).containsExactly("CC0-1.0");
            assertThat(card.trainedAt()).isEqualTo(NOON);
            assertThat(card.multiLabel()).isTrue();
        }

        @Test
        void refusesALabelThatTellsNothing() {
            List<LabelledText> all = texts.stream()
                    .map(text -> LabelledText.of(text.text(), "support"))
                    .toList();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().multiLabel().build().train(all))
                    .withMessage("Training classifier 'intents': label 'support' is on all 300 texts; add texts "
                            + "without it, or drop the label");
        }

        private static List<LabelledText> topics(int count, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<LabelledText> texts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                boolean billing = random.nextBoolean();
                boolean login = random.nextInt(3) == 0;
                List<String> labels = new ArrayList<>();
                StringBuilder text = new StringBuilder("the weather ");
                if (billing) {
                    labels.add("billing");
                    text.append(random.nextBoolean() ? "refund " : "invoice ");
                }
                if (login) {
                    labels.add("login");
                    text.append(random.nextBoolean() ? "password " : "account ");
                }
                texts.add(
                        new LabelledText(text.append(random.nextInt(100_000)).toString(), labels, Provenance.UNKNOWN));
            }
            return texts;
        }
    }

    @Nested
    final class WrongInput {

        private final List<LabelledText> good = Intents.texts(5, 1);

        @Test
        void oneLabelOnly() {
            refuses(
                    good.stream().map(text -> LabelledText.of(text.text(), "a")).toList(),
                    "Training classifier 'intents': the 15 texts have the one label 'a'; there must be another to tell "
                            + "it from, so add texts of a second label");
            refuses(
                    List.of(),
                    "Training classifier 'intents': the 0 texts have no label; there must be another to tell it from, "
                            + "so add texts of a second label");
        }

        @Test
        void aLabelWithOneText() {
            refuses(
                    with(LabelledText.of("only once", "rare")),
                    "Training classifier 'intents': label 'rare' has one distinct text; a label needs two, so that each "
                            + "can be judged by a model of the other, so add some or drop the label");
            refuses(
                    with(LabelledText.of("only once", "rare"), LabelledText.of(" Only once", "rare")),
                    "Training classifier 'intents': label 'rare' has one distinct text; a label needs two, so that each "
                            + "can be judged by a model of the other, so add some or drop the label");
        }

        @Test
        void contradictoryTexts() {
            List<LabelledText> texts =
                    with(LabelledText.of("same text", "account"), LabelledText.of("Same text ", "billing/refund"));
            refuses(
                    texts,
                    "Training classifier 'intents': texts 15 and 16 are the same but labelled 'account' and "
                            + "'billing/refund'; correct one, or build the trainer with allowContradictions()");
            assertThat(builder()
                            .allowContradictions()
                            .build()
                            .train(texts)
                            .classifier()
                            .labels())
                    .hasSize(3);
        }

        @Test
        void noLabelOrSeveral() {
            refuses(
                    with(LabelledText.of("both", "a", "b")),
                    "Training classifier 'intents': text 15 has 2 labels; give each text one, or build the trainer with "
                            + "multiLabel()");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LabelledText.of("text", "half \ud83d"))
                    .withMessage("a label of a text is blank or has half a surrogate pair; name it");
        }

        @Test
        void aWeightForALabelThatIsNotThere() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().labelWeight("acount", 2).build().train(good))
                    .withMessage("Training classifier 'intents': there is a weight for label 'acount', which no text "
                            + "has; correct its name");
        }

        @Test
        void aDatasetWithoutTheLabel() {
            Dataset dataset = Dataset.builder("help")
                    .add(Example.builder("1", "text").build())
                    .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().build().train(dataset, "intent"))
                    .withMessage(
                            "none of the 1 examples of dataset 'help' has a label 'intent'; name a label that they "
                                    + "have");
        }

        @Test
        void strangeLabelsAndTextsAreLearnedAllTheSame() {
            List<LabelledText> texts = new ArrayList<>();
            for (String label : List.of("\ud83d\ude00", "a/b\"c\\\n", "\u00e9\u0301 \u202e")) {
                for (int i = 0; i < 4; i++) {
                    texts.add(LabelledText.of("text " + label + " number " + i, label));
                }
            }
            texts.add(LabelledText.of("", "\ud83d\ude00"));
            texts.add(LabelledText.of("word ".repeat(200_000), "a/b\"c\\\n"));
            texts.add(LabelledText.of("half a pair \ud83d", "a/b\"c\\\n"));
            TrainedTextClassifier classifier = builder()
                    .embeddings("chance-8", Intents.embeddings(8))
                    .build()
                    .train(texts)
                    .classifier();
            NamedEmbeddings same = new NamedEmbeddings("chance-8", Intents.embeddings(8));
            TrainedTextClassifier read = TrainedTextClassifier.read("memory", classifier.toBytes(), same);
            assertThat(read.labels()).isEqualTo(classifier.labels()).hasSize(3);
            assertThat(read.predict("")).isEqualTo(classifier.predict(""));
            assertThat(read.predict("x".repeat(1_000_000)).ranking()).hasSize(3);
        }

        @Test
        void embeddingsThatAreNoNumbers() {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> builder()
                            .embeddings("broken", constant(3, 1, Float.NaN, 1))
                            .build()
                            .train(good))
                    .withMessage("Embedding text 0 with 'broken' gave NaN as a number; check the model, or leave that "
                            + "text out");
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> builder()
                            .embeddings("short", constant(3, 1, 2))
                            .build()
                            .train(good))
                    .withMessage("Embedding text 0 with 'short' gave 2 dimensions instead of 3; use one model for all "
                            + "texts");
            TrainedTextClassifier zeros = builder()
                    .embeddings("zeros", constant(3, 0, 0, 0))
                    .build()
                    .train(Intents.texts(20, 1))
                    .classifier();
            assertThat(zeros.predict("refund").confidence()).isBetween(0.3, 1.0);
        }

        @Test
        void interrupted() {
            Thread.currentThread().interrupt();
            try {
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> builder().build().train(good))
                        .withMessage("Training classifier 'intents' was interrupted after 4 of 660 steps of a model; "
                                + "nothing was kept, train again");
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> builder()
                                .embeddings("chance-8", Intents.embeddings(8))
                                .build()
                                .train(good))
                        .withMessage("Embedding texts with 'chance-8' was interrupted after 0 of 15; nothing was kept, "
                                + "start again");
            } finally {
                Thread.interrupted();
            }
        }

        @Test
        void settingsOutOfRange() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TextClassifierTrainer.builder(" "))
                    .withMessage("the name of a classifier is blank; name what it tells apart");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().withoutNGrams().build())
                    .withMessage("the trainer of classifier 'intents' has neither embeddings nor n-grams; leave out "
                            + "withoutNGrams() or add embeddings(…)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().regularisation(1, -1))
                    .withMessage("a strength of regularisation must be in (0, 1000000] but was -1.0; 1 is usual");
            assertThatIllegalArgumentException().isThrownBy(() -> builder().regularisation());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().folds(1))
                    .withMessage("a trainer needs from 2 to 20 folds but got 1; 4 is usual");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().coverage(1))
                    .withMessage("the coverage of conformal sets must be in (0, 1) but was 1.0; 0.95 is usual");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().nGrams(1000, 2, 3, 5))
                    .withMessage(
                            "n-grams need a power of two from 16 to 1048576 as the number of buckets but got 1000; "
                                    + "4096 suits most");
            assertThatIllegalArgumentException().isThrownBy(() -> builder().nGrams(1024, 2, 5, 3));
            assertThatIllegalArgumentException().isThrownBy(() -> builder().rejects(Double.NaN));
            assertThatIllegalArgumentException().isThrownBy(() -> builder().examplesPerLabel(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> builder().labelWeight("a", 0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder().embeddings(" ", Intents.embeddings(2)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().build().learningCurve(Intents.texts(5, 1)))
                    .withMessage(
                            "Drawing the learning curve of classifier 'intents' needs at least 40 texts but got 15; "
                                    + "collect more first");
        }

        private List<LabelledText> with(LabelledText... more) {
            List<LabelledText> texts = new ArrayList<>(good);
            texts.addAll(List.of(more));
            return texts;
        }

        private static void refuses(List<LabelledText> texts, String message) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().build().train(texts))
                    .withMessage(message);
        }

        private static EmbeddingModel constant(int dimension, float... vector) {
            return new EmbeddingModel() {
                @Override
                public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                    return Response.from(segments.stream()
                            .map(segment -> Embedding.from(vector))
                            .toList());
                }

                @Override
                public int dimension() {
                    return dimension;
                }
            };
        }
    }
}
