package dev.llmlifecycle.core.validation.safety;

import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Takes out characters that do not show and can carry a hidden text or turn a visible one round: tags (which spell
 * ASCII), zero-width characters, controls of direction (Unicode Technical Report 36) and other controls. Joiners that
 * Arabic, Indic scripts and emoji need stay.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class HiddenTextValidator implements Validator {

    private static final Identity IDENTITY = Identity.of("hidden-text", "1");

    /** Creates the validator. */
    public HiddenTextValidator() {}

    @Override
    public Identity identity() {
        return IDENTITY;
    }

    /** Returns {@link Validator.Scope#SENTENCE}. */
    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<HiddenText.Run> runs = HiddenText.in(text);
        List<Finding> findings = runs.stream()
                .map(run -> new Finding(
                        IDENTITY.name(),
                        "hidden-" + run.kind(),
                        Finding.Severity.ERROR,
                        "The text holds characters that do not show (" + run.kind() + ")",
                        Optional.of(run.span()),
                        1,
                        Optional.empty(),
                        new Remedy.Replace("")))
                .toList();
        return ValidationOutcome.following(text, findings);
    }
}
