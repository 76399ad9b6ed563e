package dev.llmlifecycle.core.app;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.conversation.Conversations;
import dev.llmlifecycle.core.conversation.InMemoryConversationStore;
import dev.llmlifecycle.core.validation.legal.EvidenceReport;
import dev.llmlifecycle.core.validation.legal.Jurisdiction;
import dev.llmlifecycle.core.validation.legal.LegalValidators;
import dev.llmlifecycle.core.validation.legal.ProvenanceRecord;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Legal rules in an application: which turn an answer belongs to, and what is recorded. */
@NullMarked
@Timeout(60)
final class LlmAppLegalTest {

    private static final String DISCLOSURE = "You are talking to an AI system, not to a person.\n\n";

    private final List<String> turns = new ArrayList<>();
    private final Validator watching = Given.validator("watching", Validator.Scope.ANSWER, (text, context) -> {
        turns.add(context.attributes().getOrDefault("turn", "none"));
        return ValidationOutcome.pass();
    });

    @Test
    @DisplayName("the first answer of a conversation discloses the machine, the second does not")
    void disclosesOnceInAConversation() {
        Memories memories = new Memories();
        try (LlmApp app = Given.app(ScriptedModel.saying("Five days.", "Yes.", "Five days."))
                .memory(memories::memory)
                .outputValidator(watching)
                .outputValidator(LegalValidators.machineDisclosure(Jurisdiction.shipped("EU"))
                        .build())
                .build()) {
            assertThat(ask(app, "c1").text()).isEqualTo(DISCLOSURE + "Five days.");
            assertThat(ask(app, "c1").text()).isEqualTo("Yes.");
            assertThat(ask(app, "c2").text()).isEqualTo(DISCLOSURE + "Five days.");
        }
        assertThat(turns).containsExactly("1", "2", "1");
    }

    @Test
    void countsTurnsOfStoredConversations() {
        try (LlmApp app = Given.app(ScriptedModel.saying("Five days.", "Yes."))
                .conversations(Conversations.builder(
                                InMemoryConversationStore.builder().build())
                        .build())
                .outputValidator(watching)
                .build()) {
            ask(app, "c1");
            ask(app, "c1");
            app.ask(Question.of("How long?"));
        }
        assertThat(turns).containsExactly("1", "2", "none");
    }

    @Test
    void keepsATurnThatTheHostCounts() {
        try (LlmApp app = Given.app(ScriptedModel.saying("Five days."))
                .memory(new Memories()::memory)
                .outputValidator(watching)
                .build()) {
            app.ask(Question.builder("How long?")
                    .conversationId("c1")
                    .attribute("turn", "7")
                    .build());
        }
        assertThat(turns).containsExactly("7");
    }

    @Test
    void disclosesInAStream() {
        RecordedEvents events = new RecordedEvents();
        try (LlmApp app = Given.app(ScriptedModel.saying("unused"))
                .streamingModel(ScriptedModel.IDENTITY, ScriptedStream.of(List.of("Five", " days.")))
                .outputValidator(LegalValidators.machineDisclosure(Jurisdiction.shipped("EU"))
                        .build())
                .build()) {
            assertThat(app.stream(Question.of("How long?"), events)
                            .completion()
                            .join()
                            .text())
                    .isEqualTo(DISCLOSURE + "Five days.");
        }
        assertThat(events.of(AnswerEvent.Retracted.class)).isNotEmpty();
    }

    @Test
    @DisplayName("an expired passage never reaches the prompt, and the rest is recorded and reported")
    void leavesOutPassagesAndKeepsTheRecord() {
        List<Interaction> recorded = new ArrayList<>();
        Passage expired = passage("old#1", "Refunds took 30 days.", Map.of("retainUntil", "2025-12-31"));
        Passage valid = passage(
                "new#1",
                "Refunds are paid within 14 days of the day on which we receive the parcel.",
                Map.of("licence", "CC-BY-4.0", "source", "refunds.md", "retainUntil", "2027-12-31"));
        ScriptedModel model =
                ScriptedModel.saying("Refunds are paid within 14 days of the day on which we receive the parcel [1].");
        try (LlmApp app = Given.app(model)
                .retriever(Given.retriever(expired, valid))
                .passageValidator(
                        LegalValidators.consent(Clock.fixed(Instant.parse("2026-03-01T00:00:00Z"), ZoneOffset.UTC))
                                .build())
                .outputValidator(LegalValidators.quotation().build())
                .interactions(recorded::add)
                .build()) {
            Answer answer = app.ask(Question.of("How long does a refund take?"));

            assertThat(answer.text()).endsWith("[1].\n\nSources:\n- refunds.md, licence CC-BY-4.0");
            assertThat(ScriptedModel.texts(model.requests.get(0))).noneMatch(text -> text.contains("30 days"));
            ProvenanceRecord record = ProvenanceRecord.of(answer);
            assertThat(record.sources())
                    .extracting(ProvenanceRecord.Source::passageId)
                    .containsExactly("new#1");
            assertThat(record.sentences().get(0).origin()).isEqualTo(ProvenanceRecord.Origin.QUOTED);
            assertThat(record.release()).isEqualTo(answer.release());
        }
        EvidenceReport report = EvidenceReport.of(Jurisdiction.shipped("EU"), recorded);
        assertThat(report.unchecked())
                .extracting(Jurisdiction.Rule::id)
                .containsExactly("ai-act-50-1", "ai-act-50-2", "gdpr-5-1-c");
        assertThat(report.rules().get(3).checks())
                .extracting(EvidenceReport.Check::findings)
                .containsExactly(1);
    }

    private static Passage passage(String id, String text, Map<String, String> metadata) {
        return new Passage(id, TextSegment.from(text, Metadata.from(metadata)), 0.5);
    }

    private static Answer ask(LlmApp app, String conversation) {
        return app.ask(
                Question.builder("How long?").conversationId(conversation).build());
    }
}
