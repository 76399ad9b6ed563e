package dev.llmlifecycle.eval.metric;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class AnswerNormalizerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "The Cat,  sat!|cat sat",
                "a well-known $1,000.50|wellknown 100050",
                "an apple a day|apple day",
                "theory anatomy|theory anatomy",
                "ÉCOLE|école",
                "«Straße» – 20 °C|straße 20 c",
                "''|''",
                "the|''",
                "...|''",
                "L'an 2000|lan 2000",
                "the\u00a0end\u2003now|end now",
            })
    void followsTheStepsOfTheScript(String text, String normal) {
        assertThat(AnswerNormalizer.normalize(text)).isEqualTo(normal);
    }

    @Test
    void everyAsciiPunctuationCharacterGoes() {
        assertThat(AnswerNormalizer.normalize("x!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~y"))
                .isEqualTo("xy");
    }

    @Test
    void composedAndDecomposedLettersAreEqual() {
        assertThat(AnswerNormalizer.normalize("cafe\u0301")).isEqualTo(AnswerNormalizer.normalize("caf\u00e9"));
    }

    @Test
    void articlesEndAtLettersOfAnyScript() {
        assertThat(AnswerNormalizer.normalize("aé thé")).isEqualTo("aé thé");
    }

    @Test
    void normalisingTwiceChangesNothing() {
        String once = AnswerNormalizer.normalize("The U.S. of A., an «Étude»");
        assertThat(AnswerNormalizer.normalize(once)).isEqualTo(once);
    }

    @Test
    void nothingHasNoTokens() {
        assertThat(AnswerNormalizer.tokens("the ...")).isEmpty();
        assertThat(AnswerNormalizer.tokens("The red  fox")).containsExactly("red", "fox");
    }
}
