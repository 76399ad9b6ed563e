package dev.llmlifecycle.core.prompt;

import java.util.List;

import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class StructuredOutputValidatorTest extends ValidatorContract {

    record Refund(int days, List<String> conditions) {}

    record OtherRefund(int days, List<String> conditions) {}

    @Override
    protected Validator create() {
        return StructuredOutput.of(Refund.class).validator();
    }

    @Override
    protected String acceptable() {
        return "{\"days\": 14, \"conditions\": [\"unused\"]}";
    }

    @Override
    protected String objectionable() {
        return "{\"days\": 14, \"conditions\": [\"unused\", 3]}";
    }

    @Test
    void tellsTheModelWhereItsMistakeIs() {
        ValidationOutcome outcome = create().validate(objectionable(), ValidationContext.of("How long?", List.of()));

        assertThat(outcome).isInstanceOfSatisfying(ValidationOutcome.Retry.class, retry -> {
            assertThat(retry.instruction())
                    .isEqualTo("Your answer is not the JSON that was asked for: at $.conditions[1] it is not a text."
                            + " Answer again with the whole JSON and nothing else.");
            assertThat(retry.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.message())
                            .isEqualTo("The answer is no Refund: at $.conditions[1] it is not a text"));
        });
    }

    @Test
    void repairsWhatIsBadlyWrittenAndLosesNothing() {
        ValidationContext context = ValidationContext.of("How long?", List.of());

        assertThat(create().validate("Sure: {'days': 14, 'conditions': ['unused',]", context))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text()).isEqualTo("{\"days\":14,\"conditions\":[\"unused\"]}"));
        assertThat(create().validate("{\"days\": 14, \"conditions\": [\"unu", context))
                .isInstanceOf(ValidationOutcome.Retry.class);
    }

    @Test
    void hasAnIdentityOfTheRecord() {
        assertThat(StructuredOutput.of(OtherRefund.class).validator().identity())
                .isNotEqualTo(create().identity());
    }
}
