package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.Map;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.core.reasoning.CheckedReasoning;
import dev.llmlifecycle.core.reasoning.Reasoning;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class LlmAppReasoningTest {

    private static List<Map<String, String>> steps(Answer answer, String type) {
        return answer.interaction().steps().stream()
                .filter(step -> step.type().equals(type))
                .map(Step::attributes)
                .toList();
    }

    private static Answer ask(LlmApp.Builder builder) {
        return builder.build().ask(Question.of("What is 4 * 3 + 1?"));
    }

    @Test
    @DisplayName("a repaired chain: the user sees the answer, the interaction every step")
    void checked() {
        ScriptedModel model = ScriptedModel.saying(
                "1. 4 * 3 = 11\n2. 11 + 1 = 12\nAnswer: 12", "1. 4 * 3 = 12\n2. 12 + 1 = 13\nAnswer: 13");

        Answer answer = ask(Given.app(model).reasoning(Reasoning.checked(StepChecker.standard())));

        assertThat(answer.text()).isEqualTo("13");
        assertThat(answer.interaction().inputTokens()).isEqualTo(200);
        assertThat(steps(answer, Step.REASONING_STEP))
                .extracting(step -> step.get("state"))
                .startsWith("CORRECT", "CORRECT");
        assertThat(steps(answer, Step.REASONING))
                .singleElement()
                .satisfies(step -> assertThat(step)
                        .containsEntry("strategy", "checked-reasoning")
                        .containsEntry("repairs", "1"));
    }

    @Test
    @DisplayName("a chain that stays wrong is an outcome and no exception, even where the host wants it to fail")
    void failsAsAnOutcome() {
        ScriptedModel model = ScriptedModel.saying("1. 4 * 3 = 11\n2. 11 + 1 = 12\nAnswer: 12");

        Answer answer = ask(Given.app(model)
                .reasoning(CheckedReasoning.builder(StepChecker.standard())
                        .failWhenWrong()
                        .build()));

        assertThat(answer.outcome()).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void tools() {
        ScriptedModel model = ScriptedModel.doing(request -> ChatResponse.builder()
                        .aiMessage(AiMessage.from(ToolExecutionRequest.builder()
                                .id("1")
                                .name("sum")
                                .arguments("{}")
                                .build()))
                        .build())
                .then(request -> ScriptedModel.response("Answer: 13"));

        Answer answer = ask(Given.app(model)
                .reasoning(Reasoning.tools()
                        .tool(ToolSpecification.builder().name("sum").build(), request -> "13")
                        .build()));

        assertThat(answer.text()).isEqualTo("13");
        assertThat(steps(answer, Step.TOOL_CALL))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("state", "called"));
    }
}
