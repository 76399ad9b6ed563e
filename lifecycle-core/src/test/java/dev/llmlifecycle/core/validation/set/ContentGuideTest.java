package dev.llmlifecycle.core.validation.set;

import java.util.List;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.JsonRepair;
import dev.llmlifecycle.core.validation.ValidationPolicy;
import dev.llmlifecycle.core.validation.Validators;
import dev.llmlifecycle.core.validation.content.ContentValidators;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/content-checks.md. */
@NullMarked
final class ContentGuideTest {

    @Test
    void composes() {
        List<Passage> passages =
                List.of(new Passage("refunds", TextSegment.from("Refunds are paid within 14 days."), 1));
        // docs:begin checks
        ValidationPolicy policy = ValidationPolicy.builder("answers")
                .member(ContentValidators.citations())
                .member(ContentValidators.contacts())
                .member(ContentValidators.relevance())
                .build();

        ValidationOutcome outcome = policy.validate(
                "Refunds are paid within 30 days [1]. Write to money@shop.example.",
                ValidationContext.of("When are refunds paid?", passages));
        // docs:end checks

        assertThat(outcome.findings())
                .extracting(Finding::code)
                .containsExactly("unsupported-number", "unsupported-mail-address");
    }

    @Test
    void repairs() {
        // docs:begin repair
        Validator ticket = Validators.jsonSchema("ticket", """
                {"type": "object", "properties": {"days": {"type": "integer"}}, "required": ["days"]}""");

        ValidationOutcome outcome = ticket.validate("Sure: {'days': 14,}", ValidationContext.of("When?", List.of()));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidationOutcome.Rewrite.class,
                        rewrite -> assertThat(rewrite.text()).isEqualTo("{\"days\":14}"));

        JsonRepair.Repaired cut =
                JsonRepair.repair("{\"days\": 14, \"note\": \"by ca").orElseThrow();
        assertThat(cut.losesData()).isTrue();
        // docs:end repair
    }
}
