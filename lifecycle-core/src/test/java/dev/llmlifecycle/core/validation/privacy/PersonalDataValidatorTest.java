package dev.llmlifecycle.core.validation.privacy;

import java.util.List;

import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class PersonalDataValidatorTest extends ValidatorContract {

    private static final ValidationContext CONTEXT = ValidationContext.of("Who?", List.of());

    @Override
    protected Validator create() {
        return PersonalDataValidator.builder().build();
    }

    @Override
    protected String acceptable() {
        return "Refunds take five days in Norway.";
    }

    @Override
    protected String objectionable() {
        return "Write to anna@example.com.";
    }

    @Test
    @DisplayName("personal data is masked, and a finding names type and place but not the value")
    void masks() {
        ValidationOutcome outcome = create().validate("Write to anna@example.com, soon.", CONTEXT);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text()).isEqualTo("Write to [EMAIL_ADDRESS], soon."));
        Finding finding = outcome.findings().get(0);
        assertThat(finding.code()).isEqualTo("personal-data");
        assertThat(finding.span()).contains(new TextSpan(9, 25));
        assertThat(finding.message()).isEqualTo("The text holds EMAIL_ADDRESS (email-address)");
    }

    @Test
    @DisplayName("a refusal blocks, and a lower severity leaves the text")
    void refusesOrTells() {
        Validator strict = PersonalDataValidator.builder()
                .refuses("No personal data, please.")
                .build();
        assertThat(strict.validate(objectionable(), CONTEXT))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Block.class,
                        block -> assertThat(block.reason()).isEqualTo("No personal data, please."));
        Validator mild = PersonalDataValidator.builder()
                .severity(Finding.Severity.WARNING)
                .build();
        assertThat(mild.validate(objectionable(), CONTEXT))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Pass.class,
                        pass -> assertThat(pass.findings()).hasSize(1));
        assertThat(List.of(strict.identity(), mild.identity(), create().identity()))
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("secrets have a code of their own")
    void namesSecrets() {
        assertThat(create().validate("password=hunter2hunter", CONTEXT).findings())
                .extracting(Finding::code)
                .containsExactly("secret");
    }

    @Test
    @DisplayName("a pseudonym in an answer is put back, and an answer without one passes")
    void restores() {
        Pseudonyms table = new Pseudonyms(7);
        Validator asking =
                PersonalDataValidator.builder().pseudonyms(context -> table).build();
        Validator answering = PersonalDataValidator.restoring(context -> table);
        ValidationOutcome asked = asking.validate("I am at anna@example.com", CONTEXT);
        String pseudonym = ((ValidationOutcome.Rewrite) asked).text().substring("I am at ".length());
        assertThat(answering.validate("Write to " + pseudonym, CONTEXT))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text()).isEqualTo("Write to anna@example.com"));
        assertThat(answering.validate("Nothing to restore", CONTEXT)).isEqualTo(ValidationOutcome.pass());
    }
}
