package dev.llmlifecycle.api.statistics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

@NullMarked
final class McNemarTestTest {

    @Test
    void isExactToTheBitForSmallCounts() {
        for (int n = 0; n <= 50; n++) {
            for (int gained = 0; gained <= n; gained++) {
                assertThat(McNemarTest.exactPValue(gained, n - gained))
                        .as("%d gained, %d lost", gained, n - gained)
                        .isEqualTo(exact(gained, n - gained).doubleValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"59, 6", "100, 60", "300, 299", "511, 511", "600, 422", "600, 423", "900, 700", "3000, 2800"})
    void agreesWithExactBinomialsForLargeCounts(int gained, int lost) {
        double expected = exact(gained, lost).doubleValue();

        assertThat(McNemarTest.exactPValue(gained, lost)).isCloseTo(expected, withinPercentage(1e-8));
        assertThat(McNemarTest.exactPValue(lost, gained)).isEqualTo(McNemarTest.exactPValue(gained, lost));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "9, 1, 0.01171875",
        "1, 9, 0.01171875",
        "5, 0, 0.03125",
        "7, 7, 0.895263671875",
        "100, 60, 0.0015383166151492008",
        "900, 700, 5.594509727662507e-07"
    })
    void countsTheObservedTermHalfInTheMidP(int gained, int lost, double expected) {
        assertThat(McNemarTest.midPValue(gained, lost)).isCloseTo(expected, withinPercentage(1e-8));
    }

    @Test
    void isZeroOnlyWhereADoubleCannotHoldIt() {
        assertThat(McNemarTest.exactPValue(1023, 0)).isPositive();
        assertThat(McNemarTest.exactPValue(2000, 0)).isZero();
    }

    @Test
    void refusesCountsBelowZeroAndSumsThatOverflow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> McNemarTest.exactPValue(-1, 3))
                .withMessage("McNemar's test counts pairs but got -1 and 3; check the counts");
        assertThatIllegalArgumentException().isThrownBy(() -> McNemarTest.midPValue(3, -1));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> McNemarTest.exactPValue(Long.MAX_VALUE, 1));
    }

    @Test
    void raisesNoMoreFalseAlarmsThanAlpha() {
        int runs = 20_000;
        double alpha = 0.05;
        for (int discordant : new int[] {5, 12, 40}) {
            SplittableRandom random = new SplittableRandom(42);
            int alarms = 0;
            for (int run = 0; run < runs; run++) {
                int gained = 0;
                for (int pair = 0; pair < discordant; pair++) {
                    gained += random.nextInt(2);
                }
                if (McNemarTest.exactPValue(gained, discordant - gained) <= alpha) {
                    alarms++;
                }
            }
            double standardError = Math.sqrt(alpha * (1 - alpha) / runs);
            assertThat(alarms / (double) runs)
                    .as("false alarms over %d discordant pairs, seed 42", discordant)
                    .isLessThanOrEqualTo(alpha + 3 * standardError);
        }
        assertThat(McNemarTest.exactPValue(35, 5)).as("and it does notice").isCloseTo(0, within(1e-5));
    }

    private static BigDecimal exact(int gained, int lost) {
        int n = gained + lost;
        BigInteger sum = BigInteger.ZERO;
        BigInteger binomial = BigInteger.ONE;
        for (int i = 0; i <= Math.min(gained, lost); i++) {
            sum = sum.add(binomial);
            binomial = binomial.multiply(BigInteger.valueOf(n - i)).divide(BigInteger.valueOf(i + 1));
        }
        BigDecimal p =
                new BigDecimal(sum.shiftLeft(1)).divide(new BigDecimal(BigInteger.TWO.pow(n)), new MathContext(60));
        return p.min(BigDecimal.ONE);
    }
}
