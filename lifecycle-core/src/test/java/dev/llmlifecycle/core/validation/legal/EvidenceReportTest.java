package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.validation.legal.EvidenceReport.Check;
import dev.llmlifecycle.core.validation.legal.EvidenceReport.RuleEvidence;
import dev.llmlifecycle.core.validation.legal.EvidenceReport.Status;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class EvidenceReportTest {

    private static final Jurisdiction EU = Jurisdiction.shipped("EU");
    private static final Identity DISCLOSURE =
            LegalValidators.machineDisclosure(EU).build().identity();
    private static final Identity QUOTATION =
            LegalValidators.quotation().build().identity();

    private final List<Interaction> interactions = List.of(
            interaction(1, Map.of("decision", "rewrite"), DISCLOSURE, QUOTATION)
                    .findings(List.of(Finding.of(
                            "machine-disclosure", "machine-disclosure-missing", Finding.Severity.ERROR, "m")))
                    .build(),
            interaction(2, Map.of("decision", "pass"), DISCLOSURE, QUOTATION).build(),
            interaction(3, Map.of("decision", "block", "refusedBy", "machine-disclosure"), DISCLOSURE, QUOTATION)
                    .build());

    @Test
    @DisplayName("each rule has who checked it, how often, and with how many findings")
    void countsChecks() {
        EvidenceReport report = EvidenceReport.of(EU, interactions, List.of(DISCLOSURE));

        RuleEvidence disclosure = rule(report, "ai-act-50-1");
        assertThat(disclosure.status()).isEqualTo(Status.CHECKED);
        assertThat(disclosure.checks())
                .containsExactly(new Check(
                        "machine-disclosure",
                        "1",
                        DISCLOSURE.configurationHash().hex(),
                        3,
                        1));
        RuleEvidence quotation = rule(report, "infosoc-5-3-d");
        assertThat(quotation.status()).isEqualTo(Status.PARTLY);
        assertThat(quotation.checks())
                .containsExactly(new Check(
                        "quotation", "1", QUOTATION.configurationHash().shortForm(), 2, 0));
        assertThat(report.first()).contains(at(1));
        assertThat(report.last()).contains(at(3));
    }

    @Test
    void tellsConfigurationsApart() {
        Identity other = LegalValidators.quotation().ngram(4).build().identity();

        EvidenceReport report = EvidenceReport.of(
                EU,
                List.of(
                        interaction(1, Map.of("decision", "pass"), QUOTATION).build(),
                        interaction(2, Map.of("decision", "pass"), other).build()));

        assertThat(rule(report, "infosoc-5-3-d").checks())
                .extracting(Check::interactions)
                .containsExactly(1, 1);
    }

    @Test
    void saysWhatNothingChecked() {
        EvidenceReport report = EvidenceReport.of(EU, interactions);

        assertThat(report.unchecked())
                .extracting(Jurisdiction.Rule::id)
                .containsExactly("ai-act-50-2", "gdpr-5-1-b", "gdpr-5-1-e", "gdpr-5-1-c");
        assertThat(EvidenceReport.of(EU, List.of()).unchecked()).isEqualTo(EU.rules());
    }

    @Test
    void takesTheRecordItselfForRecordKeeping() {
        Interaction without =
                Interaction.builder("x", at(9), "q").outcome("failed", "f").build();

        RuleEvidence records = rule(EvidenceReport.of(EU, List.of(interactions.get(0), without)), "ai-act-12");

        assertThat(records.status()).isEqualTo(Status.PARTLY);
        assertThat(records.checks()).containsExactly(new Check(EvidenceReport.RECORD, "1", "", 1, 0));
    }

    @Test
    void writesItselfForPeopleAndForMachines() {
        EvidenceReport report = EvidenceReport.of(EU, interactions, List.of(DISCLOSURE, QUOTATION));

        assertThat(report.toMarkdown())
                .startsWith(
                        "# Evidence: European Union\n\n3 interactions from " + at(1) + " to " + at(3) + ". Rules EU,")
                .contains(
                        "| People know that they talk to a machine | Regulation (EU) 2024/1689 (AI Act), Article 50(1)"
                                + " and (5) | `machine-disclosure:1@"
                                + DISCLOSURE.configurationHash().hex() + "` | 3 | 1 |\n")
                .contains("| **nothing** | 0 | 0 |\n")
                .contains("## Checked by nothing\n\n- Generated text is marked")
                .contains("not legal advice");
        assertThat(report.toJson()).contains("\"status\":\"PARTLY\"", "\"jurisdiction\":\"EU\"");
        assertThat(report.hash())
                .isEqualTo(EvidenceReport.of(EU, interactions, List.of(DISCLOSURE, QUOTATION))
                        .hash())
                .isNotEqualTo(EvidenceReport.of(EU, List.of()).hash());
    }

    private static RuleEvidence rule(EvidenceReport report, String id) {
        return report.rules().stream()
                .filter(evidence -> evidence.rule().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Interaction.Builder interaction(int day, Map<String, String> step, Identity... validators) {
        Map<String, String> attributes = new HashMap<>(step);
        for (Identity validator : validators) {
            attributes.put(
                    "validator." + validator.name(),
                    validator.version() + "@" + validator.configurationHash().shortForm());
        }
        return Interaction.builder("i" + day, at(day), "q")
                .tenant(Optional.empty())
                .release(Hash.ofUtf8("release"))
                .outcome("answered", "a")
                .step(new Step(Step.OUTPUT_VALIDATION, Duration.ZERO, attributes));
    }

    private static Instant at(int day) {
        return Instant.parse("2026-03-0" + day + "T00:00:00Z");
    }
}
