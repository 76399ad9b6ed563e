package dev.llmlifecycle.core.validation.business;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of the page on business rules. */
final class BusinessGuideTest {

    private static final Path YAML = Path.of("src/test/resources/dev/llmlifecycle/core/validation/business/shop.yaml");

    @TempDir
    private Path folder;

    @Test
    void rulesByBuilder() {
        Supplier<FactTable> prices = () -> FactTable.builder("prices", "2026-04")
                .row("Basic plan", "9.99", "EUR/month", "Basic")
                .build();
        // docs:begin rules
        BusinessRules rules = BusinessRules.builder("shop")
                .rule(BusinessRule.facts("prices", Identity.of("price-list", "1"), prices)
                        .owner("Sales")
                        .reason("an answer binds the shop"))
                .rule(BusinessRule.forbidden("no-guarantee", "guaranteed", "risk-free")
                        .owner("Legal"))
                .rule(BusinessRule.required("right-of-withdrawal", "within 14 days", "14-day")
                        .severity(Finding.Severity.WARNING)
                        .when(RuleCondition.always().languages("en").question("cancel", "send back")))
                .rule(BusinessRule.formalTone("tone").severity(Finding.Severity.WARNING))
                .build();

        ValidationOutcome outcome = rules.validate(
                "The Basic plan costs 12.99 EUR a month.", ValidationContext.of("What does Basic cost?", List.of()));
        // docs:end rules

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ValidationOutcome.Retry.class,
                        retry -> assertThat(retry.instruction())
                                .isEqualTo(
                                        "Your answer gives '12.99 EUR' for 'Basic plan'; right is 9.99 EUR per month."
                                                + " Answer again with the right value."));
    }

    @Test
    void scorecard() throws IOException {
        Path file = YAML;
        List<Interaction> interactions = List.of(Interaction.builder("1", Instant.EPOCH, "What does Basic cost?")
                .outcome("answered", "The Basic plan costs 9.99 EUR.")
                .build());
        List<Feedback> feedback =
                List.of(new Feedback("1", Feedback.Rating.UP, Optional.empty(), Optional.empty(), Instant.EPOCH));
        // docs:begin scorecard
        Scorecard card = Scorecard.builder("Support chatbot, April")
                .rules(BusinessRules.read(file))
                .interactions(interactions, feedback)
                .signer("Head of Support")
                .build();
        card.write(folder.resolve("scorecard.html"));
        card.write(folder.resolve("scorecard.txt"));
        // docs:end scorecard

        assertThat(card.rules().get(0).passed()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("scorecard.html")))
                .contains(card.hash().hex());
    }

    @Test
    void theYamlOfThePageIsTheResourceThatIsRead() throws IOException {
        String page = Files.readString(Path.of("../docs/business-rules.md"));
        int begin = page.indexOf("```yaml\n") + "```yaml\n".length();

        assertThat(page.substring(begin, page.indexOf("```", begin))).isEqualTo(Files.readString(YAML));
        assertThat(BusinessRules.read(YAML).rules()).hasSize(6);
    }
}
