package dev.llmlifecycle.core.validation.legal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.core.validation.legal.LegalTexts.LIGHT;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.context;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.interaction;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.passage;
import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of the page on legal rules. */
@NullMarked
final class LegalGuideTest {

    private final Clock clock = Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC);

    @Test
    void makesValidators() {
        // docs:begin validators
        Validator consent = LegalValidators.consent(clock).purpose("support").build(); // passages
        Validator quotation = LegalValidators.quotation() // answers, as all below
                .licenceWhereMissing(LicenceRule.OWN)
                .rule(LicenceRule.limited("Acme-Press", 15, 0.1))
                .build();
        Validator disclaimer = LegalValidators.disclaimer()
                .notice("medical", "Please ask a doctor.")
                .build();
        Validator mentions = LegalValidators.mentions()
                .competitor("Globex", "Globex Corporation")
                .trademarkWithSymbol("Acme Flow", "®")
                .build();
        Validator disclosure = LegalValidators.machineDisclosure(Jurisdiction.shipped("EU"))
                .text("Hello, I am a machine.")
                .build();
        // docs:end validators

        String answer = LIGHT + ".";
        assertThat(consent.validate(answer, context(passage("p", answer, Map.of("purpose", "support")))))
                .isEqualTo(ValidationOutcome.pass());
        assertThat(quotation.validate(answer, context(passage("p", answer, Map.of("licence", "acme-press")))))
                .isInstanceOf(ValidationOutcome.Retry.class);
        assertThat(List.of(disclaimer, mentions))
                .allSatisfy(validator ->
                        assertThat(validator.validate(answer, context())).isEqualTo(ValidationOutcome.pass()));
        assertThat(disclosure.validate(answer, context())).isInstanceOf(ValidationOutcome.Rewrite.class);
    }

    @Test
    void keepsTheRecord() {
        Interaction interaction = interaction(LIGHT + ".", passage("p", LIGHT, Map.of("licence", "CC-BY-4.0")));
        Answer answer = new Answer(new Outcome.Answered(LIGHT + "."), interaction);

        // docs:begin provenance
        ProvenanceRecord record = ProvenanceRecord.of(answer).withHumanEdit("The old lighthouse was lit in 1842.");

        String shown = record.toText(); // sentences with their sources and licences, model, release, prompt, edit
        String stored = record.toJson(); // canonical, with its hash
        double human = record.edit().orElseThrow().humanShare(); // of the words of the edited text
        // docs:end provenance

        assertThat(shown).contains("licence CC-BY-4.0", "0 % of the words are the person's");
        assertThat(ProvenanceRecord.fromJson(stored)).isEqualTo(record);
        assertThat(human).isZero();
    }

    @Test
    void reportsTheEvidence() {
        List<Interaction> interactions = List.of(interaction(LIGHT + "."));

        // docs:begin evidence
        EvidenceReport report = EvidenceReport.of(Jurisdiction.shipped("EU"), interactions);

        List<Jurisdiction.Rule> open = report.unchecked(); // rules that nothing checked
        String table = report.toMarkdown(); // rule, article, validator with version and hash, how often, findings
        // docs:end evidence

        assertThat(open).hasSize(6);
        assertThat(table).contains("| `interaction-record:1` | 1 | 0 |");
    }
}
