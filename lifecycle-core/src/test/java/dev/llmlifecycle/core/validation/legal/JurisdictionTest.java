package dev.llmlifecycle.core.validation.legal;

import java.time.LocalDate;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class JurisdictionTest {

    private static final String RULE = """
            id: CH
            title: Switzerland
            rules:
            - id: a
              title: A rule
              duty: OTHER
              source: An article
              summary: Something
            """;

    @ParameterizedTest
    @ValueSource(strings = {"EU", "US-CA", "generic"})
    void comesWithTheLibrary(String id) {
        Jurisdiction shipped = Jurisdiction.shipped(id);

        assertThat(shipped.id()).isEqualTo(id);
        assertThat(shipped.rules(Jurisdiction.Duty.MACHINE_DISCLOSURE)).hasSize(1);
        assertThat(shipped.rules())
                .allSatisfy(rule -> assertThat(rule.summary()).endsWith("."));
        assertThat(shipped.hash()).isEqualTo(Jurisdiction.shipped(id).hash());
    }

    @Test
    void namesArticlesAndDates() {
        Jurisdiction.Rule rule = Jurisdiction.shipped("EU")
                .rules(Jurisdiction.Duty.MACHINE_DISCLOSURE)
                .get(0);

        assertThat(rule.source()).isEqualTo("Regulation (EU) 2024/1689 (AI Act), Article 50(1) and (5)");
        assertThat(rule.appliesFrom()).contains(LocalDate.of(2026, 8, 2));
        assertThat(rule.checkedBy()).containsExactly("machine-disclosure");
    }

    @Test
    void readsYamlAndJson() {
        Jurisdiction yaml = Jurisdiction.parse(RULE);
        Jurisdiction json = Jurisdiction.parse("""
                {"id": "CH", "title": "Switzerland", "rules": [
                  {"id": "a", "title": "A rule", "duty": "OTHER", "source": "An article", "summary": "Something"}]}
                """);

        assertThat(json).isEqualTo(yaml);
        assertThat(Jurisdiction.parse(RULE.replace("Something", "Other")).hash())
                .isNotEqualTo(yaml.hash());
    }

    @Test
    @DisplayName("what is wrong is named with its field, and its line where that is known")
    void namesWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jurisdiction.parse(RULE.replace("OTHER", "NOTHING")))
                .withMessageStartingWith("line 6: the field 'rules[0].duty' is not one of [MACHINE_DISCLOSURE,");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jurisdiction.parse(RULE.replace("  source: An article\n", "")))
                .withMessage("the field 'rules[0].source' is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jurisdiction.parse(RULE + "  appliesFrom: next year\n"))
                .withMessageContaining("the field 'appliesFrom' of rule 'a' is 'next year' and not a date");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jurisdiction.parse("id: CH\ntitle: Switzerland\nrules: []"))
                .withMessageContaining("the jurisdiction 'CH' has no rules");
        assertThatIllegalArgumentException().isThrownBy(() -> Jurisdiction.parse("- a"));
        assertThatIllegalArgumentException().isThrownBy(() -> Jurisdiction.parse("id: !!java.net.URL x"));
        String twice = RULE + RULE.substring(RULE.indexOf("- id"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jurisdiction.parse(twice))
                .withMessage("the jurisdiction 'CH' has two rules 'a'; give each an id of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jurisdiction.shipped("../EU"))
                .withMessage("the jurisdiction '../EU' does not come with the library, which has [EU, US-CA, generic];"
                        + " read its rules with Jurisdiction.parse");
    }
}
