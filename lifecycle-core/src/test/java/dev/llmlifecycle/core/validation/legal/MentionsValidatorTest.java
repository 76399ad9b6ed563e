package dev.llmlifecycle.core.validation.legal;

import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.core.validation.legal.LegalTexts.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class MentionsValidatorTest {

    private static final ValidationContext ASKED_NOTHING = ValidationContext.of("What do you sell?", List.of());

    private final MentionsValidator validator = LegalValidators.mentions()
            .competitor("Globex", "Globex Corporation", "GBX")
            .build();

    @Test
    @DisplayName("a competitor that nobody asked about asks again, with the longest name as its place")
    void noticesCompetitors() {
        String answer = "The GLOBEX-Corporation sells boats, and globexes are fish.";

        ValidationOutcome outcome = validator.validate(answer, ASKED_NOTHING);

        assertThat(outcome).isInstanceOf(ValidationOutcome.Retry.class);
        assertThat(outcome.findings())
                .extracting(finding -> finding.span().orElseThrow().of(answer))
                .containsExactly("GLOBEX-Corporation");
        assertThat(validator.scope()).isEqualTo(Validator.Scope.SENTENCE);
    }

    @Test
    void allowsThemWhereQuestionOrPassageNamesThem() {
        ValidationContext asked = ValidationContext.of("Are you cheaper than GBX?", List.of());
        ValidationContext found = ValidationContext.of(
                "Who makes boats?", List.of(passage("p1", "Boats by Globex are sold, too.", Map.of())));
        MentionsValidator strict =
                LegalValidators.mentions().competitor("Globex").onlyWhereAsked().build();

        assertThat(validator.validate("Globex is.", asked)).isEqualTo(ValidationOutcome.pass());
        assertThat(validator.validate("Globex does.", found)).isEqualTo(ValidationOutcome.pass());
        assertThat(strict.validate("Globex does.", found)).isInstanceOf(ValidationOutcome.Retry.class);
    }

    @Test
    @DisplayName("trademarks get their spelling everywhere and their symbol at the first mention")
    void putsTrademarksRight() {
        MentionsValidator marks = LegalValidators.mentions()
                .trademarkWithSymbol("Acme Flow", "®", "Acmeflow")
                .trademark("OpenPipe")
                .build();

        ValidationOutcome outcome = marks.validate(
                "acmeflow and ACME flow run on openpipe and OpenPipe; see acme-flow.example/acmeflow or @openpipe.",
                ASKED_NOTHING);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text())
                                .isEqualTo("Acme Flow® and Acme Flow run on OpenPipe and OpenPipe; see"
                                        + " acme-flow.example/acmeflow or @openpipe."));
        assertThat(outcome.findings()).extracting(Finding::code).containsOnly(MentionsValidator.SPELLING);
        assertThat(marks.validate(((ValidationOutcome.Rewrite) outcome).text(), ASKED_NOTHING))
                .isEqualTo(ValidationOutcome.pass());
        assertThat(marks.validate("Acme Flow is it.", ASKED_NOTHING).findings())
                .extracting(Finding::code)
                .containsExactly(MentionsValidator.SYMBOL);
        assertThat(marks.scope()).isEqualTo(Validator.Scope.ANSWER);
    }

    @Test
    void findsCommonWordsOnlyAsWrittenWhereAsked() {
        MentionsValidator exact =
                LegalValidators.mentions().competitor("Target").exactCase().build();

        assertThat(exact.validate("The target is near.", ASKED_NOTHING)).isEqualTo(ValidationOutcome.pass());
        assertThat(exact.validate("Try Target.", ASKED_NOTHING).findings()).hasSize(1);
    }

    @Test
    void refusesWhatIsNoName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LegalValidators.mentions().competitor("!?"))
                .withMessageContaining("the phrase '!?' has 0 words");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> LegalValidators.mentions().competitor("Globex").trademark("Globex"))
                .withMessage("the name 'Globex' stands among the mentions already; give each name once");
        assertThatIllegalStateException()
                .isThrownBy(() -> LegalValidators.mentions().build())
                .withMessage("the mentions validator has no name to look for; add competitor(...) or trademark(...)");
    }
}
