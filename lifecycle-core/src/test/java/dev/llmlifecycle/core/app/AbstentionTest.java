package dev.llmlifecycle.core.app;

import java.time.Duration;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

@NullMarked
class AbstentionTest {

    private final Abstention abstention = new Abstention(LlmApp.DEFAULT_ABSTENTION);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The documents do not answer this.",
                " the DOCUMENTS do not answer this ",
                "The documents do not answer this [1].",
                "The documents do not answer this. [1, 2]",
                "The documents do not answer this!..\n"
            })
    void isFoundWhateverStandsAroundIt(String text) {
        assertThat(abstention.matches(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "The documents do not answer this. But I think it is 14 days.",
                "I think that the documents do not answer this.",
                "The documents do not answer this?"
            })
    void isNothingElse(String text) {
        assertThat(abstention.matches(text)).isFalse();
    }

    @Test
    void isAwaitedWhileItMayStillCome() {
        assertThat(abstention.mayStartWith("")).isTrue();
        assertThat(abstention.mayStartWith("\n the docu")).isTrue();
        assertThat(abstention.mayStartWith("The dogs")).isFalse();
    }

    @Test
    void isSoughtInTimeInAnyText() {
        String dots = ".".repeat(1 << 20) + "x";

        assertTimeout(
                Duration.ofSeconds(20),
                () -> assertThat(abstention.matches(dots)).isFalse());
    }
}
