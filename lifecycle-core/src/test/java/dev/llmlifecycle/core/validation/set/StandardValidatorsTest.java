package dev.llmlifecycle.core.validation.set;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.ValidationPolicy;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class StandardValidatorsTest {

    private static Set<String> names(ValidationPolicy policy) {
        return policy.members().stream()
                .map(member -> member.validator().identity().name())
                .collect(Collectors.toSet());
    }

    @Nested
    final class PatternSet extends ValidatorContract {

        private final Set<String> reporters = names(create());

        @Override
        protected ValidationPolicy create() {
            return StandardValidators.patternSet().build();
        }

        @Override
        protected String acceptable() {
            return "A refund takes 14 days.";
        }

        @Override
        protected String objectionable() {
            return "A refund takes 14 days\u200b, see <script>x</script> and [3].";
        }

        @Override
        protected Set<String> reporters() {
            return reporters;
        }

        @Test
        void reportsAllThatIsFound() {
            assertThat(create().validate(objectionable(), context()).findings())
                    .extracting(Finding::validator)
                    .contains("citations", "markup", "hidden-text");
        }
    }

    @Test
    void theDefaultSetMasksNumbersAndKeepsContacts() {
        ValidationContext context = ValidationContext.of("Whom do I ask about help@shop.example?", List.of());
        Validator own = Validator.of(Identity.of("own", "1"), (text, any) -> ValidationOutcome.pass());
        ValidationPolicy policy = StandardValidators.defaultSet().member(own).build();

        assertThat(names(policy)).contains("own", "relevance", "groundedness");
        assertThat(policy.validate("Ask help@shop.example about the card 4111 1111 1111 1111.", context))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text())
                                .contains("help@shop.example")
                                .doesNotContain("4111"));
    }

    @Test
    @DisplayName("ten megabytes with a lone surrogate, a direction and a joiner in each sentence get a verdict")
    void judgesTenMegabytes() {
        String sentence = "Refunds are paid within 99 days. \u202eTeam\u200d writes\ud800 back. ";
        String text = sentence.repeat(10_000_000 / sentence.length());
        Passage passage =
                new Passage("p", TextSegment.from("Refunds are paid within 14 days. Our team writes back."), 1);

        ValidationOutcome outcome = StandardValidators.defaultSet()
                .build()
                .validate(text, ValidationContext.of("When are refunds paid?", List.of(passage)));

        assertThat(outcome).isInstanceOf(ValidationOutcome.Retry.class);
        assertThat(outcome.findings())
                .extracting(Finding::code)
                .contains(GroundednessValidator.UNGROUNDED_NUMBER, "hidden-direction");
    }
}
