package dev.llmlifecycle.api.statistics;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

/** The expected numbers were computed with mpmath at 40 digits, the far tail with SciPy 1.17. */
@NullMarked
final class NormalDistributionTest {

    @ParameterizedTest
    @CsvSource({
        "0.6, 0.253347103135799741",
        "0.8, 0.841621233572914364",
        "0.9, 1.28155156554460059",
        "0.925, 1.43953147093845623",
        "0.95, 1.64485362695147228",
        "0.975, 1.95996398454005386",
        "0.99, 2.32634787404084077",
        "0.995, 2.57582930354890045",
        "0.9995, 3.29052673149192578",
        "0.999999, 4.75342430881708777",
        "0.0001, -3.71901648545568055",
        "0.025, -1.95996398454005421",
        "1e-7, -5.19933758219281694",
        "1e-20, -9.262340089798409",
        "1e-300, -37.0470962993612"
    })
    void givesTheQuantile(double p, double z) {
        assertThat(NormalDistribution.quantile(p)).isCloseTo(z, withinPercentage(1e-13));
    }

    @Test
    void isSymmetricAboutTheMedian() {
        assertThat(NormalDistribution.quantile(0.5)).isZero();
        for (double p = 0.25; p > 1e-9; p /= 2) {
            assertThat(NormalDistribution.quantile(1 - p))
                    .isCloseTo(-NormalDistribution.quantile(p), withinPercentage(1e-6));
        }
    }

    @Test
    void givesTheTwoSidedCriticalValue() {
        assertThat(NormalDistribution.critical(0.95)).isCloseTo(1.959963984540054, withinPercentage(1e-13));
        assertThatIllegalArgumentException().isThrownBy(() -> NormalDistribution.critical(1));
    }
}
