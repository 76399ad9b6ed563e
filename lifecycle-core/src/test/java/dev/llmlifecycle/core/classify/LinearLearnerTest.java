package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.data.Provenance;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class LinearLearnerTest {

    @Test
    void exponentialsAreRightToFiveDigits() {
        for (float power = 0; power > -79; power -= 0.0137f) {
            double exact = Math.exp(power);
            assertThat(LinearLearner.exp(power)).isCloseTo((float) exact, within((float) (1e-5 * exact)));
        }
        assertThat(LinearLearner.exp(0)).isCloseTo(1, within(1e-6f));
        assertThat(LinearLearner.exp(-1e30f)).isLessThan(1e-30f);
        assertThat(LinearLearner.exp(Float.NEGATIVE_INFINITY)).isLessThan(1e-30f);
    }

    /** Against plain loops, for sizes around those that are done four and eight at a time. */
    @Test
    void scoresAndMovesAsPlainLoopsDo() {
        SplittableRandom random = new SplittableRandom(4);
        for (int dimension : new int[] {0, 1, 3, 4, 7, 8, 9, 13, 17}) {
            for (int labels : new int[] {1, 2, 16, 33}) {
                int features = dimension + 32;
                LinearWeights weights = new LinearWeights(dimension, features, labels);
                float[][] plain = new float[features + 1][labels];
                for (int row = 0; row <= features; row++) {
                    for (int label = 0; label < labels; label++) {
                        plain[row][label] = (float) random.nextGaussian();
                        weights.set(row, label, plain[row][label]);
                    }
                }
                int[] buckets = IntStream.range(0, 32).filter(i -> i % 3 == 1).toArray();
                Features text = new Features(numbers(random, dimension), buckets, numbers(random, buckets.length), 1);
                float[] gradient = weights.newScores();
                System.arraycopy(numbers(random, labels), 0, gradient, 0, labels);
                weights.move(text, gradient, 0.1f);
                weights.scale(0.9f);
                float[] scores = weights.newScores();
                weights.score(text, scores);
                for (int label = 0; label < labels; label++) {
                    double score = 0;
                    double[] all = new double[features + 1];
                    for (int i = 0; i < dimension; i++) {
                        all[i] = text.embedding()[i];
                    }
                    for (int i = 0; i < buckets.length; i++) {
                        all[dimension + buckets[i]] = text.values()[i];
                    }
                    all[features] = LinearWeights.INTERCEPT;
                    for (int row = 0; row <= features; row++) {
                        score += all[row] * 0.9 * (plain[row][label] - 0.1 * all[row] * gradient[label]);
                    }
                    assertThat((double) scores[label]).isCloseTo(score, within(1e-3));
                }
            }
        }
    }

    private static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @Test
    void foldsTakeNeighboursTogetherAndEqualTextsToo() {
        var texts = new java.util.ArrayList<>(Intents.texts(8, 1));
        texts.add(LabelledText.of(texts.get(0).text().toUpperCase(java.util.Locale.ROOT), "account"));
        texts.sort(java.util.Comparator.comparing(text -> text.labels().get(0)));
        var labels = texts.stream()
                .flatMap(text -> text.labels().stream())
                .distinct()
                .sorted()
                .toList();
        LabelledRows rows = new LabelledRows(
                texts,
                new Texts(java.util.List.of(), java.util.List.of(), 0, 0),
                labels,
                texts.stream()
                        .map(text -> new int[] {labels.indexOf(text.labels().get(0))})
                        .toList(),
                false);
        int[] folds = CrossFit.folds(rows, 4);
        assertThat(Arrays.copyOfRange(folds, 9, 17)).containsExactly(1, 1, 2, 2, 3, 3, 0, 0);
        assertThat(folds[8]).isEqualTo(folds[0]);
    }

    /** #9: one text in five has the label; weighted fourfold, it is as likely as not. */
    @Test
    void aWeightOfALabelCountsForTextsThatHaveIt() {
        List<Features> features = IntStream.range(0, 50)
                .mapToObj(i -> new Features(new float[0], new int[] {0}, new float[] {1}, 1))
                .toList();
        LinearLearner learner = new LinearLearner("rare", 1, true, new float[] {4}, 1);
        LinearWeights weights = learner.learn(
                features,
                IntStream.range(0, 50).toArray(),
                row -> row % 5 == 0 ? new int[] {0} : new int[0],
                0.01,
                new FeatureSpace(new float[0], new float[16]));
        float[] scores = weights.newScores();
        weights.score(features.get(0), scores);
        assertThat(scores[0]).isCloseTo(0, within(0.4f));
    }

    /** #9: by its first label all texts of the rare one would be in one fold. */
    @Test
    void foldsAreDealtByTheRarestLabelOfAText() {
        List<LabelledText> texts = new ArrayList<>();
        List<int[]> truths = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean rare = i >= 20 && i < 24;
            texts.add(new LabelledText(
                    "text " + i, rare ? List.of("common", "rare") : List.of("common"), Provenance.UNKNOWN));
            truths.add(rare ? new int[] {0, 1} : new int[] {0});
        }
        LabelledRows rows =
                new LabelledRows(texts, new Texts(List.of(), List.of(), 0, 0), List.of("common", "rare"), truths, true);
        int[] folds = CrossFit.folds(rows, 4);
        assertThat(Arrays.copyOfRange(folds, 20, 24)).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    /** #9: a label whose scores say the opposite is given its share, not a curve that turns them round. */
    @Test
    void scoresThatMisleadAreCalibratedToTheShare() {
        float[][] scores = new float[40][];
        int[][] truth = new int[40][];
        for (int i = 0; i < 40; i++) {
            scores[i] = new float[] {i};
            truth[i] = i < 10 ? new int[] {0} : new int[0];
        }
        ScoreCalibration calibration = ScoreCalibration.fit(scores, truth, true);
        assertThat(calibration.probabilities(new float[] {-100})[0]).isCloseTo(0.25, within(0.02));
        assertThat(calibration.probabilities(new float[] {100})[0]).isCloseTo(0.25, within(0.02));
    }
}
