package dev.llmlifecycle.core.resilience;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class ResiliencePolicyTest {

    private final ResiliencePolicy.Builder builder = ResiliencePolicy.builder();

    @Test
    void theFirstTokenHasTheTimeOfAnAttemptUnlessSaidOtherwise() {
        assertThat(builder.timeout(Duration.ofSeconds(7)).build().firstTokenTimeout())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(builder.firstTokenTimeout(Duration.ofSeconds(3)).build().firstTokenTimeout())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void refusesTimesThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeout(Duration.ZERO))
                .withMessage("the timeout must be above zero but was PT0S; give it a length");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.stallTimeout(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.totalTimeout(Duration.ofDays(400)))
                .withMessage("the total timeout must not be above 365 days but was 400 days; choose a time that"
                        + " somebody would wait");
    }

    @Test
    void refusesAnAttemptThatOutlastsTheCall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.timeout(Duration.ofSeconds(61)).build())
                .withMessage("one attempt must not take longer than the whole call but may take 61000 ms of 60000 ms;"
                        + " lower timeout or raise totalTimeout");
    }

    @Test
    void refusesNumbersThatMeanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxRetries(-1))
                .withMessage("the number of retries must not be negative but was -1; use 0 for none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.jitter(Double.NaN))
                .withMessage("the jitter must be in [0, 1] but was NaN; use 0 for exact waits");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.jitter(1.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.circuitBreaker(0, Duration.ofSeconds(1)))
                .withMessage("the number of failures that open a circuit must be above zero but was 0; use"
                        + " noCircuitBreaker() for none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("the longest wait must not be below the first but was 1000 ms after 2000 ms; exchange"
                        + " them");
    }

    @Test
    void whatDecidesTheAnswerIsInTheIdentityAndWhatDoesNotIsNot() {
        ResiliencePolicy policy = builder.build();

        assertThat(ResiliencePolicy.builder()
                        .seed(7)
                        .listener(new Events())
                        .build()
                        .toCanonical())
                .isEqualTo(policy.toCanonical());
        assertThat(ResiliencePolicy.builder().noCircuitBreaker().build().toCanonical())
                .isNotEqualTo(policy.toCanonical());
    }
}
