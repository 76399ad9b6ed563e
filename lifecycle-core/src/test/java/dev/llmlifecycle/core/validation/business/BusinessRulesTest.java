package dev.llmlifecycle.core.validation.business;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class BusinessRulesTest {

    private static final ValidationContext CONTEXT = ValidationContext.of("How long?", List.of());

    @Nested
    final class Contract extends ValidatorContract {

        @Override
        protected Validator create() {
            return BusinessRules.builder("shop")
                    .rule(BusinessRule.forbidden("no-advice", "legal advice"))
                    .rule(BusinessRule.formalTone("tone").severity(Finding.Severity.WARNING))
                    .rule(BusinessRule.length("short", 200))
                    .rule(BusinessRule.readingLevel("level", 12, 60))
                    .rule(BusinessRule.facts(
                            "prices",
                            FactTable.builder("prices", "1")
                                    .row("Basic plan", "9.99", "EUR")
                                    .build()))
                    .build();
        }

        @Override
        protected String acceptable() {
            return "The Basic plan costs 9.99 EUR.";
        }

        @Override
        protected String objectionable() {
            return "This is legal advice: the Basic plan costs 12 EUR!";
        }
    }

    @Test
    @DisplayName("a breach of an error asks again with what is wrong, a warning is recorded")
    void decidesBySeverity() {
        BusinessRules rules = BusinessRules.builder("shop")
                .rule(BusinessRule.forbidden("no-advice", "legal advice")
                        .owner("Legal")
                        .reason("we are no lawyers"))
                .rule(BusinessRule.required("imprint", "Acme Ltd").severity(Finding.Severity.WARNING))
                .build();

        assertThat(rules.validate("This is no Legal-Advice.", CONTEXT))
                .isInstanceOfSatisfying(ValidationOutcome.Retry.class, retry -> {
                    assertThat(retry.instruction()).isEqualTo("Answer again without saying 'legal advice'.");
                    assertThat(retry.findings()).extracting(Finding::code).containsExactly("no-advice", "imprint");
                    assertThat(retry.findings().get(0).message())
                            .isEqualTo("Rule 'no-advice' of Legal: the answer says 'legal advice' (we are no lawyers)");
                });
        assertThat(rules.validate("Fine.", CONTEXT)).isInstanceOf(ValidationOutcome.Pass.class);
        assertThat(rules.validate("Fine, says ACME Ltd.", CONTEXT)).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void aConditionLimitsARule() {
        BusinessRule always = BusinessRule.forbidden("no", "maybe");
        ValidationContext context = new ValidationContext(
                "May I return a kettle?",
                List.of(passage("p", "status", "draft")),
                Optional.of("acme"),
                Locale.forLanguageTag("de-AT"),
                Map.of("channel", "web"));

        assertHolds(true, always, RuleCondition.always(), context);
        assertHolds(true, always, RuleCondition.always().languages("de"), context);
        assertHolds(true, always, RuleCondition.always().languages("en", "de-AT"), context);
        assertHolds(false, always, RuleCondition.always().languages("de-DE"), context);
        assertHolds(true, always, RuleCondition.always().tenants("other", "acme"), context);
        assertHolds(false, always, RuleCondition.always().tenants("other"), context);
        assertHolds(false, always, RuleCondition.always().tenants("acme"), CONTEXT);
        assertHolds(true, always, RuleCondition.always().attribute("channel", "web"), context);
        assertHolds(
                false,
                always,
                RuleCondition.always().attribute("channel", "web").attribute("a", "b"),
                context);
        assertHolds(true, always, RuleCondition.always().question("refund", "return"), context);
        assertHolds(false, always, RuleCondition.always().question("returns"), context);
        assertHolds(true, always, RuleCondition.always().answer("yes"), context);
        assertHolds(false, always, RuleCondition.always().answer("no"), context);
        assertHolds(true, always, RuleCondition.always().passage("status", "draft"), context);
        assertHolds(false, always, RuleCondition.always().passage("status", "final"), context);
        assertHolds(
                false, always, RuleCondition.always().passage("status", "draft").tenants("other"), context);
    }

    private static void assertHolds(
            boolean holds, BusinessRule rule, RuleCondition condition, ValidationContext context) {
        BusinessRules rules =
                BusinessRules.builder("shop").rule(rule.when(condition)).build();

        assertThat(rules.check("Yes, maybe.", context).containsKey("no")).isEqualTo(holds);
    }

    @Test
    void theFormalToneHasItsListsInTheRule() {
        BusinessRule.Tone tone = BusinessRule.formalTone("tone");
        BusinessRules rules = BusinessRules.builder("shop").rule(tone).build();

        assertThat(tone.avoid()).containsKeys("slang", "over-promising");
        assertThat(evidence(rules, "Yeah, that's 100% risk-free, don't worry!"))
                .containsExactly("slang", "over-promising", "over-promising", "", "contraction", "contraction");
        assertThat(evidence(rules, "Anna's ![image](a.png) shows that a != b, and 'tis fine."))
                .isEmpty();
        assertThat(rules.validate(
                                "Das geht's!",
                                new ValidationContext("?", List.of(), Optional.empty(), Locale.GERMAN, Map.of()))
                        .findings())
                .as("contractions are judged in English")
                .hasSize(1);
    }

    private static List<String> evidence(BusinessRules rules, String answer) {
        return rules.validate(answer, CONTEXT).findings().stream()
                .map(finding -> finding.evidence().orElse(""))
                .toList();
    }

    @Test
    void lengthCountsWordsSentencesAndCharacters() {
        BusinessRules rules = BusinessRules.builder("shop")
                .rule(new BusinessRule.Length(
                        RuleTerms.of("size"),
                        OptionalInt.of(3),
                        OptionalInt.of(5),
                        OptionalInt.of(2),
                        OptionalInt.of(40)))
                .build();

        assertThat(codes(rules, "One two three. Four 5 five [1].")).isEmpty();
        assertThat(rules.validate("One two.", CONTEXT).findings())
                .extracting(Finding::message)
                .containsExactly("Rule 'size': the answer has 2 words, fewer than 3");
        assertThat(rules.validate("One. Two. Three. Four. Five. Six. and quite a lot more.", CONTEXT)
                        .findings())
                .extracting(Finding::message)
                .containsExactly(
                        "Rule 'size': the answer has 11 words, more than 5",
                        "Rule 'size': the answer has 6 sentences, more than 2",
                        "Rule 'size': the answer has 55 characters, more than 40");
    }

    @Nested
    final class ReadingLevel {

        private static final String EASY =
                "You can send it back. We pay for the box. The van comes to you. Then we give the cash back to you."
                        + " You will not wait for long, as we do it in a few days at most.";
        private static final String HARD = "Reimbursement eligibility is contingent upon satisfactory verification of"
                + " uninterrupted documentation regarding the original acquisition, notwithstanding intermediate"
                + " transportation irregularities attributable to unaffiliated logistics organisations operating"
                + " internationally under heterogeneous contractual arrangements.";

        @Test
        void isTheGradeInEnglishAndLixElsewhere() {
            BusinessRules rules = BusinessRules.builder("shop")
                    .rule(BusinessRule.readingLevel("level", 9, 45).when(RuleCondition.always()))
                    .build();
            BusinessRules few = BusinessRules.builder("shop")
                    .rule(new BusinessRule.ReadingLevel(
                            RuleTerms.of("level"), OptionalDouble.of(9), OptionalDouble.of(45), 10))
                    .build();

            assertThat(codes(rules, EASY)).isEmpty();
            assertThat(codes(few, HARD)).containsExactly("level");
            assertThat(few.validate(
                                    HARD,
                                    new ValidationContext("?", List.of(), Optional.empty(), Locale.GERMAN, Map.of()))
                            .findings()
                            .get(0)
                            .message())
                    .contains("a LIX of ", "more than 45.0");
            assertThat(rules.check("Too short to say.", CONTEXT)).isEmpty();
        }

        @Test
        @DisplayName("grade and LIX are those of the published formulas")
        void followsTheFormulas() {
            Readability found = Readability.of("The cat sat on the mat. It was happy [1].");

            assertThat(found).isEqualTo(new Readability(9, 2, 10, 0));
            assertThat(found.grade()).isEqualTo(0.39 * 9 / 2 + 11.8 * 10 / 9 - 15.59);
            assertThat(found.lix()).isEqualTo(4.5);
            assertThat(Readability.of("Understanding is everything.").lix()).isEqualTo(3 + 200.0 / 3);
            assertThat(Readability.of("").grade()).isZero();
        }

        @Test
        void syllablesFollowVowels() {
            assertThat(List.of("cat", "table", "make", "makes", "jumped", "wanted", "reading", "area", "the", "rhythm"))
                    .extracting(Readability::syllables)
                    .containsExactly(1, 2, 1, 1, 1, 2, 2, 2, 1, 1);
        }
    }

    @Test
    void sourcesAreJudgedByTheirMetadata() {
        BusinessRules rules = BusinessRules.builder("shop")
                .rule(BusinessRule.withoutSources("no-drafts", "status", "draft"))
                .rule(BusinessRule.onlySources("public", "audience", "customers"))
                .build();
        ValidationContext context = ValidationContext.of(
                "?", List.of(passage("a", "status", "draft"), passage("b", "audience", "customers")));

        assertThat(rules.validate("Yes.", context).findings())
                .extracting(Finding::message)
                .containsExactly(
                        "Rule 'no-drafts': the passage 'a' has status 'draft'",
                        "Rule 'public': the passage 'a' has no audience");
        assertThat(rules.check("Yes.", CONTEXT)).isEmpty();
        assertThat(rules.scope()).isEqualTo(Validator.Scope.SENTENCE);
    }

    @Test
    @DisplayName("the identity covers every setting of every rule, and not the targets")
    void identityCoversTheRules() {
        List<BusinessRule> variants = List.of(
                BusinessRule.forbidden("a", "b"),
                BusinessRule.forbidden("a", "c"),
                BusinessRule.required("a", "b"),
                BusinessRule.forbidden("a", "b").owner("Legal"),
                BusinessRule.forbidden("a", "b").reason("because"),
                BusinessRule.forbidden("a", "b").severity(Finding.Severity.INFO),
                BusinessRule.forbidden("a", "b").when(RuleCondition.always().tenants("t")),
                BusinessRule.forbidden("a", "b").when(RuleCondition.always().answer("t")),
                BusinessRule.length("a", 1),
                BusinessRule.length("a", 2),
                BusinessRule.readingLevel("a", 1, 2),
                BusinessRule.readingLevel("a", 1, 3),
                BusinessRule.onlySources("a", "k", "v"),
                BusinessRule.withoutSources("a", "k", "v"),
                BusinessRule.formalTone("a"),
                new BusinessRule.Tone(RuleTerms.of("a"), 1, false, Map.of()));

        assertThat(variants.stream()
                        .map(rule ->
                                BusinessRules.builder("shop").rule(rule).build().identity())
                        .distinct())
                .hasSize(variants.size());
        BusinessRules.Builder builder = BusinessRules.builder("shop").rule(variants.get(0));
        assertThat(builder.target(KpiTarget.atLeast("answered", KpiTarget.Measure.ANSWERED_SHARE, 0.5))
                        .build()
                        .identity())
                .isEqualTo(BusinessRules.builder("shop")
                        .rule(variants.get(0))
                        .build()
                        .identity());
    }

    @Test
    void wrongRulesAreRefused() {
        BusinessRules.Builder builder = BusinessRules.builder("shop").rule(BusinessRule.forbidden("a", "b"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.rule(BusinessRule.required("a", "c")))
                .withMessage("the rules 'shop' have the id 'a' twice; give each rule its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRule.required("a", "  "))
                .withMessage("a statement of rule 'a' is blank; write the words, or leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRule.required("a", "word ".repeat(101)))
                .withMessage("a statement of rule 'a' has 101 words, more than 100; take a part that tells it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRule.forbidden("a"))
                .withMessage("rule 'a' has an empty list; give it a phrase");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRule.length("a", -5))
                .withMessage("the largest number of words of rule 'a' must be positive but was -5; give a limit above"
                        + " 0, or leave it out");
        assertThatIllegalArgumentException().isThrownBy(() -> BusinessRule.readingLevel("a", Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> BusinessRule.forbidden("a b", "c"));
        assertThatIllegalArgumentException().isThrownBy(() -> BusinessRule.forbidden("a", "..."));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BusinessRule.Tone(RuleTerms.of("a"), -1, true, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> BusinessRule.onlySources("a", " ", "b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuleCondition.always().languages("??"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRules.builder("shop").build());
        assertThatIllegalArgumentException().isThrownBy(() -> BusinessRules.builder(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.target(
                                KpiTarget.of("k", KpiTarget.Measure.RULE_SHARE, "z", KpiTarget.Bound.AT_LEAST, 1))
                        .build())
                .withMessageContaining("is about the rule 'z', which is not among the rules 'shop'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KpiTarget.atLeast("k", KpiTarget.Measure.ANSWERED_SHARE, 1.5))
                .withMessageContaining("must be in [0, 1] but was 1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> KpiTarget.atMost("k", KpiTarget.Measure.MEAN_COST, -1));
    }

    private static List<String> codes(BusinessRules rules, String answer) {
        return rules.validate(answer, CONTEXT).findings().stream()
                .map(Finding::code)
                .toList();
    }

    private static Passage passage(String id, String key, String value) {
        return new Passage(id, TextSegment.from("text", Metadata.from(key, value)), 1);
    }
}
