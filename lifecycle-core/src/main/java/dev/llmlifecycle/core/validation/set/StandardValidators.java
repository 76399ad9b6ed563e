package dev.llmlifecycle.core.validation.set;

import java.util.Set;

import dev.llmlifecycle.core.validation.ValidationPolicy;
import dev.llmlifecycle.core.validation.bias.BiasValidator;
import dev.llmlifecycle.core.validation.content.ContentValidators;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import dev.llmlifecycle.core.validation.privacy.PersonalDataScanner;
import dev.llmlifecycle.core.validation.privacy.PersonalDataType;
import dev.llmlifecycle.core.validation.privacy.PersonalDataValidator;
import dev.llmlifecycle.core.validation.safety.CategoryValidator;
import dev.llmlifecycle.core.validation.safety.HiddenTextValidator;
import dev.llmlifecycle.core.validation.safety.MarkupValidator;

/**
 * The validators of answers that need no model and no settings, as policies. Neither needs an executor.
 *
 * <pre>{@code
 * LlmApp.builder(model).outputValidator(StandardValidators.defaultSet().build()).build();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class StandardValidators {

    private StandardValidators() {}

    /**
     * Starts a policy of what patterns decide: characters that do not show, HTML and Markdown that may act, citations,
     * contacts that nobody gave the model, repetition, code blocks, the language of the answer, and refusals.
     *
     * @return a builder of a policy named {@code pattern-set}, to which more may be added
     */
    public static ValidationPolicy.Builder patternSet() {
        return addPatterns(ValidationPolicy.builder("pattern-set"));
    }

    /**
     * Starts a policy of the pattern set and, beside it, secrets and the numbers of cards, accounts and persons (which
     * are masked; names and contacts stay), groundedness in the passages, whether the question is answered, abusive
     * language, and what is said of groups of people.
     *
     * @return a builder of a policy named {@code default-set}, to which more may be added
     */
    public static ValidationPolicy.Builder defaultSet() {
        PersonalDataScanner numbers = PersonalDataScanner.builder()
                .types(Set.of(
                        PersonalDataType.SECRET,
                        PersonalDataType.PAYMENT_CARD,
                        PersonalDataType.IBAN,
                        PersonalDataType.NATIONAL_ID))
                .build();
        return addPatterns(ValidationPolicy.builder("default-set"))
                .member(PersonalDataValidator.builder().scanner(numbers).build())
                .member(GroundednessValidator.builder().build())
                .member(ContentValidators.relevance())
                .member(CategoryValidator.toxicity())
                .member(BiasValidator.builder().build());
    }

    private static ValidationPolicy.Builder addPatterns(ValidationPolicy.Builder policy) {
        return policy.member(new HiddenTextValidator())
                .member(MarkupValidator.builder().build())
                .member(ContentValidators.citations())
                .member(ContentValidators.contacts())
                .member(ContentValidators.repetition())
                .member(ContentValidators.codeBlocks())
                .member(ContentValidators.language())
                .member(ContentValidators.refusals());
    }
}
