package dev.llmlifecycle.core.internal.text;

import java.time.Duration;

import dev.llmlifecycle.api.text.TextSpan;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

@NullMarked
class CitationMarksTest {

    @Test
    void areReadInTheirForms() {
        assertThat(CitationMarks.in("So [1]. Or [2][3]; or [4, 5 ,\n6]. [12]"))
                .extracting(CitationMarks.Mark::number)
                .containsExactly(1, 2, 3, 4, 5, 6, 12);
    }

    @Test
    void nameTheirPlace() {
        assertThat(CitationMarks.in("So [1, 2]."))
                .containsExactly(
                        new CitationMarks.Mark(1, new TextSpan(3, 9)), new CitationMarks.Mark(2, new TextSpan(3, 9)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "[a]", "[1", "1]", "[1,]", "[,1]", "[1 2]", "[1234]", "[-1]", "[1.2]", "[ 1]"})
    void areNothingElse(String text) {
        assertThat(CitationMarks.in(text)).isEmpty();
        assertThat(CitationMarks.remove(text)).isEqualTo(text);
    }

    @Test
    void areTakenOut() {
        assertThat(CitationMarks.remove("So [1]. Or [2][3, 4]!")).isEqualTo("So  . Or   !");
    }

    @Test
    void areReadInTimeHoweverMany() {
        String many = "[1" + ",1".repeat(300_000) + "]";

        assertTimeout(Duration.ofSeconds(20), () -> {
            assertThat(CitationMarks.in(many)).hasSize(300_001);
            assertThat(CitationMarks.in("[1" + ",1".repeat(300_000))).isEmpty();
            assertThat(CitationMarks.in("[1 ".repeat(300_000))).isEmpty();
            assertThat(CitationMarks.in("[1" + " ".repeat(600_000))).isEmpty();
            assertThat(CitationMarks.remove("[1]".repeat(200_000))).isBlank();
        });
    }
}
