package dev.llmlifecycle.core.reasoning.steps;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ArithmeticValidatorTest {

    private final StepValidator validator = StepValidators.arithmetic();

    private StepCheck check(String text) {
        return validator.check(ReasoningStep.of(0, text), StepContext.of(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Natalia sold 48/2 = <<48/2=24>>24 clips in May.",
                "16 - 3 - 4 = 9 duck eggs",
                "She makes 9 * 2 = $18 every day",
                "A = (-9 - 5 - 0) = (-9 - 5) = -14.",
                "7 - -7 * 4 = 35",
                "12 x 2 = 24 pages, and 3 × 4 = 12",
                "20% of 50 = 10",
                "50 + 10% = 55",
                "100 - 5 = 95% remain",
                "5/20*100 = 25%",
                "1/3 = 0.33",
                "2/3 ≈ 1",
                "1 1/2 * 2 = 3",
                "½ * 10 = 5",
                "2 km + 300 m = 2300 m",
                "2 hours = 120 minutes",
                "3 * 50 cents = $1.50",
                "5 hours * 60 minutes/hour = 300 minutes",
                "1.5 million + 500 thousand = 2 million",
                "2 dozen + 1 = 25",
                "2^10 = 1024",
                "1,234 + 1 = 1,235",
                "1.234,5 + 1 = 1.235,5",
                "3,5 + 1,5 = 5",
                "12 000 + 500 = 12 500",
                "12'000 + 500 = 12'500",
                "1\u202F234,50 € + 1 € = 1\u202F235,50 €",
                "3/2 = 1.50 + 3.00 = 4.50",
                "(2 + 3)(4) = 20",
                "3 plus 4 = 7 and 3 times 4 equals 12"
            })
    @DisplayName("what is right is confirmed, in any locale and with any unit")
    void confirms(String text) {
        assertThat(check(text).state()).as(check(text).toString()).isEqualTo(StepState.CORRECT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "So 3 + 4 = 8 apples                  | 7",
                "<<48/2=25>>25                        | 24",
                "16-3 = <<16-3=13>>12                 | 13",
                "A = 7 - -7 * 4 = 7 - 28              | 35",
                "(3 * 4 * 5) = 60 = 61                | 60",
                "20% of 50 = 11                       | 10",
                "1/3 = 0.34                           | about 0.333333333333",
                "7/2 = 4                              | 3.5",
                "2 km = 200 m                         | 2000",
                "2 hours + 30 minutes = 140 minutes   | 32",
                "1,234 + 1 = 1,236                    | 1235",
                "1.234,5 + 1 = 1.236,5                | 1235.5",
                "0.1 + 0.2 = 0.30000000000000004      | 0.3",
                "99999999999999999999 + 1 = 99999999999999999999 | 100000000000000000000"
            })
    @DisplayName("what is wrong is refuted, with what is right")
    void refutes(String text, String expected) {
        StepCheck check = check(text);

        assertThat(check.state()).as(text).isEqualTo(StepState.WRONG);
        assertThat(check.validator()).isEqualTo("arithmetic");
        assertThat(check.expected()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "There are 5 eggs.",
                "x + 5 = 12",
                "2x + 3 = 7",
                "2L = 24",
                "half of 10 + 5 = 10",
                "60 problems x 40/100 = 24",
                "Day 1 = 5 eggs",
                "25 classmates + his 1 teacher + 1 himself = 27",
                "0900-0130 = 0730 hours",
                "1/0 = 5",
                "2^99999999 = 1",
                "if a == 3 then b <= 4",
                "at 10:30 = 5",
                "the 3rd + 4 = 9",
                "<<48/2>>",
                "= 5",
                "((((("
            })
    @DisplayName("what cannot be delimited or computed is left undecided")
    void leavesUndecided(String text) {
        assertThat(check(text).state()).as(check(text).toString()).isEqualTo(StepState.UNCHECKED);
    }

    @Test
    void roundingToWholeNumbersIsAChoice() {
        StepValidator lenient = StepValidators.arithmetic(0);

        assertThat(lenient.check(ReasoningStep.of(0, "7/2 = 4"), StepContext.of(""))
                        .state())
                .isEqualTo(StepState.CORRECT);
        assertThat(lenient.identity()).isNotEqualTo(validator.identity());
        assertThatIllegalArgumentException().isThrownBy(() -> StepValidators.arithmetic(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1+",
                "(",
                "1=",
                "1 = 1 ",
                "a ",
                "<<",
                "<<\n",
                "9",
                "1,",
                "1 + 1 = 2 ",
                "-",
                "x = ",
                "2^",
                "5/",
                ") ("
            })
    @DisplayName("a megabyte of anything has a result")
    void megabyte(String piece) {
        assertThat(check(piece.repeat(1_000_000 / piece.length())).validator()).isEqualTo("arithmetic");
    }
}
