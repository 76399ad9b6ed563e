package dev.llmlifecycle.eval.metric;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class RefusalDetectorTest {

    @Test
    @DisplayName("an experiment counts what production notices")
    void followsTheRulesOfCore() {
        RefusalDetector detector = RefusalDetector.english();

        assertThat(detector.detect("I cannot help with that.")).isEqualTo(Refusal.FULL);
        assertThat(detector.detect("I cannot help with that. However, you can:\n1. call\n2. write"))
                .isEqualTo(Refusal.PARTIAL);
        assertThat(detector.detect("Call us.")).isEqualTo(Refusal.NONE);
        assertThat(detector.identity())
                .isEqualTo(dev.llmlifecycle.core.validation.content.RefusalDetector.english()
                        .identity());
    }
}
