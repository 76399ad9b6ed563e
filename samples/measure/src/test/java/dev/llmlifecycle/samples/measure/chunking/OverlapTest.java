package dev.llmlifecycle.samples.measure.chunking;

import java.util.List;

import dev.llmlifecycle.api.text.TextSpan;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class OverlapTest {

    @Test
    void countsRelevantTokensOnceAndRetrievedOnesAsOftenAsTheyCome() {
        List<TextSpan> relevant = List.of(new TextSpan(10, 20));

        assertThat(Overlap.of(relevant, relevant, 0)).isEqualTo(new Overlap(1, 1, 1));
        assertThat(Overlap.of(relevant, List.of(new TextSpan(15, 25), new TextSpan(15, 25)), 0))
                .isEqualTo(new Overlap(5.0 / 25, 5.0 / 20, 0.5));
        assertThat(Overlap.of(relevant, List.of(new TextSpan(10, 20)), 10)).isEqualTo(new Overlap(0.5, 0.5, 1));
        assertThat(Overlap.of(relevant, List.of(), 0)).isEqualTo(new Overlap(0, 0, 0));
    }
}
