package dev.llmlifecycle.samples.measure.task;

import dev.llmlifecycle.api.statistics.Interval;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class FigureTest {

    @Test
    void aShareHasWilsonsInterval() {
        Figure figure = Figure.share("xquad/en", "recall@1", 8, 10);

        assertThat(figure.value()).isEqualTo(0.8);
        assertThat(figure.n()).isEqualTo(10);
        assertThat(figure.interval().low()).isCloseTo(0.490, within(0.001));
        assertThat(figure.interval().high()).isCloseTo(0.943, within(0.001));
    }

    @Test
    void refusesANumberThatRestsOnNothing() {
        Interval interval = new Interval(0, 1, 0.95);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Figure("s", "f", Double.NaN, interval, 1))
                .withMessage("figure 'f' of s must be finite and rest on at least one row but was NaN of 1; leave it"
                        + " out where there is nothing to count");
        assertThatIllegalArgumentException().isThrownBy(() -> new Figure("s", "f", 0.5, interval, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Figure("s", "f", 0.5, new Interval(0, 1, 0.9), 1))
                .withMessageContaining("must have level 0.95 but has 0.9");
    }
}
