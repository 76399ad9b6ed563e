package dev.llmlifecycle.core.app;

import java.util.List;

import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.core.prompt.StructuredOutput;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Answers in the form of a record, on the whole way of a question. */
@NullMarked
@Timeout(60)
final class LlmAppStructuredOutputTest {

    record Refund(int days, List<String> conditions) {}

    private final StructuredOutput<Refund> refunds = StructuredOutput.of(Refund.class);

    private Answer ask(ScriptedModel model) {
        try (LlmApp app = Given.app(model)
                .prompt(ChatPromptTemplate.builder("refund")
                        .user("{{question}}")
                        .outputSchema(refunds.jsonSchema())
                        .build())
                .outputValidator(refunds.validator())
                .build()) {
            return app.ask("How long does a refund take?");
        }
    }

    @Test
    void theModelIsAskedAgainWithThePlaceOfItsMistakeAndTheSameFormat() {
        ScriptedModel model = ScriptedModel.saying(
                "{\"days\": \"fourteen\", \"conditions\": []}", "{\"days\": 14, \"conditions\": []}");

        Answer answer = ask(model);

        assertThat(refunds.read(answer.orElseThrow())).isEqualTo(new Refund(14, List.of()));
        assertThat(model.requests).hasSize(2).allSatisfy(request -> {
            assertThat(request.responseFormat().type()).isEqualTo(ResponseFormatType.JSON);
            assertThat(request.responseFormat().jsonSchema().rootElement())
                    .isEqualTo(JsonRawSchema.from(refunds.jsonSchema()));
        });
        assertThat(ScriptedModel.texts(model.requests.get(1)))
                .last()
                .isEqualTo("Your answer is not the JSON that was asked for: at $.days it is not a whole number that int"
                        + " holds. Answer again with the whole JSON and nothing else.");
    }

    @Test
    void anAnswerThatStaysUnreadableEndsInTheFallback() {
        Answer answer = ask(ScriptedModel.saying("Fourteen days."));

        assertThat(answer.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Blocked.class,
                        blocked -> assertThat(blocked.validator()).isEqualTo("structured-output"));
        assertThat(answer.findings().get(0).message())
                .isEqualTo("The answer is no Refund: at $ it is not valid JSON (line 1, column 1)");
    }

    @Test
    void listsOfNumbersAreNoCitationsAndMarksInTextsAre() {
        RecordedEvents events = new RecordedEvents();
        String json = "{\"days\": 14, \"pages\": [1, 7], \"conditions\": [\"the \\\"seal\\\" is whole [2]\"]}";
        try (LlmApp app = Given.app(ScriptedModel.saying(json))
                .prompt(ChatPromptTemplate.builder("refund")
                        .user("{{passages}}\n{{question}}")
                        .outputSchema(refunds.jsonSchema())
                        .build())
                .retriever(Given.retriever(Given.REFUNDS, Given.RETURNS))
                .build()) {
            Answer answer = app.stream(Question.of("How long does a refund take?"), events)
                    .completion()
                    .join();

            assertThat(answer.citations()).containsExactly(new Citation(2, "returns#1", "returns.md"));
            assertThat(answer.findings()).isEmpty();
            assertThat(events.of(AnswerEvent.Cited.class)).isEmpty();
        }
    }

    @Test
    void aPromptWithoutASchemaAsksForNoFormat() {
        ScriptedModel model = ScriptedModel.saying("Fourteen days.");
        try (LlmApp app = Given.app(model).build()) {
            Answer answer = app.ask("How long does a refund take?");

            assertThat(answer.isAnswered()).isTrue();
        }
        assertThat(model.requests.get(0).responseFormat()).isNull();
    }
}
