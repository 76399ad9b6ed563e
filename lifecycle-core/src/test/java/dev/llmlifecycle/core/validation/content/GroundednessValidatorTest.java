package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class GroundednessValidatorTest extends ValidatorContract {

    private static final Passage REFUNDS = new Passage(
            "refunds#1",
            TextSegment.from(
                    "Refunds are paid within 14 days of the return.",
                    Metadata.from(Map.of(Passage.TITLE, "Money back", Passage.HEADING, "Help > Refunds to cards"))),
            0.9);

    private final Validator validator = create();

    @Override
    protected Validator create() {
        return GroundednessValidator.builder().build();
    }

    @Override
    protected String acceptable() {
        return "A refund is paid within 14 days [1].";
    }

    @Override
    protected String objectionable() {
        return "Unicorns deliver purple bananas.";
    }

    @Override
    protected ValidationContext context() {
        return ValidationContext.of("How long does a refund take? I bought 3.", List.of(REFUNDS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Paid refunds: within 14 days.",
                "Money back to cards.",
                "You bought 3, and refunds are paid within days of returns.",
                "1. Refunds are paid within 14 days",
                "2) Refunds are paid\n 3. within days [17]",
                "It is so [2].",
                "!!!"
            })
    void whatThePassagesSayPasses(String text) {
        assertThat(validator.validate(text, context())).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void aSentenceOfOtherWordsAsksTheModelAgain() {
        ValidationOutcome outcome = validator.validate("Refunds need a written complaint to headquarters.", context());

        assertThat(outcome)
                .isEqualTo(new ValidationOutcome.Retry(
                        "A statement of your answer is not supported by the passages. Answer again with statements from"
                                + " the passages only, or say that the documents do not answer.",
                        List.of(new Finding(
                                "groundedness",
                                "ungrounded-sentence",
                                Finding.Severity.ERROR,
                                "Of 5 content words 1 stand in the passages",
                                Optional.empty()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Refunds are paid within 15 days.", "Refunds are paid within 14 days, 5.", "It is 1.4 days."})
    void aStrangeNumberIsRefusedWhateverStandsAround(String text) {
        assertThat(validator.validate(text, context()).findings())
                .extracting(Finding::code)
                .containsExactly("ungrounded-number");
    }

    @Test
    void withoutPassagesEverythingPasses() {
        assertThat(validator.validate(objectionable(), ValidationContext.of("How long?", List.of())))
                .isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void eachSentenceIsHeldAgainstItsOwnPassages() {
        Passage bananas = new Passage("b", TextSegment.from("Unicorns deliver purple bananas."), 1);
        ValidationContext other =
                new ValidationContext("What?", List.of(bananas), Optional.empty(), Locale.ENGLISH, Map.of());

        assertThat(validator.validate(objectionable(), other)).isEqualTo(ValidationOutcome.pass());
        assertThat(validator.validate(objectionable(), context())).isNotEqualTo(ValidationOutcome.pass());
        assertThat(validator.validate(objectionable(), other)).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void theShareDecidesAndIsPartOfTheIdentity() {
        GroundednessValidator strict =
                GroundednessValidator.builder().minimumShare(1).build();
        GroundednessValidator any =
                GroundednessValidator.builder().minimumShare(0).build();

        assertThat(strict.validate("Refunds are paid quickly.", context())).isNotEqualTo(ValidationOutcome.pass());
        assertThat(any.validate(objectionable(), context())).isEqualTo(ValidationOutcome.pass());
        assertThat(strict.identity()).isNotEqualTo(any.identity());
        assertThat(strict.scope()).isEqualTo(Validator.Scope.SENTENCE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aShareThatIsNoneIsRefused(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundednessValidator.builder().minimumShare(share))
                .withMessage("the minimum share must be in [0, 1] but was " + share + "; 0.6 is the default");
    }
}
