package dev.llmlifecycle.api.contract;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * What every {@link Validator} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create()} with one text that passes and one that does not;
 * override {@link #context()} where the validator needs passages.
 */
public abstract class ValidatorContract {

    private static final int MEGABYTE = 1 << 20;
    private static final Duration LONG_TEXT_LIMIT = Duration.ofSeconds(30);

    /**
     * Returns a new validator, with the same configuration every time.
     *
     * @return the validator under test
     */
    protected abstract Validator create();

    /**
     * Returns a text that passes without a finding.
     *
     * @return the text
     */
    protected abstract String acceptable();

    /**
     * Returns a text that does not pass, or passes with a finding.
     *
     * @return the text
     */
    protected abstract String objectionable();

    /**
     * Returns the context of every check.
     *
     * @return a question without passages unless overridden
     */
    protected ValidationContext context() {
        return ValidationContext.of("How long does a refund take?", List.of());
    }

    /**
     * Returns the names under which the validator reports.
     *
     * @return its own name unless overridden, as a policy does whose members report
     */
    protected Set<String> reporters() {
        return Set.of(create().identity().name());
    }

    @Test
    public final void letsAnAcceptableTextPass() {
        assertThat(create().validate(acceptable(), context())).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    public final void noticesAnObjectionableText() {
        ValidationOutcome outcome = create().validate(objectionable(), context());

        assertThat(outcome).isNotEqualTo(ValidationOutcome.pass());
        assertThat(outcome.findings())
                .as("a decision without a finding explains nothing")
                .isNotEmpty();
        assertFits(objectionable(), outcome);
    }

    @Test
    public final void decidesOnTextOfEveryKind() {
        Validator validator = create();

        for (ValidationContext.Subject subject : ValidationContext.Subject.values()) {
            for (String text : List.of(acceptable(), objectionable())) {
                assertFits(text, validator.validate(text, context().withSubject(subject)));
            }
        }
    }

    @Test
    public final void decidesTheSameEveryTime() {
        Validator validator = create();

        for (String text : List.of(acceptable(), objectionable())) {
            ValidationOutcome outcome = validator.validate(text, context());
            assertThat(validator.validate(text, context())).isEqualTo(outcome);
            assertThat(create().validate(text, context())).isEqualTo(outcome);
        }
    }

    @Test
    public final void hasAnIdentityThatStays() {
        Validator validator = create();
        var identity = validator.identity();
        validator.validate(objectionable(), context());

        assertThat(validator.identity()).isEqualTo(identity);
        assertThat(create().identity()).isEqualTo(identity);
        assertThat(validator.scope()).isEqualTo(create().scope());
    }

    @Test
    public final void decidesOnAnyText() {
        Validator validator = create();

        for (String text : HostileTexts.upTo(2_000)) {
            assertFits(text, validator.validate(text, context()));
        }
    }

    @Test
    public final void decidesOnAMegabyteInTime() {
        Validator validator = create();

        for (String text : List.of(
                "A".repeat(MEGABYTE),
                (objectionable() + " ").repeat(MEGABYTE / (objectionable().length() + 1)))) {
            assertTimeout(LONG_TEXT_LIMIT, () -> assertFits(text, validator.validate(text, context())));
        }
    }

    @Test
    public final void servesManyThreads() {
        Validator validator = create();
        List<String> texts = List.of(acceptable(), objectionable());
        List<ValidationOutcome> expected =
                texts.stream().map(text -> validator.validate(text, context())).toList();

        Threads.together(thread -> {
            for (int i = 0; i < 20; i++) {
                int text = (thread + i) % texts.size();
                assertThat(validator.validate(texts.get(text), context())).isEqualTo(expected.get(text));
            }
            return thread;
        });
    }

    private void assertFits(String text, ValidationOutcome outcome) {
        assertThat(outcome).isNotNull();
        // Making a validator may take its time, and a long text has many findings.
        var reporters = reporters();
        for (Finding finding : outcome.findings()) {
            assertThat(reporters).contains(finding.validator());
            assertThat(finding.code()).isNotBlank();
            assertThat(finding.message()).isNotBlank();
            finding.span()
                    .ifPresent(span -> assertThat(span.end())
                            .as("the end of the span of %s", finding.code())
                            .isLessThanOrEqualTo(text.length()));
        }
    }
}
