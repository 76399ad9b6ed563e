package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @DisplayName("a sentence of other words asks the model again, with its place and how sure that is")
    void aSentenceOfOtherWordsAsksTheModelAgain() {
        String text = "Refunds are paid within 14 days. Complaints go to headquarters in writing.";

        ValidationOutcome outcome = validator.validate(text, context());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidationOutcome.Retry.class,
                        retry -> assertThat(retry.instruction())
                                .isEqualTo(
                                        "A statement of your answer is not supported by the passages. Answer again with"
                                                + " statements from the passages only, or say that the documents do not answer."));
        Finding finding = outcome.findings().get(0);
        assertThat(outcome.findings()).hasSize(1);
        assertThat(finding.code()).isEqualTo(GroundednessValidator.UNGROUNDED_SENTENCE);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
        assertThat(finding.span()).hasValue(new TextSpan(33, text.length()));
        assertThat(finding.confidence()).isBetween(0.9, 1.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The office in Leeds opens at 9 on Monday. | The office in Bristol opens at 9 on Monday. | contradicted-name",
                "Anna signs for all deliveries. | Hanna signs for all deliveries. | contradicted-name",
                "Opened boxes can not be returned. | Opened boxes can be returned. | contradicted-negation",
                "Dogs may enter the garden. | Dogs may not enter the garden. | contradicted-negation",
                "The deposit is 200 euros on arrival. | The deposit is $200 on arrival. | contradicted-unit",
                "Standard delivery takes 3 days. Express takes 5 hours, a letter 9 days. | Standard delivery takes 9 days."
                        + " | contradicted-number",
                "All orders are insured. | Some orders are insured. | contradicted-quantifier",
                "Book at least 7 days before. | Book at most 7 days before. | contradicted-quantifier",
                "Visitors must wear a helmet. | Visitors may wear a helmet. | contradicted-quantifier"
            })
    @DisplayName("what differs from a sentence that says nearly the same is named, with that sentence")
    void namesWhatDiffers(String passage, String answer, String code) {
        ValidationContext over = over(passage);

        Finding finding = validator.validate(answer, over).findings().get(0);

        assertThat(finding.code()).isEqualTo(code);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
        assertThat(finding.evidence()).isPresent();
        assertThat(validator.validate(passage, over)).isEqualTo(ValidationOutcome.pass());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Opened boxes can not be returned. Closed boxes can be returned. | Closed boxes can be returned.",
                "Encrypted images are not scanned. | No, encrypted images are not scanned.",
                "If the key is lost it can not be replaced, else it can. | The key can be replaced.",
                "The deposit is 200 euros on arrival. | The deposit is €200 on arrival.",
                "The tank holds 1,200 litres of water. | The tank holds 1200 litres of water.",
                "It takes 3 days. | It takes three days.",
                "Dogs are allowed. | The documents do not mention the price of a stay for cats and parrots.",
                "Dogs are allowed. | Based on the provided documents, dogs are allowed.",
                "Dogs are allowed. | Sure, happy to help!",
                "Dogs are allowed. | Would you like to know about parrots and their cages?"
            })
    void whatOnlyLooksDifferentPasses(String passage, String answer) {
        assertThat(validator.validate(answer, over(passage)).findings())
                .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
                .isEmpty();
    }

    @Test
    void aSentenceThatIsNotSurePassesWithAWarning() {
        GroundednessValidator unsure =
                GroundednessValidator.builder().threshold(0).sureFrom(1).build();

        ValidationOutcome outcome = unsure.validate("Refunds are paid quickly.", context());

        assertThat(outcome).isInstanceOf(ValidationOutcome.Pass.class);
        assertThat(outcome.findings()).extracting(Finding::code).containsExactly(GroundednessValidator.WEAKLY_GROUNDED);
    }

    @Test
    void aTenantHasAModelOfItsOwn() {
        GroundednessModel never = model(-50);
        GroundednessValidator own =
                GroundednessValidator.builder().tenantModel("acme", never).build();
        ValidationContext acme =
                new ValidationContext("How long?", List.of(REFUNDS), Optional.of("acme"), Locale.ENGLISH, Map.of());

        assertThat(own.validate(acceptable(), acme)).isInstanceOf(ValidationOutcome.Retry.class);
        assertThat(own.validate(acceptable(), context())).isEqualTo(ValidationOutcome.pass());
        assertThat(own.identity()).isNotEqualTo(validator.identity());
        assertThat(GroundednessValidator.builder().model(never).build().identity())
                .isNotEqualTo(validator.identity());
    }

    @Test
    void longTextsAndBrokenOnesAreJudged() {
        String text = "Refunds are paid. ".repeat(10_000);

        assertThat(validator.validate(text, context())).isInstanceOf(ValidationOutcome.Pass.class);
        assertThat(validator.validate("x".repeat(1_000_000), context())).isInstanceOf(ValidationOutcome.Pass.class);
        assertThat(validator.validate("Refunds \ud800 are \u202epaid\u200d.", context()))
                .isInstanceOf(ValidationOutcome.Pass.class);
    }

    private static GroundednessModel model(double intercept) {
        Map<String, Double> weights = new TreeMap<>(GroundednessModel.shipped().weights());
        weights.put(GroundednessModel.INTERCEPT, intercept);
        return GroundednessModel.of(weights);
    }

    private static ValidationContext over(String passage) {
        return ValidationContext.of("And?", List.of(new Passage("p", TextSegment.from(passage), 1)));
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
    void theThresholdDecidesAndIsPartOfTheIdentity() {
        GroundednessValidator strict =
                GroundednessValidator.builder().threshold(1).build();
        GroundednessValidator any =
                GroundednessValidator.builder().threshold(0).sureFrom(0).build();

        assertThat(strict.validate("Refunds are paid quickly.", context())).isNotEqualTo(ValidationOutcome.pass());
        assertThat(any.validate(objectionable(), context())).isEqualTo(ValidationOutcome.pass());
        assertThat(strict.identity()).isNotEqualTo(any.identity());
        assertThat(strict.scope()).isEqualTo(Validator.Scope.SENTENCE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void aThresholdThatIsNoneIsRefused(double probability) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroundednessValidator.builder().threshold(probability))
                .withMessage("the threshold of the groundedness check must be in [0, 1] but was " + probability
                        + "; 0.2 is the default");
    }
}
