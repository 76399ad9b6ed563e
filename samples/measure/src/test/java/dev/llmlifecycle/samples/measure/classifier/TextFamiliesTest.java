package dev.llmlifecycle.samples.measure.classifier;

import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class TextFamiliesTest {

    private static final String RUN = "one two three four five six seven eight nine ten eleven twelve";

    @Test
    @DisplayName("twelve words in common make a family, eleven do not, and families hang together by pairs")
    void joinsBySharedRuns() {
        String other = "a b c d e f g h i j k l";
        TextFamilies families = TextFamilies.of(List.of(
                "Begin: " + RUN + ".",
                other + " and nothing else",
                "One, two; THREE four five six seven eight nine ten eleven twelve " + other,
                "one two three four five six seven eight nine ten eleven and then no more"));
        assertThat(families.key(0)).isEqualTo(families.key(2));
        assertThat(families.key(1)).isEqualTo(families.key(2));
        assertThat(families.key(3)).isNotEqualTo(families.key(0));
    }

    @Test
    @DisplayName("short texts are of one family when they are the same words")
    void joinsShortTexts() {
        TextFamilies families = TextFamilies.of(List.of("Hello there", "hello, there!", "hello", ""));
        assertThat(families.key(0)).isEqualTo(families.key(1)).isNotEqualTo(families.key(2));
        assertThat(families.key(3)).isNotEqualTo(families.key(2));
    }

    @Test
    @DisplayName("a family keeps its key whatever the order of the texts")
    void isIndependentOfOrder() {
        TextFamilies one = TextFamilies.of(List.of(RUN + " a", RUN + " b", "else"));
        TextFamilies other = TextFamilies.of(List.of("else", RUN + " b", RUN + " a"));
        assertThat(one.key(0)).isEqualTo(other.key(2)).isEqualTo(other.key(1));
        assertThat(one.key(2)).isEqualTo(other.key(0));
    }
}
