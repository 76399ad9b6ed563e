package dev.llmlifecycle.eval.metric;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class ClassificationTest {

    @Nested
    final class Confusion {

        private final ConfusionMatrix matrix = matrix(new int[][] {{5, 1, 0}, {2, 6, 1}, {0, 1, 4}});

        @Test
        void countsAndRates() {
            assertThat(matrix.labels()).containsExactly("a", "b", "c");
            assertThat(matrix.count("b", "a")).isEqualTo(2);
            assertThat(matrix.count("a", "c")).isZero();
            assertThat(matrix.accuracy()).isEqualTo(0.75);
            assertThat(matrix.precision("a")).isCloseTo(5 / 7.0, within(1e-15));
            assertThat(matrix.recall("a")).isCloseTo(5 / 6.0, within(1e-15));
            assertThat(matrix.f1("a")).isCloseTo(10 / 13.0, within(1e-15));
        }

        @Test
        void macroF1AndMatthews() {
            assertThat(matrix.macroF1()).isCloseTo(0.7583710407239819, within(1e-14));
            assertThat(matrix.matthewsCorrelation()).isCloseTo(0.6192490904808059, within(1e-14));
        }

        @Test
        void oneLabelSaysNothing() {
            ConfusionMatrix constant = ConfusionMatrix.of(List.of("a", "b"), List.of("a", "a"));
            assertThat(constant.matthewsCorrelation()).isZero();
            assertThat(constant.precision("b")).isZero();
            assertThat(constant.recall("unknown")).isZero();
            assertThat(constant.f1("unknown")).isZero();
        }

        @Test
        void needsTwoListsOfOneLength() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfusionMatrix.of(List.of("a"), List.of()))
                    .withMessage("a confusion matrix needs two lists of one length but got 1 actual and 0 predicted "
                            + "labels; match them row by row");
        }

        private static ConfusionMatrix matrix(int[][] counts) {
            List<String> labels = List.of("a", "b", "c");
            List<String> actual = new ArrayList<>();
            List<String> predicted = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    actual.addAll(Collections.nCopies(counts[i][j], labels.get(i)));
                    predicted.addAll(Collections.nCopies(counts[i][j], labels.get(j)));
                }
            }
            return ConfusionMatrix.of(actual, predicted);
        }
    }

    @Nested
    final class Areas {

        @Test
        void byHand() {
            double[] scores = {0.9, 0.8, 0.7, 0.6, 0.5};
            boolean[] positive = {true, false, true, true, false};
            assertThat(BinaryScores.auroc(scores, positive)).isCloseTo(4 / 6.0, within(1e-15));
            assertThat(BinaryScores.auprc(scores, positive)).isCloseTo((1 + 2 / 3.0 + 3 / 4.0) / 3, within(1e-15));
        }

        @Test
        void aConstantScoreSaysNothing() {
            double[] scores = {1, 1, 1, 1};
            boolean[] positive = {true, false, false, false};
            assertThat(BinaryScores.auroc(scores, positive)).isEqualTo(0.5);
            assertThat(BinaryScores.auprc(scores, positive)).isEqualTo(0.25);
        }

        @Test
        void aurocIsTheShareOfPairsInOrder() {
            SplittableRandom random = new SplittableRandom(9);
            double[] scores = random.ints(200, 0, 20).asDoubleStream().toArray();
            boolean[] positive = new boolean[200];
            IntStream.range(0, 200).forEach(i -> positive[i] = random.nextInt(30) < scores[i]);
            double above = 0;
            double pairs = 0;
            for (int i = 0; i < 200; i++) {
                for (int j = 0; j < 200; j++) {
                    if (positive[i] && !positive[j]) {
                        pairs++;
                        above += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }
                }
            }
            assertThat(BinaryScores.auroc(scores, positive)).isCloseTo(above / pairs, within(1e-12));
        }

        @Test
        void wrongInputSaysWhatIsWrong() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BinaryScores.auroc(new double[] {1, 2}, new boolean[] {true, true}))
                    .withMessage("an area under a curve needs positive and negative cases but 2 of 2 are positive; add "
                            + "some of the other kind");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BinaryScores.auprc(new double[] {1, Double.NaN}, new boolean[] {true, false}))
                    .withMessage("an area under a curve needs numbers but score 1 is NaN; leave that row out");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BinaryScores.auroc(new double[] {1}, new boolean[] {true, false}))
                    .withMessageContaining("got 1 scores and 2 labels");
        }
    }

    @Nested
    final class Latency {

        @Test
        void isByNearestRank() {
            List<Duration> hundred = IntStream.rangeClosed(1, 100)
                    .mapToObj(i -> Duration.ofMillis(101 - i))
                    .toList();
            assertThat(LatencyPercentiles.of(hundred))
                    .isEqualTo(new LatencyPercentiles(
                            100,
                            Duration.ofMillis(50),
                            Duration.ofMillis(95),
                            Duration.ofMillis(99),
                            Duration.ofMillis(100)));
        }

        @Test
        void ofFewIsOneOfThem() {
            LatencyPercentiles three =
                    LatencyPercentiles.of(List.of(Duration.ofMillis(3), Duration.ofMillis(1), Duration.ofMillis(2)));
            assertThat(three.p50()).isEqualTo(Duration.ofMillis(2));
            assertThat(three.p99()).isEqualTo(Duration.ofMillis(3));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LatencyPercentiles.of(List.of()))
                    .withMessage("latency percentiles need a latency but got none; ask something first");
        }
    }
}
