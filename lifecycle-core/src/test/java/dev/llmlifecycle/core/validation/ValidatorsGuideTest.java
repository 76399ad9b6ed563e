package dev.llmlifecycle.core.validation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.bias.BiasValidator;
import dev.llmlifecycle.core.validation.privacy.PersonalDataValidator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of the page on validators. */
@NullMarked
final class ValidatorsGuideTest {

    @Test
    void composesValidators() {
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            // docs:begin policy
            Validator rivals = Validators.words("rivals", List.of("Acme", "Globex"));
            Validator slow = Validator.of(Identity.of("tone", "1"), (text, context) -> ValidationOutcome.pass());

            ValidationPolicy policy = ValidationPolicy.builder("answers")
                    .executor(executor)
                    .member(PersonalDataValidator.builder().build())
                    .member(PolicyMember.of(rivals).on("listed-word", PolicyAction.redact("another shop")))
                    .member(PolicyMember.of(slow)
                            .timeBudget(Duration.ofMillis(800))
                            .failOpen())
                    .member(PolicyMember.of(BiasValidator.builder().build()).shadow())
                    .build();

            ValidationOutcome outcome =
                    policy.validate("Acme is cheaper.", ValidationContext.of("Where do I buy?", List.of()));
            // docs:end policy

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Rewrite.class,
                            rewrite -> assertThat(rewrite.text()).isEqualTo("another shop is cheaper."));
            assertThat(outcome.findings()).extracting(Finding::validator).containsExactly("rivals");
        } finally {
            executor.shutdownNow();
        }
    }
}
