package dev.llmlifecycle.core.reasoning;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.reasoning.steps.CheckedSteps;
import dev.llmlifecycle.core.reasoning.steps.ReasoningStep;
import dev.llmlifecycle.core.reasoning.steps.StepCheck;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepContext;
import dev.llmlifecycle.core.reasoning.steps.StepLabels;
import dev.llmlifecycle.core.reasoning.steps.StepState;
import dev.llmlifecycle.core.reasoning.steps.StepValidator;
import dev.llmlifecycle.core.reasoning.steps.StepValidators;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of the page on reasoning. */
@NullMarked
final class ReasoningGuideTest {

    @Test
    void strategies() {
        ToolSpecification stockOf = ToolSpecification.builder()
                .name("stock")
                .parameters(JsonObjectSchema.builder().addStringProperty("item").build())
                .build();
        ToolExecutor executor = (request, memoryId) -> "7";
        // docs:begin strategies
        ReasoningStrategy votes =
                Reasoning.builder().maxCalls(8).maxTokens(20_000).selfConsistency(8, 0.95);

        ReasoningStrategy best = Reasoning.bestOf(4, AnswerScorer.bySteps(StepChecker.standard()));

        ReasoningStrategy tools = Reasoning.tools()
                .tool(stockOf, request -> executor.execute(request, "stock"))
                .maxToolCalls(6)
                .build();
        // docs:end strategies
        assertThat(List.of(votes.identity(), best.identity(), tools.identity())).doesNotHaveDuplicates();
    }

    @Test
    void steps() {
        // docs:begin steps
        StepValidator house = StepValidator.of(
                Identity.of("no-guess", "1"),
                (step, context) -> step.text().contains("I guess")
                        ? StepCheck.wrong("no-guess", "a guess is no step")
                        : StepCheck.unchecked("no-guess", "says nothing of guesses"));
        StepChecker checker = StepChecker.builder()
                .validator(StepValidators.arithmetic())
                .validator(StepValidators.consistency())
                .validator(house)
                .build();

        CheckedSteps checked =
                checker.check("1. 16 - 3 - 4 = 9 eggs\n2. 9 * 2 = $19\nAnswer: 19", StepContext.of("How much?"));

        StepCheck failure = checked.firstWrong().orElseThrow().failure().orElseThrow();
        assertThat(failure.evidence()).isEqualTo("9 * 2 = $19 does not hold");
        assertThat(failure.expected()).contains("18");
        // docs:end steps
        assertThat(checked.count(StepState.CORRECT)).isEqualTo(1);
        assertThat(checked.steps().get(0).step())
                .extracting(ReasoningStep::label)
                .isEqualTo("1.");
    }

    @Test
    void labels() {
        // docs:begin checked
        List<CheckedSteps> chains = new ArrayList<>();
        StepLabels.Builder labels = StepLabels.builder();
        ReasoningStrategy checked = CheckedReasoning.builder(StepChecker.standard())
                .settings(Reasoning.builder().maxCalls(4))
                .maxRepairs(3)
                .listener((question, chain) -> chains.add(chain))
                .build();
        // docs:end checked
        checked.reason(ScriptedCalls.REQUEST, ScriptedCalls.saying("1. 1 + 1 = 2\nAnswer: 2"));
        chains.forEach(chain -> labels.add("How many?", chain));
        assertThat(labels.build().rows()).hasSize(1);
    }
}
