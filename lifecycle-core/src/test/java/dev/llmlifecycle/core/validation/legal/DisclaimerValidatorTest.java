package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.util.List;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

@NullMarked
final class DisclaimerValidatorTest {

    private static final ValidationContext CONTEXT = ValidationContext.of("What now?", List.of());
    private static final String ADVICE = "It is common. You should take 200 mg of ibuprofen twice a day.";

    private final DisclaimerValidator validator = LegalValidators.disclaimer().build();

    @ParameterizedTest
    @CsvSource({
        "medical, You should take antibiotics for that infection.",
        "legal, You should sue your landlord.",
        "financial, I recommend that you buy shares and bonds.",
        "tax, You can deduct that from your income tax.",
    })
    void knowsAdviceByItsTopic(String topic, String answer) {
        assertThat(validator.validate(answer, CONTEXT).findings())
                .extracting(Finding::code)
                .containsExactly("advice-" + topic);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "You should restart the router.",
                "Ibuprofen was patented in 1962.",
                "The court ruled that the contract was void.",
                "Prices include all taxes.",
            })
    void letsOtherSentencesPass(String answer) {
        assertThat(validator.validate(answer, CONTEXT)).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    @DisplayName("advice without a disclaimer gets the text of its topic, once")
    void appendsTheNotice() {
        ValidationOutcome outcome = validator.validate(ADVICE, CONTEXT);

        String rewritten = ((ValidationOutcome.Rewrite) outcome).text();
        assertThat(rewritten)
                .isEqualTo(ADVICE + "\n\nThis is general information and not medical advice; please ask a doctor or"
                        + " pharmacist about your case.");
        assertThat(outcome.findings().get(0).span().orElseThrow().of(ADVICE))
                .isEqualTo("You should take 200 mg of ibuprofen twice a day.");
        assertThat(outcome.findings().get(0).evidence()).contains("mg, ibuprofen, twice");
        assertThat(validator.validate(rewritten, CONTEXT)).isEqualTo(ValidationOutcome.pass());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"This is not medical advice.", "Please see a doctor if it hurts.", "Ask your pharmacist first."})
    void acceptsADisclaimerInOtherWords(String disclaimer) {
        assertThat(validator.validate(ADVICE + " " + disclaimer, CONTEXT)).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void wantsTheDisclaimerOfTheTopic() {
        assertThat(validator
                        .validate(ADVICE + " This is not legal advice.", CONTEXT)
                        .findings())
                .hasSize(1);
    }

    @Test
    void asksAgainWhereTheHostSaysSo() {
        assertThat(LegalValidators.disclaimer().askAgain().build().validate(ADVICE, CONTEXT))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Retry.class,
                        retry -> assertThat(retry.instruction())
                                .isEqualTo("Your answer gives advice on medical matters. Answer again with general"
                                        + " information only, and say that it is not professional advice."));
    }

    @Test
    void keepsToTheTopicsAndTextsOfTheHost() {
        DisclaimerValidator own = LegalValidators.disclaimer()
                .topics("medical")
                .notice("medical", "Ask the clinic.")
                .build();

        assertThat(own.validate("You should sue your landlord.", CONTEXT)).isEqualTo(ValidationOutcome.pass());
        String rewritten = ((ValidationOutcome.Rewrite) own.validate(ADVICE, CONTEXT)).text();
        assertThat(rewritten).endsWith("\n\nAsk the clinic.");
        assertThat(own.validate(rewritten, CONTEXT)).isEqualTo(ValidationOutcome.pass());
        assertThat(own.identity()).isNotEqualTo(validator.identity());
        assertThatIllegalStateException()
                .isThrownBy(() -> LegalValidators.disclaimer().topics("magic").build())
                .withMessage("no lexicon of the disclaimer validator has the topics [magic]; use some of [financial,"
                        + " legal, medical, tax] or add a lexicon");
    }

    @Test
    void takesOneHintForEnoughWhereTold() {
        String answer = "You should see the judge.";
        DisclaimerValidator sensitive = LegalValidators.disclaimer().sensitive().build();

        assertThat(validator.validate(answer, CONTEXT)).isEqualTo(ValidationOutcome.pass());
        assertThat(sensitive.validate(answer, CONTEXT).findings()).hasSize(1);
        assertThat(sensitive.identity()).isNotEqualTo(validator.identity());
    }

    @Test
    void takesAnotherLanguage() {
        AdviceLexicon german = AdviceLexicon.parse("""
                language: de
                directives: [Sie sollten]
                openers: [nehmen Sie]
                topics:
                  medical:
                    terms: [Ibuprofen, Antibiotik*]
                    disclaimers: [keine medizinische Beratung]
                    notice: Dies ist keine medizinische Beratung.
                """);
        DisclaimerValidator both = LegalValidators.disclaimer().lexicon(german).build();

        assertThat(both.validate("Nehmen Sie Antibiotika.", CONTEXT))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text())
                                .isEqualTo("Nehmen Sie Antibiotika.\n\nDies ist keine medizinische Beratung."));
        assertThat(both.validate(ADVICE, CONTEXT).findings()).hasSize(1);
    }

    @Test
    void namesTheLineOfAWrongLexicon() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdviceLexicon.parse("language: de\ndirectives: jetzt\ntopics: {}"))
                .withMessage("line 2: the field 'directives' is not a list");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdviceLexicon.parse("language: de"))
                .withMessageContaining("'topics' has no topic");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdviceLexicon.parse("language: de\ndirectives: ['a*']\ntopics: {}"))
                .withMessageContaining("the stem 'a*'");
    }

    @Test
    void staysLinearOnAMegabyte() {
        String hostile = "you should take you should take ".repeat(32_000);
        String sentences = "You should sue. ".repeat(64_000);

        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(validator.validate(hostile, CONTEXT)).isEqualTo(ValidationOutcome.pass());
            assertThat(validator.validate(sentences, CONTEXT).findings()).hasSize(1);
        });
    }
}
