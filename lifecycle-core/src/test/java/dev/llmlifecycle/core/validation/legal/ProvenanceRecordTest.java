package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.validation.legal.ProvenanceRecord.Origin;
import dev.llmlifecycle.core.validation.legal.ProvenanceRecord.Sentence;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.core.validation.legal.LegalTexts.ASKED;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.LIGHT;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.interaction;
import static dev.llmlifecycle.core.validation.legal.LegalTexts.passage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

@NullMarked
final class ProvenanceRecordTest {

    private static final Passage CAPES = passage(
            "p1",
            LIGHT + ".",
            Map.of("source", "capes.html", "title", "Capes", "author", "A. Keeper", "licence", "CC-BY-4.0"));
    private static final Passage KEEPERS = passage(
            "p2", "The last keeper retired in 1911 and moved to the harbour town.", Map.of("source", "keepers.html"));
    private static final String ANSWER = LIGHT + " [1]. The keeper retired, in 1911, to the town harbour [2]. Shall I"
            + " tell you more about boats?";

    private final ProvenanceRecord record = ProvenanceRecord.of(interaction(ANSWER, CAPES, KEEPERS));

    @Test
    @DisplayName("each sentence is given to the passage that has most of it, or to the model")
    void givesSentencesToPassages() {
        assertThat(record.sentences())
                .extracting(Sentence::origin, Sentence::passageId)
                .containsExactly(
                        tuple(Origin.QUOTED, Optional.of("p1")),
                        tuple(Origin.DERIVED, Optional.of("p2")),
                        tuple(Origin.MODEL, Optional.empty()));
        assertThat(record.sentences().get(0).copied()).isGreaterThan(0.9);
        assertThat(record.sentences().get(1).aligned()).isEqualTo(1);
    }

    @Test
    void namesModelReleasePromptAndLicences() {
        assertThat(record.models()).containsExactly("small-model");
        assertThat(record.release()).contains(Hash.ofUtf8("release"));
        assertThat(record.prompt().orElseThrow()).hasToString("support@3");
        assertThat(record.snapshotId()).contains("snapshot-9");
        assertThat(record.sources())
                .extracting(ProvenanceRecord.Source::licence)
                .containsExactly(Optional.of("CC-BY-4.0"), Optional.empty());
        assertThat(record.sources().get(0).text()).isEqualTo(Hash.ofUtf8(CAPES.text()));
    }

    @Test
    void isTheSameOfAnAnswer() {
        Interaction interaction = interaction(ANSWER, CAPES, KEEPERS);

        assertThat(ProvenanceRecord.of(new Answer(new Outcome.Answered(ANSWER), interaction)))
                .isEqualTo(record);
    }

    @Test
    void goesIntoJsonAndBack() {
        ProvenanceRecord edited = record.withHumanEdit("Something else, in 1911.");

        assertThat(ProvenanceRecord.fromJson(record.toJson())).isEqualTo(record);
        assertThat(ProvenanceRecord.fromJson(edited.toJson())).isEqualTo(edited);
        assertThat(edited.hash()).isNotEqualTo(record.hash());
        assertThat(record.toJson()).contains("\"hash\":\"" + record.hash().hex() + "\"");
    }

    @Test
    @DisplayName("a record that was changed, cut or is of a later format is damage with the reason")
    void refusesWhatItDidNotWrite() {
        String json = record.toJson();

        assertThatThrownBy(() -> ProvenanceRecord.fromJson(json.replace("small-model", "large-model")))
                .isInstanceOf(DamagedDataException.class)
                .hasMessage("provenance record, the whole text: its hash does not fit its content; take it again from"
                        + " where it was stored");
        assertThatThrownBy(() -> ProvenanceRecord.fromJson(json.substring(0, 40)))
                .isInstanceOf(DamagedDataException.class);
        assertThatThrownBy(() -> ProvenanceRecord.fromJson(json.replace("\"format\":1", "\"format\":2")))
                .isInstanceOf(DamagedDataException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void countsWhatAPersonChanged() {
        ProvenanceRecord brief = ProvenanceRecord.of(interaction("one two three four five"));

        ProvenanceRecord.HumanEdit edit =
                brief.withHumanEdit("One, two! 3 four five and six.").edit().orElseThrow();

        assertThat(edit).isEqualTo(new ProvenanceRecord.HumanEdit("One, two! 3 four five and six.", 4, 3, 1));
        assertThat(edit.keptShare()).isEqualTo(0.8);
        assertThat(edit.humanShare()).isEqualTo(3 / 7.0);
        assertThat(brief.withHumanEdit("").edit().orElseThrow().humanShare()).isZero();
        assertThat(brief.withHumanEdit("x")
                        .withHumanEdit("one two three four five")
                        .edit()
                        .orElseThrow()
                        .keptShare())
                .isEqualTo(1);
    }

    @Test
    void showsItselfToPeople() {
        assertThat(record.withHumanEdit(ANSWER + " No.").toText())
                .isEqualTo(LIGHT + " [1].\n    quoted from [1], 95 % word for word\n"
                        + "The keeper retired, in 1911, to the town harbour [2].\n"
                        + "    after [2], 100 % of its content words\n"
                        + "Shall I tell you more about boats?\n    the model's own words\n"
                        + "\nSources\n  [1] Capes, A. Keeper, capes.html, licence CC-BY-4.0\n"
                        + "  [2] keepers.html, licence not known\n"
                        + "\nMade by\n  model small-model\n  release "
                        + Hash.ofUtf8("release").hex() + "\n  prompt support@3\n  asked at " + ASKED
                        + ", interaction i-1\n  then edited by a person: 39 words kept, 1 inserted, 0 deleted; 3 % of"
                        + " the words are the person's\nRecord "
                        + record.withHumanEdit(ANSWER + " No.").hash().hex() + "\n");
    }

    @Test
    void takesNoSingleWordForAQuotation() {
        Passage passage = passage("p1", "Whether that is so, nobody knows. Very old boats rot.", Map.of());

        assertThat(ProvenanceRecord.of(interaction("Nobody. Very old boats.", passage))
                        .sentences())
                .extracting(Sentence::copied)
                .containsExactly(0.0, 1.0);
    }

    @Test
    void staysLinearOnAMegabyte() {
        String answer = "The keeper of the lighthouse sleeps. ".repeat(28_000);
        Interaction lengthy = interaction(answer, CAPES, passage("p3", answer, Map.of()));

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            ProvenanceRecord record = ProvenanceRecord.of(lengthy).withHumanEdit(answer + "Or does not.");
            assertThat(record.sentences()).hasSize(28_000).allMatch(each -> each.origin() == Origin.QUOTED);
            assertThat(record.edit().orElseThrow().inserted()).isEqualTo(3);
        });
    }

    @Test
    void recordsWhatHasNoPassagesNoReleaseAndBrokenCharacters() {
        Interaction bare = Interaction.builder("i-2", ASKED, "q")
                .outcome("blocked", "No \uD800 answer.")
                .build();

        ProvenanceRecord broken = ProvenanceRecord.of(bare);

        assertThat(broken.answer()).isEqualTo("No \uFFFD answer.");
        assertThat(ProvenanceRecord.fromJson(broken.toJson())).isEqualTo(broken);
        assertThat(broken.toText()).contains("model none named", "release none", "prompt none");
        assertThat(ProvenanceRecord.of(Interaction.builder("i-3", ASKED, "q")
                                .outcome("cancelled", "")
                                .build())
                        .sentences())
                .isEqualTo(List.of());
    }
}
