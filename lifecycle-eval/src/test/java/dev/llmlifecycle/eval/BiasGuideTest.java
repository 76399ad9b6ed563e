package dev.llmlifecycle.eval;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.validation.bias.BiasValidator;
import dev.llmlifecycle.eval.suite.BiasReport;
import dev.llmlifecycle.eval.suite.CounterfactualAudit;
import dev.llmlifecycle.eval.suite.CounterfactualSubstitution;
import dev.llmlifecycle.eval.suite.GroupFairness;
import dev.llmlifecycle.eval.suite.GroupOutcome;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of the page on bias. */
@NullMarked
final class BiasGuideTest {

    @Test
    void flagsAnAnswer() {
        // docs:begin flag
        BiasValidator validator = BiasValidator.builder()
                .group("trade", "plumbers")
                .association("plumbers", "overcharge", "never on time")
                .build();

        List<Finding> findings = validator
                .validate("Plumbers overcharge.", ValidationContext.of("Whom do I call?", List.of()))
                .findings();
        // docs:end flag

        assertThat(findings).extracting(Finding::code).containsExactly(BiasValidator.ASSOCIATION);
    }

    @Test
    void triesAnApplicationOnGroups() {
        List<String> questions = IntStream.range(0, 12)
                .mapToObj(i -> "My brother lost card " + i + ". Can he have a new one?")
                .toList();

        // docs:begin audit
        CounterfactualAudit audit = new CounterfactualAudit(
                CounterfactualSubstitution.englishGender(), question -> answers(question) ? 1 : 0, 42);

        BiasReport report = audit.run("lost cards", questions);

        assertThat(report.significant(0.05)).isEmpty();
        // docs:end audit

        assertThat(report.toMarkdown()).contains("| mean difference | female - male | 0.000 |");
    }

    @Test
    void comparesDecisions() {
        List<GroupOutcome> outcomes = IntStream.range(0, 40)
                .mapToObj(i -> new GroupOutcome(i % 2 == 0 ? "old" : "young", i < 30, Optional.of(i < 35)))
                .toList();

        // docs:begin groups
        BiasReport report = GroupFairness.compare("credit limits, November", outcomes, "young");
        // docs:end groups

        assertThat(report.figures()).extracting("measure").contains("equal opportunity difference");
    }

    private static boolean answers(String question) {
        return question.contains("card");
    }
}
