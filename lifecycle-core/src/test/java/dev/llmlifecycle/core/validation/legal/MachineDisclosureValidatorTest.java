package dev.llmlifecycle.core.validation.legal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class MachineDisclosureValidatorTest {

    private final MachineDisclosureValidator validator = LegalValidators.machineDisclosure(Jurisdiction.shipped("EU"))
            .phrase("Ich bin eine KI")
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"", "1"})
    @DisplayName("the first answer, or one whose turn nobody knows, gets the disclosure in front")
    void disclosesInTheFirstAnswer(String turn) {
        ValidationOutcome outcome = validator.validate("Five days.", turn(turn));

        String rewritten = ((ValidationOutcome.Rewrite) outcome).text();
        assertThat(rewritten).isEqualTo("You are talking to an AI system, not to a person.\n\nFive days.");
        assertThat(outcome.findings().get(0).evidence())
                .contains("Regulation (EU) 2024/1689 (AI Act), Article 50(1) and (5)");
        assertThat(validator.validate(rewritten, turn(turn))).isEqualTo(ValidationOutcome.pass());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello, I'm an AI assistant of the shop.",
                "I am a chatbot. Five days.",
                "As an AI I cannot know, but five days.",
                "This is an automated answer.",
                "Ich bin eine KI des Ladens."
            })
    void acceptsADisclosureInOtherWords(String answer) {
        assertThat(validator.validate(answer, turn("1"))).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void leavesLaterAnswersAloneUnlessToldOtherwise() {
        assertThat(validator.validate("Five days.", turn("2"))).isEqualTo(ValidationOutcome.pass());
        assertThat(LegalValidators.machineDisclosure(Jurisdiction.shipped("US-CA"))
                        .everyAnswer()
                        .text("I am a bot.")
                        .build()
                        .validate("Five days.", turn("2")))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text()).isEqualTo("I am a bot.\n\nFive days."));
    }

    @Test
    void needsAJurisdictionWithSuchARule() {
        Jurisdiction none = Jurisdiction.parse(
                "{id: X, title: X, rules: [{id: a, title: a, duty: OTHER, source: a," + " summary: a}]}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LegalValidators.machineDisclosure(none))
                .withMessage("the jurisdiction 'X' has no rule with the duty MACHINE_DISCLOSURE; use another, or leave"
                        + " this validator out");
    }

    private static ValidationContext turn(String turn) {
        return new ValidationContext(
                "How long?",
                List.of(),
                Optional.empty(),
                Locale.ENGLISH,
                turn.isEmpty() ? Map.of() : Map.of("turn", turn));
    }
}
