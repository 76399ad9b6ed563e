package dev.llmlifecycle.api.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class PairedDifferencesTest {

    @Nested
    final class StudentsDistribution {

        @ParameterizedTest
        @ValueSource(doubles = {1e-8, 0.01, 0.5, 1, 2.5, 40, 1e5, 1e9})
        void hasTheClosedFormsOfOneAndTwoDegreesOfFreedom(double t) {
            // 1 - (2/π) atan t = (2/π) atan(1/t), and 1 - t/√(2 + t²) = 2/(√(2 + t²) (√(2 + t²) + t)).
            double one = 2 / Math.PI * StrictMath.atan(1 / t);
            double root = Math.sqrt(2 + t * t);
            double two = 2 / (root * (root + t));

            assertThat(StudentT.twoSided(t, 1) / one).isCloseTo(1, within(1e-12));
            assertThat(StudentT.twoSided(t, 2) / two).isCloseTo(1, within(1e-12));
            assertThat(StudentT.twoSided(-t, 2)).isEqualTo(StudentT.twoSided(t, 2));
        }

        @ParameterizedTest
        @CsvSource({
            // The 97.5 per cent points of the printed tables.
            "1, 12.706",
            "2, 4.303",
            "5, 2.571",
            "10, 2.228",
            "19, 2.093",
            "30, 2.042",
            "120, 1.980",
            "100000, 1.960"
        })
        void hasTheQuantilesOfTheTables(int freedom, double critical) {
            assertThat(StudentT.critical(0.95, freedom)).isCloseTo(critical, within(5e-4));
            assertThat(StudentT.twoSided(StudentT.critical(0.95, freedom), freedom))
                    .isCloseTo(0.05, within(1e-12));
        }

        @Test
        void endsInZeroAndOne() {
            assertThat(StudentT.twoSided(0, 7)).isEqualTo(1);
            assertThat(StudentT.twoSided(Double.POSITIVE_INFINITY, 7)).isZero();
            assertThat(StudentT.twoSided(1e200, 7)).isZero();
        }
    }

    @Nested
    final class SignFlips {

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3, 4, 5})
        void areCountedAsOneWouldByHand(long seed) {
            Random random = new Random(seed);
            double[] values = random.doubles(9, -1, 2).toArray();
            if (seed % 2 == 0) {
                values[3] = 0;
                values[4] = -values[5];
            }
            double observed = Math.abs(Arrays.stream(values).sum());
            int extreme = 0;
            for (int signs = 0; signs < 512; signs++) {
                double sum = 0;
                for (int i = 0; i < 9; i++) {
                    sum += (signs >> i & 1) == 0 ? values[i] : -values[i];
                }
                extreme += Math.abs(sum) >= observed - 1e-9 ? 1 : 0;
            }

            assertThat(PairedDifferences.of(values).signFlips().pValue()).isEqualTo(extreme / 512.0);
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 3})
        void haveTheIntervalOfTheValuesThatTheyDoNotReject(long seed) {
            double[] values = new Random(seed).doubles(10, -1, 3).toArray();
            Interval interval = PairedDifferences.of(values).signFlips().interval(0.95);

            assertThat(shifted(values, interval.low() - 1e-6).signFlips().pValue())
                    .isLessThanOrEqualTo(0.05);
            assertThat(shifted(values, interval.low() + 1e-6).signFlips().pValue())
                    .isGreaterThan(0.05);
            assertThat(shifted(values, interval.high() + 1e-6).signFlips().pValue())
                    .isLessThanOrEqualTo(0.05);
            assertThat(shifted(values, interval.high() - 1e-6).signFlips().pValue())
                    .isGreaterThan(0.05);
        }

        @Test
        void ofManyUnitsAreDrawnTheSameEachTimeAndCloseToTheTTest() {
            double[] values =
                    new Random(7).doubles(400, -1, 1).map(value -> value + 0.07).toArray();
            PairedDifferences differences = PairedDifferences.of(values);

            assertThat(differences.signFlips().pValue())
                    .isEqualTo(PairedDifferences.of(values.clone()).signFlips().pValue())
                    .isCloseTo(differences.tPValue(), within(0.01));
            assertThat(differences.signFlips().interval(0.95).low())
                    .isCloseTo(differences.tInterval(0.95).low(), within(0.01));
            assertThat(differences.signFlips().interval(0.95).high())
                    .isCloseTo(differences.tInterval(0.95).high(), within(0.01));
        }

        @Test
        void ofTooFewUnitsRejectNothingAndBoundNothing() {
            PairedDifferences five = PairedDifferences.of(1, 2, 3, 4, 5);

            assertThat(five.signFlips().pValue())
                    .isEqualTo(0.0625)
                    .isEqualTo(five.signFlips().smallestPValue());
            assertThat(five.signFlips().interval(0.95).low()).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(PairedDifferences.of(1, 2, 3, 4, 5, 6)
                            .signFlips()
                            .interval(0.95)
                            .low())
                    .isEqualTo(1);
            assertThat(PairedDifferences.of(0, 0, 1).signFlips().smallestPValue())
                    .isEqualTo(1);
        }

        @Test
        void ofClustersFlipAllTheirRowsTogether() {
            PairedDifferences clustered = PairedDifferences.clustered(
                    new double[] {1, 1, 1, -2, 3, 4}, List.of("a", "a", "a", "b", "c", "c"));

            // Sums 3, -2 and 7: 8 flips, of which +++, ---, +-+ and -+- are as far out as 8.
            assertThat(clustered.units()).isEqualTo(3);
            assertThat(clustered.signFlips().pValue()).isEqualTo(0.5);
        }

        private PairedDifferences shifted(double[] values, double by) {
            return PairedDifferences.of(
                    Arrays.stream(values).map(value -> value - by).toArray());
        }
    }

    @Nested
    final class Clusters {

        @Test
        void ofOneAreNoClusters() {
            double[] values = new Random(1).doubles(50, -1, 2).toArray();
            List<String> each = IntStream.range(0, 50).mapToObj(i -> "c" + i).toList();

            assertThat(PairedDifferences.clustered(values, each).standardError())
                    .isEqualTo(PairedDifferences.of(values).standardError());
            assertThat(PairedDifferences.clustered(values, each).tPValue())
                    .isEqualTo(PairedDifferences.of(values).tPValue());
        }

        @Test
        void ofCopiesAreWorthOneRowEach() {
            double[] values = new Random(1).doubles(30, -1, 2).toArray();
            double[] copies = new double[90];
            List<String> clusters = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                copies[i] = values[i / 3];
                clusters.add("c" + i / 3);
            }

            assertThat(PairedDifferences.clustered(copies, clusters).standardError())
                    .isCloseTo(PairedDifferences.of(values).standardError(), within(1e-15));
        }

        @Test
        void standOneForEachRow() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PairedDifferences.clustered(new double[] {1, 2}, List.of("a")))
                    .withMessage("paired differences need a cluster each but there are 2 and 1 clusters; match them"
                            + " row by row");
        }
    }

    @Nested
    final class TheShape {

        @Test
        void isConstantWhereAllAreEqualButForRounding() {
            assertThat(PairedDifferences.of(0.1, 0.3 - 0.2, 0.1).isConstant()).isTrue();
            assertThat(PairedDifferences.of(0, 0, 0).isConstant()).isTrue();
            assertThat(PairedDifferences.of(5).isConstant()).isTrue();
            assertThat(PairedDifferences.of(0.1, 0.2).isConstant()).isFalse();
            assertThat(PairedDifferences.of(0.1, 0.1, 0.1).skewness()).isZero();
            assertThat(PairedDifferences.of(0.1, 0.1, 0.1).largestDeviation()).isZero();
        }

        @Test
        void isSkewedToTheSideOfTheLongTail() {
            assertThat(PairedDifferences.of(1, 2, 3).skewness()).isCloseTo(0, within(1e-15));
            // Deviations -1, -1, -1, 3: mean cube 6, mean square 3.
            assertThat(PairedDifferences.of(0, 0, 0, 4).skewness()).isCloseTo(6 / Math.pow(3, 1.5), within(1e-15));
            assertThat(PairedDifferences.of(0, 0, 0, -4).skewness()).isNegative();
            assertThat(PairedDifferences.of(0, 0, 0, 4).largestDeviation()).isCloseTo(1.5, within(1e-15));
        }

        @Test
        void ofOneUnitOrAConstantSaysWhatCanBeSaid() {
            assertThat(PairedDifferences.of(3).tPValue()).isEqualTo(1);
            assertThat(PairedDifferences.of(3).signFlips().pValue()).isEqualTo(1);
            assertThat(PairedDifferences.of(3).tInterval(0.9).high()).isInfinite();
            assertThat(PairedDifferences.of(3, 3).tPValue()).isZero();
            assertThat(PairedDifferences.of(0, 0).tPValue()).isEqualTo(1);
            assertThat(PairedDifferences.of(3, 3).tInterval(0.9)).isEqualTo(new Interval(3, 3, 0.9));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNoNumber(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedDifferences.of(1, value))
                .withMessage("paired differences must be finite but number 1 is " + value
                        + "; leave that pair out or score it");
    }

    @Test
    void refusesNothingAtAll() {
        assertThatIllegalArgumentException().isThrownBy(PairedDifferences::of).withMessageContaining("but got none");
    }
}
