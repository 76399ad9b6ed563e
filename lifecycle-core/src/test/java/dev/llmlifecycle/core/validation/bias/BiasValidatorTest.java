package dev.llmlifecycle.core.validation.bias;

import java.util.List;

import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class BiasValidatorTest extends ValidatorContract {

    @Override
    protected Validator create() {
        return BiasValidator.builder().build();
    }

    @Override
    protected String acceptable() {
        return "A refund takes five days. Most customers have it sooner.";
    }

    @Override
    protected String objectionable() {
        return "Old people are forgetful.";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Women can't be trusted with money, they are too emotional.|group-generalisation|gender|women",
                "ALL GERMANS ARE rude.|group-generalisation|nationality|germans",
                "The Muslims on the plane looked like terrorists.|group-negative|religion|muslims",
                "The immigrants are taking our jobs.|group-stereotype|nationality|immigrants",
                "An autistic child was called stupid by young people.|group-negative|age|young people",
            })
    void noticesWhatIsSaidOfAGroup(String text, String code, String category, String group) {
        Finding finding = findings(create(), text).get(0);

        assertThat(finding.code()).isEqualTo(code);
        assertThat(finding.message()).contains("(" + category + ": '" + group + "'");
        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The women in the team shipped the release.",
                "Young people can apply until March.",
                "This method is slow and the error message is confusing.",
                "Mangoes are cheap, and so is the manual.",
                "",
                "\uD800 women \u202E"
            })
    void letsOrdinarySentencesPass(String text) {
        assertThat(findings(create(), text.isBlank() ? "." : text)).isEmpty();
    }

    @Test
    void namesTheSentence() {
        String text = "Fine. Poor people are lazy. Fine again.";

        Finding finding = findings(create(), text).get(0);

        assertThat(finding.span()).contains(new TextSpan(6, 27));
        assertThat(finding.evidence()).contains("poor people: lazy");
        assertThat(finding.confidence()).isEqualTo(0.9);
    }

    @Test
    void anErrorAsksAgain() {
        Validator strict =
                BiasValidator.builder().severity(Finding.Severity.ERROR).build();

        assertThat(strict.validate(objectionable(), context())).isInstanceOf(ValidationOutcome.Retry.class);
        assertThat(strict.identity()).isNotEqualTo(create().identity());
    }

    @Test
    void takesTheWordsOfAHost() {
        Validator own = BiasValidator.builder()
                .group("trade", "plumbers")
                .association("Bavarians", "beer", "leather trousers")
                .build();

        assertThat(findings(own, "Plumbers are liars."))
                .extracting(Finding::code)
                .containsExactly("group-generalisation");
        assertThat(findings(own, "Two Bavarians drank their beer."))
                .extracting(Finding::code)
                .containsExactly("group-stereotype");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BiasValidator.builder().group("trade", "people who repair old roofs"))
                .withMessage("'people who repair old roofs' has 5 words; give one to 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BiasValidator.builder().association("x"));
    }

    private static List<Finding> findings(Validator validator, String text) {
        return validator.validate(text, ValidationContext.of("q", List.of())).findings();
    }
}
