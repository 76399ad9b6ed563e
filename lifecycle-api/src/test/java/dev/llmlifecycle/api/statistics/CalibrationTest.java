package dev.llmlifecycle.api.statistics;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class CalibrationTest {

    private static final double[] SCORES = {-2, -1.5, -1, -0.5, 0, 0.2, 0.5, 1, 1.5, 2.5};
    private static final boolean[] LABELS = {false, false, false, true, false, true, false, true, true, true};

    @Nested
    final class Platt {

        @Test
        void agreesWithPlainGradientDescent() {
            PlattScaling platt = PlattScaling.fit(SCORES, LABELS);
            assertThat(platt.slope()).isCloseTo(0.8816753043386132, within(1e-8));
            assertThat(platt.intercept()).isCloseTo(-0.04700219873275137, within(1e-8));
        }

        @Test
        void standsScoresOfAnyScaleAndSeparation() {
            double[] large = {1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3};
            PlattScaling platt = PlattScaling.fit(large, new boolean[] {false, false, true, true});
            assertThat(platt.applyAsDouble(1e6)).isBetween(0.2, 0.3);
            assertThat(platt.applyAsDouble(1e6 + 3)).isBetween(0.7, 0.8);
            PlattScaling flat = PlattScaling.fit(new double[] {1, 1, 1}, new boolean[] {true, false, true});
            assertThat(flat.applyAsDouble(1)).isBetween(0.5, 0.7);
        }

        @Test
        void givesProbabilitiesAtTheEnds() {
            PlattScaling platt = new PlattScaling(1, 0);
            assertThat(platt.applyAsDouble(-1_000)).isZero();
            assertThat(platt.applyAsDouble(1_000)).isEqualTo(1);
            assertThat(platt.applyAsDouble(0)).isEqualTo(0.5);
        }

        @Test
        void needsBothKinds() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PlattScaling.fit(new double[] {1, 2}, new boolean[] {true, true}))
                    .withMessage("Platt scaling needs positive and negative cases but all 2 are positive; add some of "
                            + "the other kind");
        }
    }

    @Nested
    final class Isotonic {

        @Test
        void poolsAdjacentViolators() {
            IsotonicCalibration curve = IsotonicCalibration.fit(SCORES, LABELS);
            assertThat(curve.applyAsDouble(-2)).isZero();
            assertThat(curve.applyAsDouble(-1)).isZero();
            assertThat(curve.applyAsDouble(-0.5)).isEqualTo(0.5);
            assertThat(curve.applyAsDouble(0.3)).isEqualTo(0.5);
            assertThat(curve.applyAsDouble(2.5)).isEqualTo(1);
        }

        @Test
        void isLinearBetweenAndConstantBeyond() {
            IsotonicCalibration curve = IsotonicCalibration.fit(SCORES, LABELS);
            assertThat(curve.applyAsDouble(-0.75)).isCloseTo(0.25, within(1e-15));
            assertThat(curve.applyAsDouble(0.75)).isCloseTo(0.75, within(1e-15));
            assertThat(curve.applyAsDouble(-100)).isZero();
            assertThat(curve.applyAsDouble(100)).isEqualTo(1);
        }

        @Test
        void equalScoresShareOneValue() {
            IsotonicCalibration curve =
                    IsotonicCalibration.fit(new double[] {1, 1, 1, 2}, new boolean[] {true, false, false, true});
            assertThat(curve.applyAsDouble(1)).isCloseTo(1 / 3.0, within(1e-15));
        }

        @Test
        void risesWhateverTheLabels() {
            SplittableRandom random = new SplittableRandom(2);
            double[] scores = random.doubles(500).toArray();
            boolean[] labels = new boolean[500];
            for (int i = 0; i < 500; i++) {
                labels[i] = random.nextDouble() < scores[i];
            }
            IsotonicCalibration curve = IsotonicCalibration.fit(scores, labels);
            double before = 0;
            for (double score = 0; score <= 1; score += 0.001) {
                assertThat(curve.applyAsDouble(score)).isGreaterThanOrEqualTo(before);
                before = curve.applyAsDouble(score);
            }
        }
    }

    @Nested
    final class Temperature {

        /** Two cases out of three are right, each by a score of one: p = 2/3 wants a score of ln 2. */
        private final float[][] scores = {{1, 0}, {1, 0}, {0, 1}};

        private final int[] classes = {0, 0, 0};

        @Test
        void isTheOneThatMakesTheRightClassesMostLikely() {
            double temperature = TemperatureScaling.fit(scores, classes).temperature();
            assertThat(temperature).isCloseTo(1 / Math.log(2), within(1e-9));
            assertThat(new TemperatureScaling(temperature).apply(scores[0])[0]).isCloseTo(2 / 3.0, within(1e-9));
        }

        @Test
        void undoesAFactorOnScores() {
            SplittableRandom random = new SplittableRandom(3);
            float[][] logits = new float[4_000][];
            int[] drawn = new int[logits.length];
            for (int i = 0; i < logits.length; i++) {
                float[] logit = {
                    (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
                };
                double[] chances = new TemperatureScaling(1).apply(logit);
                double u = random.nextDouble();
                drawn[i] = u < chances[0] ? 0 : u < chances[0] + chances[1] ? 1 : 2;
                logits[i] = new float[] {4 * logit[0], 4 * logit[1], 4 * logit[2]};
            }
            // The standard error of 1/T over 4,000 such cases is some 2.5 %.
            assertThat(TemperatureScaling.fit(logits, drawn).temperature()).isBetween(3.6, 4.4);
        }

        @Test
        void staysInItsRangeWhereCasesWantOneBeyond() {
            assertThat(TemperatureScaling.fit(new float[][] {{1, 0}}, new int[] {0})
                            .temperature())
                    .isCloseTo(0.01, within(1e-12));
            assertThat(TemperatureScaling.fit(new float[][] {{1, 0}}, new int[] {1})
                            .temperature())
                    .isCloseTo(100, within(1e-8));
            assertThat(TemperatureScaling.fit(new float[][] {{2, 2}}, new int[] {1})
                            .apply(new float[] {7, 7}))
                    .containsExactly(0.5, 0.5);
        }

        @Test
        void standsScoresOfAnySize() {
            assertThat(new TemperatureScaling(1).apply(new float[] {3e38f, -3e38f}))
                    .containsExactly(1, 0);
        }

        @Test
        void needsFiniteScoresForEachClass() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TemperatureScaling.fit(new float[][] {{1, 0}, {1, Float.NaN}}, new int[2]))
                    .withMessage("Temperature scaling needs finite numbers but case 1 has the score NaN; leave that "
                            + "case out or score it");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TemperatureScaling(0))
                    .withMessage("a temperature must be in [0.01, 100.0] but was 0.0; fit it, or use 1 to change "
                            + "nothing");
        }
    }

    @Nested
    final class Errors {

        private final double[] probabilities = {0, 0.1, 0.25, 0.5, 0.9, 1};
        private final boolean[] outcomes = {false, false, true, true, true, true};

        @Test
        void brier() {
            assertThat(CalibrationError.brier(probabilities, outcomes))
                    .isCloseTo((0.01 + 0.5625 + 0.25 + 0.01) / 6, within(1e-15));
        }

        @Test
        void expectedCalibrationError() {
            // Bins (0, .5] and (.5, 1]: |2 - 0.85| and |2 - 1.9|.
            assertThat(CalibrationError.expected(probabilities, outcomes, 2))
                    .isCloseTo((1.15 + 0.1) / 6, within(1e-15));
            // 0.07 is the upper end of the seventh of a hundred bins, and shares it with 0.065.
            assertThat(CalibrationError.expected(new double[] {0.07, 0.065}, new boolean[] {true, false}, 100))
                    .isCloseTo((1 - 0.07 - 0.065) / 2, within(1e-12));
            assertThat(CalibrationError.expected(new double[] {0.5, 0.5}, new boolean[] {true, false}, 10))
                    .isZero();
        }

        @Test
        void scoresThatAreNoProbabilitiesAreRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CalibrationError.brier(new double[] {1.5}, new boolean[] {true}))
                    .withMessage("a calibration error needs probabilities in [0, 1] but got 1.5; calibrate scores "
                            + "first, with PlattScaling or IsotonicCalibration");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CalibrationError.expected(probabilities, outcomes, 0))
                    .withMessage("a calibration error needs at least 1 bin but got 0");
        }
    }

    @Nested
    final class Conformal {

        @Test
        void isTheScoreOfTheRank() {
            double[] nine = {9, 1, 8, 2, 7, 3, 6, 4, 5};
            assertThat(ConformalThreshold.of(nine, 0.1).value()).isEqualTo(9);
            assertThat(ConformalThreshold.of(nine, 0.2).value()).isEqualTo(8);
            assertThat(ConformalThreshold.of(nine, 0.99).value()).isEqualTo(1);
        }

        @Test
        void isInfiniteWhereTooFewScoresCannotTell() {
            ConformalThreshold threshold = ConformalThreshold.of(new double[] {1, 2, 3}, 0.05);
            assertThat(threshold.value()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(threshold.covers(1e300)).isTrue();
        }

        @Test
        void coversNewScoresAsOftenAsItSays() {
            long covered = IntStream.range(0, 2_000)
                    .filter(run -> {
                        SplittableRandom random = new SplittableRandom(run);
                        double[] scores = random.doubles(39).map(Math::log).toArray();
                        return ConformalThreshold.of(scores, 0.1).covers(StrictMath.log(random.nextDouble()));
                    })
                    .count();
            // Exactly 36/40; four standard errors are 0.027.
            assertThat(covered / 2_000.0).isBetween(0.873, 0.927);
        }
    }
}
