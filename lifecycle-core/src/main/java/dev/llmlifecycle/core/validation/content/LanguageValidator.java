package dev.llmlifecycle.core.validation.content;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Checks that an answer is in the language of its question, or of the conversation where the question does not say. */
final class LanguageValidator implements Validator {

    private static final String NAME = "language";
    private static final double SURE_OF_ANSWER = 0.25;
    private static final double SURE_OF_QUESTION = 0.25;

    /** Shorter answers are names, numbers and yes or no. */
    private static final int FEWEST_LETTERS = 20;

    private final Identity identity = Identity.of(NAME, "1");

    LanguageValidator() {}

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        if (context.subject() != Subject.ANSWER) {
            return ValidationOutcome.pass();
        }
        String prose = FencedCode.blank(text);
        if (weight(prose) < FEWEST_LETTERS) {
            return ValidationOutcome.pass();
        }
        Optional<LanguageDetector.Language> answered =
                LanguageDetector.detect(prose).filter(language -> language.confidence() >= SURE_OF_ANSWER);
        String expected = expected(context);
        if (answered.isEmpty()
                || !LanguageDetector.knows(expected)
                || LanguageDetector.sameFamily(answered.get().code(), expected)) {
            return ValidationOutcome.pass();
        }
        String name = Locale.forLanguageTag(expected).getDisplayLanguage(Locale.ENGLISH);
        return ValidationOutcome.following(
                text,
                List.of(Finding.of(
                                NAME,
                                "other-language",
                                Finding.Severity.ERROR,
                                "The answer is in '" + answered.get().code() + "' and not in '" + expected + "'")
                        .withConfidence(0.5 + answered.get().confidence() / 2)
                        .withRemedy(new Remedy.AskAgain("Answer again in " + name + "."))));
    }

    private static String expected(ValidationContext context) {
        return LanguageDetector.detect(FencedCode.blank(context.question()))
                .filter(language -> language.confidence() >= SURE_OF_QUESTION)
                .map(LanguageDetector.Language::code)
                .orElseGet(() -> context.locale().getLanguage());
    }

    /** An ideograph or a Korean syllable says as much as several letters. */
    private static int weight(String text) {
        int weight = 0;
        for (int i = 0; i < text.length() && weight < FEWEST_LETTERS; i++) {
            char c = text.charAt(i);
            if (Character.isLetter(c)) {
                weight += Character.isIdeographic(c) || (c >= '\uac00' && c <= '\ud7a3') ? 3 : 1;
            }
        }
        return weight;
    }
}
