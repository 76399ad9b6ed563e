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
    void aContextIsEnglishAndCopiesWhatItIsGiven() {
        assertThat(ValidationContext.of("q", List.of()).locale()).isEqualTo(Locale.ENGLISH);
        Map<String, String> attributes = new HashMap<>(Map.of("b", "2", "a", "1"));
        ValidationContext context =
                new ValidationContext("q", List.of(), Optional.of("acme"), Locale.GERMAN, attributes);

        attributes.clear();

        assertThat(context.attributes()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
    }
}
