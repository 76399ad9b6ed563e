package dev.llmlifecycle.core.validation.business;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.validation.Finding;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class BusinessRulesFileTest {

    private static final String ALL = """
            format: 1
            name: shop
            rules:
              - id: imprint
                severity: warning
                owner: Legal
                reason: the law asks for it
                when:
                  languages: [en, de]
                  tenants: [acme]
                  attributes: {channel: web}
                  question: refund
                  answer: [pay, money]
                  passages: {status: final}
                required: Acme Ltd
              - id: no-advice
                forbidden: [legal advice, tax advice]
              - id: level
                reading-level: {grade: 9, lix: 45.5}
              - id: formal
                tone: formal
              - id: own-tone
                tone:
                  exclamation-marks: 1
                  contractions: false
                  avoid:
                    rivals: [Globex]
              - id: short
                length: {max-words: 120}
              - id: sources
                sources: {key: status, forbidden: [draft]}
              - id: prices
                facts:
                  version: 2026-04
                  rows:
                    - {name: Basic plan, aliases: [Basic], value: 9.90, unit: EUR/month}
                    - {name: delivery, value: 2, to: 4, unit: working days}
            targets:
              - id: answered
                measure: answered-share
                at-least: 0.7
                owner: Support
              - {id: prices-kept, measure: rule-share, of: prices, at-least: 1}
              - {id: fast, measure: median-seconds, at-most: 2}
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("a file says what the builder says")
    void readsEveryKindOfRule() {
        RuleTerms imprint = new RuleTerms(
                "imprint",
                Finding.Severity.WARNING,
                "Legal",
                "the law asks for it",
                RuleCondition.always()
                        .languages("en", "de")
                        .tenants("acme")
                        .attribute("channel", "web")
                        .question("refund")
                        .answer("pay", "money")
                        .passage("status", "final"));
        BusinessRules built = BusinessRules.builder("shop")
                .rule(new BusinessRule.Required(imprint, List.of("Acme Ltd")))
                .rule(BusinessRule.forbidden("no-advice", "legal advice", "tax advice"))
                .rule(new BusinessRule.ReadingLevel(
                        RuleTerms.of("level"), OptionalDouble.of(9), OptionalDouble.of(45.5), 30))
                .rule(BusinessRule.formalTone("formal"))
                .rule(new BusinessRule.Tone(RuleTerms.of("own-tone"), 1, false, Map.of("rivals", List.of("Globex"))))
                .rule(new BusinessRule.Length(
                        RuleTerms.of("short"),
                        OptionalInt.empty(),
                        OptionalInt.of(120),
                        OptionalInt.empty(),
                        OptionalInt.empty()))
                .rule(BusinessRule.withoutSources("sources", "status", "draft"))
                .rule(BusinessRule.facts(
                        "prices",
                        FactTable.builder("prices", "2026-04")
                                .row("Basic plan", "9.90", "EUR/month", "Basic")
                                .row(new FactTable.Row(
                                        "delivery",
                                        List.of(),
                                        new java.math.BigDecimal("2"),
                                        Optional.of(new java.math.BigDecimal("4")),
                                        "working days",
                                        Optional.empty()))
                                .build()))
                .build();

        BusinessRules read = BusinessRulesFile.parse(ALL);

        assertThat(read.identity()).isEqualTo(built.identity());
        assertThat(read.targets())
                .containsExactly(
                        KpiTarget.atLeast("answered", KpiTarget.Measure.ANSWERED_SHARE, 0.7)
                                .withOwner("Support"),
                        KpiTarget.of(
                                "prices-kept", KpiTarget.Measure.RULE_SHARE, "prices", KpiTarget.Bound.AT_LEAST, 1),
                        KpiTarget.atMost("fast", KpiTarget.Measure.MEDIAN_SECONDS, 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    severity: warning | severity: fatal        | line 5: 'rules[0].severity' is 'fatal'; use one of [info, warning, error]
                    owner: Legal      | onwer: Legal           | line 6: 'rules[0].onwer' is not known; use one of [facts, forbidden, id,
                    id: no-advice     | id: imprint            | line 16: the rules 'shop' have the id 'imprint' twice; give each rule its own
                    max-words: 120    | max-words: -1          | line 29: the largest number of words of rule 'short' must be positive but was -1
                    max-words: 120    | max-words: many        | line 29: 'rules[5].length.max-words' is no whole number; write one
                    required: Acme Ltd | required: ' '         | line 15: a statement of rule 'imprint' is blank; write the words
                    required: Acme Ltd | note: x               | line 15: 'rules[0].note' is not known
                    tone: formal      | tone: rude             | line 21: 'rules[3].tone' is 'rude'; write 'formal', or keys below it
                    contractions: false | contractions: no     | line 25: 'rules[4].tone.contractions' is neither true nor false
                    value: 9.90       | value: -9.90           | line 36: the value of the fact 'Basic plan' must be at least 0 but was -9.90
                    value: 9.90       | price: 9.90            | line 36: 'rules[7].facts.rows[0].price' is not known
                    unit: EUR/month   | unit: ''               | line 36: the unit of the fact 'Basic plan' is blank
                    languages: [en, de] | languages: ['?']     | line 8: '?' is no language
                    format: 1         | format: 2              | line 1: 'format' is 2, and this version of the library reads 1
                    format: 1         | title: x               | line 1: 'title' is not known
                    measure: answered-share | measure: joy     | line 40: 'targets[0].measure' is 'joy'; use one of [answered-share,
                    at-least: 0.7     | at-least: 7            | line 39: the value of the target 'answered' must be in [0, 1] but was 7.0
                    at-least: 0.7     | at-lest: 0.7           | line 41: 'targets[0].at-lest' is not known
                    of: prices        | of: costs              | is about the rule 'costs', which is not among the rules 'shop'
                    id: level         | id: 12                 | line 18: 'rules[2].id' is no text; put it in quotes
                    reading-level     | forbidden: [x], length | line 19: it is not valid YAML
                    channel: web      | channel: true          | line 11: 'rules[0].when.attributes.channel' is no text; put it in quotes
                    """)
    @DisplayName("a mistake is named with its file, line and key, and what to do")
    void namesTheLine(String right, String wrong, String message) throws IOException {
        assertThat(ALL).contains(right);
        Path file = folder.resolve("rules.yaml");
        Files.writeString(file, ALL.replaceFirst(java.util.regex.Pattern.quote(right), wrong));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRules.read(file))
                .withMessageStartingWith("the business rules " + file + ", line ")
                .withMessageContaining(message);
    }

    @Test
    void aRuleDemandsOneThing() {
        assertRefused("rules: [{id: a}]", "'rules[0]' has no demand; give it one of [facts, forbidden, length");
        assertRefused(
                "rules: [{id: a, forbidden: [b], required: [c]}]", "'rules[0]' has the demands [forbidden, required]");
        assertRefused("rules: {a: b}", "'rules' is no list; write '- ' before each entry");
        assertRefused("rules: [text]", "'rules[0]' has no keys");
        assertRefused("rules: []", "the rules 'shop' are empty; add a rule");
        assertRefused("rules: [{id: a, forbidden: [1]}]", "'rules[0].forbidden[0]' is no text; put it in quotes");
        assertRefused("targets: [{id: a, measure: mean-cost}]", "needs one of 'at-least' and 'at-most'");
    }

    @Test
    @DisplayName("tags, anchors, aliases, bombs, deep nesting and second documents are refused")
    void hostileYamlIsRefused() {
        assertRefused("rules: !!java.net.URL [x]", "tags, anchors and aliases are not allowed");
        assertRefused("rules: &a [x]", "tags, anchors and aliases are not allowed");
        assertRefused("rules: *a", "tags, anchors and aliases are not allowed");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertRefused(bomb.toString(), "tags, anchors and aliases are not allowed");
        assertRefused("rules: " + "[".repeat(5_000) + "]".repeat(5_000), "nested deeper than 50 levels");
        assertRefused("rules: []\n---\na: b", "a second YAML document begins here");
        assertRefused("rules: []\nrules: []", "the key 'rules' stands there twice; keep one");
        assertRefused("rules: \u0007", "it is not valid YAML");
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws IOException {
        Path missing = folder.resolve("none.yaml");
        Path latin = folder.resolve("latin.yaml");
        Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xE4});
        Path large = folder.resolve("large.yaml");
        Files.write(large, new byte[3_000_001]);

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> BusinessRules.read(missing))
                .withMessageContaining("none.yaml failed; check that the file is there and readable");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> BusinessRules.read(latin))
                .withMessageContaining("latin.yaml failed; save the file as UTF-8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRules.read(large))
                .withMessageContaining("have more than 3000000 bytes");
    }

    @Test
    void aFileAndOwnRulesGoTogether() throws IOException {
        Path file = folder.resolve("rules.yaml");
        Files.writeString(file, "\uFEFF" + ALL);

        BusinessRules both = BusinessRules.builder("all")
                .all(BusinessRules.read(file))
                .rule(BusinessRule.forbidden("more", "x"))
                .build();

        assertThat(both.rules()).hasSize(9);
        assertThat(both.targets()).hasSize(3);
    }

    private static void assertRefused(String rest, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BusinessRulesFile.parse("format: 1\nname: shop\n" + rest))
                .withMessageContaining(message);
    }
}
