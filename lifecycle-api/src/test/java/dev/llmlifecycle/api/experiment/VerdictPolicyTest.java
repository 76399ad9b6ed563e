package dev.llmlifecycle.api.experiment;

import java.util.Map;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class VerdictPolicyTest {

    @Test
    void acceptsFalseAlarmsInOneOfTwentyUnlessToldOtherwise() {
        VerdictPolicy policy =
                VerdictPolicy.builder().metric("b", 0.1).metric("a", 0.2).build();

        assertThat(policy).isEqualTo(new VerdictPolicy(0.05, Map.of("a", 0.2, "b", 0.1)));
        assertThat(policy.margins().keySet()).containsExactly("a", "b");
        assertThat(policy.hash()).isEqualTo(new VerdictPolicy(0.05, Map.of("a", 0.2, "b", 0.1)).hash());
        assertThat(policy.hash()).isNotEqualTo(new VerdictPolicy(0.04, policy.margins()).hash());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 0.5, Double.NaN})
    void refusesAnAlphaOutsideItsRange(double alpha) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VerdictPolicy(alpha, Map.of("a", 0.1)))
                .withMessage("alpha must be in (0, 0.5) but was " + alpha + "; use 0.05 if unsure");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void refusesAMarginOutsideItsRange(double margin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VerdictPolicy(0.05, Map.of("a", margin)))
                .withMessage("the smallest difference that matters for metric 'a' must be in (0, 1] but was " + margin
                        + "; 0.05 is five points of success rate");
    }

    @Test
    void needsEachMetricOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().build())
                .withMessage("a verdict policy needs a metric; add metric(name, smallestDifference)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().metric("a", 0.1).metric("a", 0.1))
                .withMessage("a verdict policy names the metric 'a' twice; keep one");
    }
}
