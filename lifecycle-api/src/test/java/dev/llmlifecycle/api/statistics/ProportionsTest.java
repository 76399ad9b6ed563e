package dev.llmlifecycle.api.statistics;

import org.assertj.core.data.Offset;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The expected numbers were computed with SciPy 1.17 and mpmath at 40 digits. */
@NullMarked
final class ProportionsTest {

    private static final Offset<Double> TINY = Offset.offset(1e-13);

    @ParameterizedTest
    @CsvSource({
        "15, 20, 0.95, 0.5312991223812561, 0.8881382985923344",
        "0, 10, 0.95, 0, 0.27753279986288926",
        "10, 10, 0.95, 0.7224672001371109, 1",
        "1, 1, 0.9, 0.2698659487840541, 1",
        "81, 263, 0.95, 0.2552885198782742, 0.36620957698280007",
        "950, 1000, 0.99, 0.9290930273094663, 0.9649749242774676"
    })
    void givesWilsonsInterval(long successes, long trials, double level, double low, double high) {
        Interval interval = Proportions.wilson(successes, trials, level);

        assertThat(interval.low()).isCloseTo(low, TINY);
        assertThat(interval.high()).isCloseTo(high, TINY);
        assertThat(interval.level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({
        "12, 5, 100, 0.95, -0.014064609259292004, 0.15131951122007632",
        "0, 0, 50, 0.9, -0.044734121295256699, 0.044734121295256699",
        "9, 1, 21, 0.95, 0.089109503477855125, 0.60654267043518835",
        "1, 0, 1, 0.95, -0.73353592807895764, 1",
        "0, 1, 1, 0.95, -1, 0.73353592807895764",
        "30, 10, 200, 0.99, 0.018341550264171571, 0.17967825171602645"
    })
    void givesBonettAndPricesInterval(long gained, long lost, long pairs, double level, double low, double high) {
        Interval interval = Proportions.pairedDifference(gained, lost, pairs, level);

        assertThat(interval.low()).isCloseTo(low, TINY);
        assertThat(interval.high()).isCloseTo(high, TINY);
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.1, 0.05, 0.8, 155", "0.3, 0.05, 0.05, 0.9, 1257", "1, 1, 0.05, 0.8, 4"})
    void givesConnorsSampleSize(double discordant, double difference, double alpha, double power, long expected) {
        assertThat(Proportions.pairedSampleSize(discordant, difference, alpha, power))
                .isEqualTo(expected);
    }

    @Test
    void refusesCountsThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.wilson(3, 2, 0.95))
                .withMessage("a proportion needs 0 <= successes <= trials and trials >= 1 but got 3 of 2; check the"
                        + " counts");
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.wilson(0, 0, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.wilson(-1, 2, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.pairedDifference(2, 2, 3, 0.95))
                .withMessage("paired proportions need gained + lost <= pairs and pairs >= 1 but got 2 + 2 of 3; check"
                        + " the counts");
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.pairedDifference(0, 0, 0, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.pairedDifference(-1, 0, 1, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.pairedDifference(0, -1, 1, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.pairedDifference(Long.MAX_VALUE, Long.MAX_VALUE, 3, 0.95));
    }

    @Test
    void refusesSharesAndProbabilitiesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.pairedSampleSize(0.1, 0.2, 0.05, 0.8))
                .withMessage("a sample size needs 0 < difference <= discordant <= 1 but got difference 0.2 and"
                        + " discordant 0.1; check the shares");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.pairedSampleSize(0.2, 0.1, 0, 0.8))
                .withMessage("alpha must be in (0, 1) but was 0.0; use 0.05 if unsure");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.pairedSampleSize(0.2, 0.1, 0.05, 1))
                .withMessage("the power must be in (0, 1) but was 1.0; use 0.8 if unsure");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proportions.wilson(1, 2, Double.NaN))
                .withMessage("a confidence level must be in (0, 1) but was NaN; use 0.95 for 95 %");
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.pairedSampleSize(0.2, 0, 0.05, 0.8));
        assertThatIllegalArgumentException().isThrownBy(() -> Proportions.pairedSampleSize(1.1, 0.1, 0.05, 0.8));
    }
}
