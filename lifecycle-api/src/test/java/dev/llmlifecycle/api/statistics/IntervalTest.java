package dev.llmlifecycle.api.statistics;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class IntervalTest {

    @Test
    void containsItsEnds() {
        Interval interval = new Interval(-0.1, 0.2, 0.95);

        assertThat(interval.contains(-0.1)).isTrue();
        assertThat(interval.contains(0.2)).isTrue();
        assertThat(interval.contains(0.2000001)).isFalse();
        assertThat(interval.contains(-0.2)).isFalse();
        assertThat(interval.contains(Double.NaN)).isFalse();
    }

    @Test
    void liesWithinAMarginThatItDoesNotTouch() {
        Interval interval = new Interval(-0.1, 0.2, 0.95);

        assertThat(interval.within(0.3)).isTrue();
        assertThat(interval.within(0.2)).isFalse();
        assertThat(new Interval(-0.3, 0.2, 0.95).within(0.25)).isFalse();
    }

    @Test
    void refusesEndsInTheWrongOrder() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Interval(0.2, 0.1, 0.95))
                .withMessage("an interval must have low <= high but was [0.2, 0.1]; check the inputs for NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> new Interval(Double.NaN, 1, 0.95));
        assertThatIllegalArgumentException().isThrownBy(() -> new Interval(0, 1, 95));
    }
}
