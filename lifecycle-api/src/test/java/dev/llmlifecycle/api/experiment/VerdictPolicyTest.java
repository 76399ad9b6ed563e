package dev.llmlifecycle.api.experiment;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.llmlifecycle.api.experiment.Direction.HIGHER_IS_BETTER;
import static dev.llmlifecycle.api.experiment.Direction.LOWER_IS_BETTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class VerdictPolicyTest {

    @Test
    void acceptsFalseAlarmsInOneOfTwentyUnlessToldOtherwise() {
        VerdictPolicy policy =
                VerdictPolicy.builder().metric("b", 0.1).metric("a", 0.2).build();

        assertThat(policy).isEqualTo(policy(0.05, Map.of("a", rate(0.2), "b", rate(0.1))));
        assertThat(policy.metrics().keySet()).containsExactly("a", "b");
        assertThat(policy.margins()).containsExactly(Map.entry("a", 0.2), Map.entry("b", 0.1));
        assertThat(policy.hash())
                .isEqualTo(policy(0.05, Map.of("a", rate(0.2), "b", rate(0.1))).hash());
        assertThat(policy.hash()).isNotEqualTo(policy(0.04, policy.metrics()).hash());
    }

    @Test
    void hasAHashForEverythingItDeclares() {
        VerdictPolicy plain =
                VerdictPolicy.builder().score("a", HIGHER_IS_BETTER, 0.1).build();

        assertThat(List.of(
                        plain,
                        VerdictPolicy.builder().metric("a", 0.1).build(),
                        VerdictPolicy.builder().score("a", LOWER_IS_BETTER, 0.1).build(),
                        VerdictPolicy.builder()
                                .score("a", HIGHER_IS_BETTER, 0.2)
                                .build(),
                        VerdictPolicy.builder()
                                .score("a", HIGHER_IS_BETTER, 0.1)
                                .clusterBy("user")
                                .build(),
                        VerdictPolicy.builder()
                                .score("a", HIGHER_IS_BETTER, 0.1)
                                .guardrail("b", 0.1)
                                .build(),
                        VerdictPolicy.builder()
                                .score("a", HIGHER_IS_BETTER, 0.1)
                                .metric("b", 0.1)
                                .build()))
                .extracting(VerdictPolicy::hash)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 0.5, Double.NaN})
    void refusesAnAlphaOutsideItsRange(double alpha) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy(alpha, Map.of("a", rate(0.1))))
                .withMessage("alpha must be in (0, 0.5) but was " + alpha + "; use 0.05 if unsure");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void refusesAMarginOutsideItsRange(double margin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().metric("a", margin))
                .withMessage("declaring the metric 'a': the smallest difference that matters must be in (0, 1] but was "
                        + margin + "; 0.05 is five points of success rate, and what is no rate is declared as a score"
                        + " with its direction");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.POSITIVE_INFINITY, Double.NaN})
    void refusesAMarginOfAScoreThatIsNotPositiveAndFinite(double margin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().guardrail("latency-ms", LOWER_IS_BETTER, margin))
                .withMessage("declaring the metric 'latency-ms': the smallest difference that matters must be positive"
                        + " and finite but was " + margin + "; give it in the metric's unit");
    }

    @Test
    void needsEachMetricOnceAndOneThatMayImprove() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().build())
                .withMessage("a verdict policy needs a metric that may improve, and not guardrails alone; add"
                        + " metric(name, smallestDifference)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().guardrail("a", 0.1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().metric("a", 0.1).guardrail("a", 0.1))
                .withMessage("a verdict policy names the metric 'a' twice; keep one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerdictPolicy.builder().metric(" ", 0.1))
                .withMessageContaining("is blank");
    }

    private static VerdictPolicy policy(double alpha, Map<String, MetricRule> metrics) {
        return new VerdictPolicy(alpha, metrics, Optional.empty());
    }

    private static MetricRule rate(double margin) {
        return new MetricRule(MetricRule.Scale.RATE, Direction.HIGHER_IS_BETTER, margin, MetricRule.Role.PRIMARY);
    }
}
