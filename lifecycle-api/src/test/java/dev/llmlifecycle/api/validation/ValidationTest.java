package dev.llmlifecycle.api.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ValidationTest {

    private static final Finding FINDING =
            new Finding("v", "code", Finding.Severity.WARNING, "odd", Optional.of(new TextSpan(0, 1)));

    @Test
    void aLambdaBecomesAValidatorOfWholeAnswers() {
        Identity identity = Identity.of("v", "1");
        Validator validator = Validator.of(
                identity, (text, context) -> new ValidationOutcome.Block(text + context.question(), List.of()));

        assertThat(validator.identity()).isEqualTo(identity);
        assertThat(validator.scope()).isEqualTo(Validator.Scope.ANSWER);
        assertThat(validator.validate("a", ValidationContext.of("q", List.of())))
                .isEqualTo(new ValidationOutcome.Block("aq", List.of()));
    }

    @Test
    void outcomesCopyTheirFindings() {
        List<Finding> findings = new ArrayList<>(List.of(FINDING));
        List<ValidationOutcome> outcomes = List.of(
                new ValidationOutcome.Pass(findings),
                new ValidationOutcome.Rewrite("text", findings),
                new ValidationOutcome.Retry("again", findings),
                new ValidationOutcome.Block("no", findings));

        findings.clear();

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.findings()).containsExactly(FINDING));
        assertThat(ValidationOutcome.pass().findings()).isEmpty();
    }

    @Test
    void outcomesSaySomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ValidationOutcome.Rewrite(" ", List.of()))
                .withMessage("a rewrite to blank text says nothing; use Block instead");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ValidationOutcome.Retry("", List.of()))
                .withMessage("a retry needs an instruction; say what the model should do better");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ValidationOutcome.Block("\n", List.of()))
                .withMessage("a block needs a reason; say what the user may be told");
    }

    @Test
    void onlyErrorsDecide() {
        Finding warning = FINDING.withRemedy(new Remedy.Refuse("no"));

        assertThat(ValidationOutcome.following("text", List.of(warning)))
                .isEqualTo(new ValidationOutcome.Pass(List.of(warning)));
    }

    @Test
    void theStrictestRemedyHolds() {
        Finding replace = error(0, 2, "x");
        Finding again = error(0, 0, "").withRemedy(new Remedy.AskAgain("Say less"));
        Finding refuse = error(0, 0, "").withRemedy(new Remedy.Refuse("Not that"));
        Finding none = error(0, 0, "").withRemedy(Remedy.none());

        assertThat(ValidationOutcome.following("text", List.of(replace, again, refuse)))
                .isEqualTo(new ValidationOutcome.Block("Not that", List.of(replace, again, refuse)));
        assertThat(ValidationOutcome.following("text", List.of(replace, again, again)))
                .isEqualTo(new ValidationOutcome.Retry("Say less", List.of(replace, again, again)));
        assertThat(ValidationOutcome.following("text", List.of(none))).isInstanceOf(ValidationOutcome.Block.class);
    }

    @Test
    void replacementsKeepTheirPlacesAndTakeOutAllThatTheyCover() {
        List<Finding> findings = List.of(error(6, 8, "<b>"), error(0, 2, "<a>"), error(1, 5, "lost"), error(0, 1, "-"));

        assertThat(ValidationOutcome.following("01 345 78", findings))
                .isEqualTo(new ValidationOutcome.Rewrite("<a>5<b>8", findings));
    }

    @Test
    void whatIsReplacedToNothingIsWithheld() {
        List<Finding> findings = List.of(error(0, 4, " "));

        assertThat(ValidationOutcome.following("text", findings)).isInstanceOf(ValidationOutcome.Block.class);
    }

    @Test
    void aReplacementNamesItsPlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValidationOutcome.following("text", List.of(error(2, 9, "x"))))
                .withMessage("the finding 'code' of validator 'v' replaces a part of the text and does not say which"
                        + " part of its 4 characters; give it a span");
    }

    @Test
    void aConfidenceIsAProbability() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FINDING.withConfidence(1.5))
                .withMessage("the confidence of finding 'code' of validator 'v' must be in [0, 1] but was 1.5; give a"
                        + " probability");
        assertThat(FINDING.confidence()).isEqualTo(1);
    }

    private static Finding error(int start, int end, String text) {
        return Finding.of("v", "code", Finding.Severity.ERROR, "odd")
                .withSpan(new TextSpan(start, end))
                .withRemedy(new Remedy.Replace(text));
    }

    @Test
    void aContextIsEnglishAndCopiesWhatItIsGiven() {
        assertThat(ValidationContext.of("q", List.of()).locale()).isEqualTo(Locale.ENGLISH);
        Map<String, String> attributes = new HashMap<>(Map.of("b", "2", "a", "1"));
        ValidationContext context =
                new ValidationContext("q", List.of(), Optional.of("acme"), Locale.GERMAN, attributes);

        attributes.clear();

        assertThat(context.attributes()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }
}
