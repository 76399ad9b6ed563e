package dev.llmlifecycle.core.validation.privacy;

import java.util.List;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Puts values back in the place of their pseudonyms. */
final class PseudonymRestorer implements Validator {

    private static final Identity IDENTITY = Identity.of("pseudonym-restorer", "1");

    private final Function<ValidationContext, Pseudonyms> pseudonyms;

    PseudonymRestorer(Function<ValidationContext, Pseudonyms> pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    @Override
    public Identity identity() {
        return IDENTITY;
    }

    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        String restored = pseudonyms.apply(context).restore(text);
        if (restored.equals(text)) {
            return ValidationOutcome.pass();
        }
        Finding finding = Finding.of(
                IDENTITY.name(),
                "pseudonyms-restored",
                Finding.Severity.INFO,
                "Pseudonyms were put back to their values");
        return new ValidationOutcome.Rewrite(restored, List.of(finding));
    }
}
