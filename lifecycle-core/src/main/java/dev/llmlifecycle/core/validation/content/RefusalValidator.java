package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Notices an answer that declines what was asked. */
final class RefusalValidator implements Validator {

    private static final String NAME = "refusals";
    private static final Remedy AGAIN = new Remedy.AskAgain(
            "You declined. If nothing forbids it, answer the question; if you cannot, say in one sentence why.");

    /** How often people say so, too, rounded from the prompts that the rules were not written on. */
    private static final double CONFIDENCE_FULL = 0.95;

    /** A guess, as partial refusals are rare. */
    private static final double CONFIDENCE_PARTIAL = 0.6;

    private final RefusalDetector detector = RefusalDetector.english();
    private final Identity identity =
            Identity.of(NAME, "1", Map.of("detector", detector.identity().toCanonical()));

    RefusalValidator() {}

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.ANSWER) {
            return ValidationOutcome.pass();
        }
        return switch (detector.detect(text)) {
            case NONE -> ValidationOutcome.pass();
            case PARTIAL ->
                noticed("partial-refusal", "The answer declines, and helps with something near", CONFIDENCE_PARTIAL);
            case FULL -> noticed("refusal", "The answer declines what was asked", CONFIDENCE_FULL);
        };
    }

    private static ValidationOutcome noticed(String code, String message, double confidence) {
        return new ValidationOutcome.Pass(List.of(Finding.of(NAME, code, Finding.Severity.WARNING, message)
                .withConfidence(confidence)
                .withRemedy(AGAIN)));
    }
}
