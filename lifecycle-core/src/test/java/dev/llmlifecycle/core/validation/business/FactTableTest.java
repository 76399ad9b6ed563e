package dev.llmlifecycle.core.validation.business;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class FactTableTest {

    private static final FactTable TABLE = FactTable.builder("prices", "2026-04")
            .row("Basic plan", "9.99", "EUR/month", "Basic")
            .row("Pro plan", "1100.50", "EUR/month", "Pro")
            .row("return period", "30", "days", "return goods")
            .row("warranty", "24", "months")
            .row("discount for students", "15", "%", "student discount")
            .row("welcome gift", "300", "points")
            .row("250 g parcel", "8.60", "EUR")
            .row("250 g parcel", "34.40", "EUR/kg")
            .row("excess", "34", "EUR")
            .row(new FactTable.Row(
                    "standard delivery",
                    List.of(),
                    BigDecimal.valueOf(2),
                    Optional.of(BigDecimal.valueOf(4)),
                    "working days",
                    Optional.empty()))
            .build();
    private static final BusinessRules RULES = BusinessRules.builder("shop")
            .rule(BusinessRule.facts("prices", TABLE))
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The Basic plan costs 12.99 EUR a month.",
                "The Basic plan costs €12.99.",
                "The Basic plan costs 12,99 €.",
                "BASIC costs 9.90 euros per month.",
                "With the Basic plan you pay EUR 99.9 monthly.",
                "The Basic plan costs $9.99.",
                "The Pro plan costs 1,101.50 EUR.",
                "The Pro plan costs 1.100,51 EUR/month.",
                "The Basic plan costs 1100.50 EUR and the Pro plan 9.99 EUR.",
                "The Basic plan and the Pro plan cost 1100.50 EUR and 9.99 EUR.",
                "For 12.99 EUR you get the Basic plan, for 1100.50 EUR the Pro plan.",
                "You save 3 EUR with Gold and pay 10.99 EUR for the Basic plan.",
                "The Basic plan was 9.99 EUR and is now 14.99 EUR.",
                "You can return goods within 60 days.",
                "You can return goods within three months.",
                "You can return goods for two weeks.",
                "The return period is 14 days.",
                "The warranty lasts one year.",
                "The warranty is 36 months.",
                "Our student discount is 20 %.",
                "Our student discount is twenty percent.",
                "Discount for students: 15.5%",
                "The welcome gift is 500 points.",
                "A 250 g parcel costs 8.70 EUR.",
                "A 250 g parcel costs 30.00 EUR per kg.",
                "Standard delivery takes 2 to 6 working days.",
                "Standard delivery takes 5 working days.",
                "Standard delivery takes one to two business days.",
                "The Basic plan is small. It costs 12.99 EUR.",
                "| Basic plan | 12.99 EUR |",
                "The **Basic plan** costs **12.99** EUR [1].",
                "The excess is 35 EUR, whatever happens."
            })
    @DisplayName("another amount of the same unit beside a name is an error that names the right one")
    void findsWrongAmounts(String answer) {
        assertThat(RULES.validate(answer, context("What is it?")))
                .isInstanceOfSatisfying(
                        ValidationOutcome.Retry.class,
                        retry -> assertThat(retry.findings()).isNotEmpty().allSatisfy(finding -> {
                            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
                            assertThat(finding.code()).isEqualTo("prices");
                            assertThat(finding.span()).isPresent();
                        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The Basic plan costs 9.99 EUR a month.",
                "The Basic plan costs €9.99.",
                "The Basic plan costs 9,99 € pro Monat.",
                "The Basic plan costs EUR 9.990 monthly.",
                "The Pro plan costs 1,100.50 EUR.",
                "The Pro plan costs 1.100,50 EUR, the Basic plan 9.99 EUR.",
                "The Pro plan costs 1'100.50 EUR.",
                "The Basic plan and the Pro plan cost 9.99 EUR and 1100.50 EUR.",
                "The Basic plan and the Pro plan cost 9.99 and 1100.50 EUR, respectively.",
                "For 9.99 EUR you get the Basic plan, for 1100.50 EUR the Pro plan.",
                "The Basic plan costs 9.99 EUR, not 12.99 EUR.",
                "The Basic plan costs 9.99 EUR instead of 12.99 EUR.",
                "The Basic plan costs 9.99 EUR, about 11.60 USD.",
                "The Basic plan costs 119.88 EUR per year.",
                "The Basic plan has 5 users and 20 GB.",
                "The Basic plan started on 12.04.2026 at 14:30 with version 2.0.1.",
                "You can return goods within thirty days.",
                "You can return goods within 30 calendar days.",
                "You can return goods within one month.",
                "You can return goods within 720 hours.",
                "The 30-day return period begins with delivery.",
                "The warranty lasts two years.",
                "The warranty is 2 years.",
                "The warranty is 730 days.",
                "Our student discount is 15%.",
                "The welcome gift is 300 points for 1 review.",
                "A 250 g parcel costs 8.60 EUR (34.40 EUR per kg).",
                "Standard delivery takes 2 to 4 working days.",
                "Standard delivery takes 2-4 business days.",
                "Standard delivery takes 3 working days.",
                "The Gold plan costs 12.99 EUR.",
                "The Gold plan costs 12.99 EUR and the Basic plan costs 9.99 EUR.",
                "You save 3 EUR with Gold, 2 EUR with Silver and pay 9.99 EUR for the Basic plan.",
                "The Basic plan costs 4 EUR less than the Gold plan.",
                "The Basic plan is small. Somebody paid 12.99 EUR for lunch.",
                "Basically nothing costs 12.99 EUR.",
                "The Basic plan costs ９.９９ EUR.",
                "The Basic plan costs 99999999999999999999999999999999999999999999 EUR."
            })
    @DisplayName("right amounts, other units, other things and negated amounts are let pass")
    void letsRightAmountsPass(String answer) {
        assertThat(RULES.validate(answer, context("What is it?")).findings()).isEmpty();
    }

    @Test
    void namesTheRightValueTheTableAndItsVersion() {
        Finding finding = only(RULES, "The Basic plan costs 12.99 EUR.");

        assertThat(finding.message())
                .isEqualTo("Rule 'prices': '12.99 EUR' stands there for 'Basic plan', and the table has"
                        + " 9.99 EUR per month");
        assertThat(finding.evidence()).contains("prices, version 2026-04: Basic plan = 9.99 EUR per month");
        assertThat(finding.span().orElseThrow().of("The Basic plan costs 12.99 EUR."))
                .isEqualTo("12.99 EUR");
    }

    @Test
    void aShortAnswerIsAboutTheNameInTheQuestion() {
        ValidationContext asked = context("How much is the Basic plan?");

        assertThat(RULES.validate("12.99 EUR per month.", asked).findings()).hasSize(1);
        assertThat(RULES.validate("9.99 EUR per month.", asked).findings()).isEmpty();
        assertThat(RULES.validate("12.99 EUR per month.", context("Basic plan or Pro plan?"))
                        .findings())
                .isEmpty();
    }

    @Test
    void everyCellOfAMarkdownTableIsComparedInItsRow() {
        String answer = "| Plan | Price |\n|---|---|\n| Basic | 9.99 EUR |\n| Pro | 9.99 EUR |\n";

        assertThat(RULES.validate(answer, context("Prices?")).findings()).hasSize(1);
    }

    @Test
    @DisplayName("a supplied table counts from the next answer on, and the identity is that of its source")
    void takesTheTableOfNow() {
        AtomicReference<FactTable> prices = new AtomicReference<>(table("1", "9.99"));
        BusinessRules rules = BusinessRules.builder("shop")
                .rule(BusinessRule.facts("prices", Identity.of("price-feed", "3"), prices::get))
                .build();
        Identity before = rules.identity();

        assertThat(rules.validate("The Basic plan costs 9.99 EUR.", context("?"))
                        .findings())
                .isEmpty();
        prices.set(table("2", "10.99"));

        assertThat(only(rules, "The Basic plan costs 9.99 EUR.").evidence())
                .contains("prices, version 2: Basic plan = 10.99 EUR");
        assertThat(rules.identity()).isEqualTo(before);
        assertThat(BusinessRules.builder("shop")
                        .rule(BusinessRule.facts("prices", Identity.of("price-feed", "4"), prices::get))
                        .build()
                        .identity())
                .isNotEqualTo(before);
    }

    @Test
    void theContentOfAFixedTableIsPartOfTheIdentity() {
        Stream<FactTable> tables = Stream.of(table("1", "9.99"), table("2", "9.99"), table("1", "9.98"));

        assertThat(tables.map(table -> BusinessRules.builder("shop")
                                .rule(BusinessRule.facts("prices", table))
                                .build()
                                .identity())
                        .distinct())
                .hasSize(3);
    }

    @Test
    void aSupplierThatFailsOrGivesNothingFailsTheValidatorByName() {
        BusinessRules failing = BusinessRules.builder("shop")
                .rule(BusinessRule.facts("prices", Identity.of("price-feed", "3"), () -> {
                    throw new IllegalStateException("down");
                }))
                .build();

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> failing.validate("The Basic plan costs 9.99 EUR.", context("?")))
                .withMessage("Getting the fact table of rule 'prices' from 'price-feed' failed; mend what supplies it");
    }

    @Test
    void contradictionsInATableAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FactTable.builder("prices", "1")
                        .row("Basic plan", "9.99", "EUR")
                        .row("basic  PLAN", "9.990", "eur")
                        .build())
                .withMessage("the fact table 'prices' has 'basic  PLAN' with 9.990 eur twice; keep one row");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FactTable.builder("prices", "1")
                        .row("Basic plan", "9.99", "EUR", "plan")
                        .row("Pro plan", "19.99", "EUR", "Plan")
                        .build())
                .withMessage("the fact table 'prices' calls two things 'Plan'; take the alias from one of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FactTable.builder("prices", "1").build())
                .withMessageContaining("has 0 rows");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> FactTable.builder(" ", "1").row("a", "1", "EUR").build());
    }

    @Test
    void wrongRowsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FactTable.Row.of("Basic plan", "-1", "EUR"))
                .withMessage("the value of the fact 'Basic plan' must be at least 0 but was -1; write the amount"
                        + " without a sign");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FactTable.Row.of("Basic plan", "cheap", "EUR"))
                .withMessageContaining("'cheap' of the fact 'Basic plan' is no number");
        assertThatIllegalArgumentException().isThrownBy(() -> FactTable.Row.of(" ", "1", "EUR"));
        assertThatIllegalArgumentException().isThrownBy(() -> FactTable.Row.of("***", "1", "EUR"));
        assertThatIllegalArgumentException().isThrownBy(() -> FactTable.Row.of("Basic plan", "1", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> FactTable.Row.of("Basic plan", "1e999999999", "EUR"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FactTable.Row(
                        "delivery", List.of(), BigDecimal.TEN, Optional.of(BigDecimal.ONE), "days", Optional.empty()))
                .withMessageContaining("goes from 10 to 1");
    }

    @Test
    @DisplayName("answers of a megabyte are checked in time that grows with their length alone")
    void longAnswersAreChecked() {
        for (String piece : List.of(
                "The Basic plan costs 12.99 EUR. ",
                "Basic plan ",
                "9.99 EUR ",
                "1, ",
                "2 to ",
                "9",
                ".1",
                "Basic 9.99 EUR ",
                "it ",
                "a\u0301",
                "'t ")) {
            String answer = piece.repeat(1_000_000 / piece.length());

            assertThat(RULES.validate(answer, context("?")).findings().size())
                    .as(piece)
                    .isLessThanOrEqualTo(BusinessRules.MAX_FINDINGS);
        }
    }

    private static FactTable table(String version, String price) {
        return FactTable.builder("prices", version)
                .row("Basic plan", price, "EUR")
                .build();
    }

    private static Finding only(BusinessRules rules, String answer) {
        List<Finding> findings = rules.validate(answer, context("?")).findings();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static ValidationContext context(String question) {
        return new ValidationContext(question, List.of(), Optional.empty(), Locale.ENGLISH, Map.of());
    }
}
