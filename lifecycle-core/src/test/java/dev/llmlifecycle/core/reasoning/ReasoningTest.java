package dev.llmlifecycle.core.reasoning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ReasoningTest {

    private static String reason(ReasoningStrategy strategy, ScriptedCalls calls) {
        return strategy.reason(ScriptedCalls.REQUEST, calls);
    }

    private static List<ReasoningStrategy> all(Reasoning.Builder builder) {
        AnswerScorer scorer = AnswerScorer.of(Identity.of("s", "1"), (question, answer) -> 0);
        AnswerCritic critic = AnswerCritic.of(Identity.of("c", "1"), (question, answer) -> Optional.of("more"));
        return List.of(
                builder.direct(),
                builder.chainOfThought(),
                builder.fewShotChainOfThought(),
                builder.planAndSolve(),
                builder.leastToMost(),
                builder.selfConsistency(5, 0.95),
                builder.bestOf(5, scorer),
                builder.refine(critic, 5),
                CheckedReasoning.builder(StepChecker.standard())
                        .settings(builder)
                        .maxRepairs(5)
                        .build());
    }

    @Test
    @DisplayName("the user sees the answer and not the chain of thought")
    void chainOfThought() {
        ScriptedCalls calls = ScriptedCalls.saying("1. Two and two.\nAnswer: 4");

        assertThat(reason(Reasoning.chainOfThought(), calls)).isEqualTo("4");
        assertThat(calls.purposes).containsExactly("think");
        assertThat(calls.asked(0)).startsWith("How many?\n\n").contains("Answer:");
        assertThat(calls.requests.get(0).messages()).hasSize(2);
        assertThat(calls.of("thought").get(0)).containsEntry("thoughts", "1. Two and two.");
        assertThat(calls.conclusion()).containsEntry("calls", "1").containsEntry("tokens", "100");
    }

    @Test
    void asksOnceMoreForAnAnswerThatIsNotMarked() {
        ScriptedCalls calls = ScriptedCalls.saying("Two and two are four.", "Answer: 4");

        assertThat(reason(Reasoning.chainOfThought(), calls)).isEqualTo("4");
        assertThat(calls.requests.get(1).messages()).hasSize(4);
    }

    @Test
    @DisplayName("what the model returns as thinking is kept apart, and kept at all only where that is wanted")
    void thinking() {
        ScriptedCalls calls = new ScriptedCalls()
                .then(AiMessage.builder()
                        .text("Answer: 4")
                        .thinking("secret thought")
                        .build());

        assertThat(reason(Reasoning.fewShotChainOfThought(), calls)).isEqualTo("4");
        assertThat(calls.of("thought").get(0)).containsEntry("thinking", "secret thought");
        assertThat(calls.asked(0)).isEqualTo("How many?");

        ScriptedCalls silent = new ScriptedCalls()
                .then(AiMessage.builder()
                        .text("Hm.\nAnswer: 4")
                        .thinking("secret thought")
                        .build());
        reason(Reasoning.builder().keepThoughts(false).chainOfThought(), silent);
        assertThat(silent.recorded.toString()).doesNotContain("secret").doesNotContain("Hm.");
    }

    @Test
    void directStreamsItsOneCall() {
        ScriptedCalls calls = ScriptedCalls.saying("4");

        assertThat(reason(Reasoning.direct(), calls)).isEqualTo("4");
        assertThat(calls.purposes).containsExactly("answer");
    }

    @Test
    void planAndSolve() {
        ScriptedCalls calls = ScriptedCalls.saying("Plan:\n1. Add.\nAnswer: 4");

        assertThat(reason(Reasoning.planAndSolve(), calls)).isEqualTo("4");
        assertThat(calls.asked(0)).contains("plan");
    }

    @Nested
    final class SelfConsistency {

        @Test
        @DisplayName("stops when the majority is settled, and says how many calls that saved")
        void stopsEarly() {
            ScriptedCalls calls =
                    ScriptedCalls.saying("Answer: 4", "Answer: 5", "Answer: 4.0", "Answer: $4", "Answer: 4");

            assertThat(reason(Reasoning.builder().selfConsistency(10, 0.85), calls))
                    .isEqualTo("4");
            assertThat(calls.conclusion())
                    .containsEntry("samples", "5")
                    .containsEntry("callsSaved", "5")
                    .containsEntry("share", "0.8");
            assertThat(calls.requests.get(0).temperature()).isEqualTo(0.7);
        }

        @Test
        void aTemperatureOfTheHostIsKept() {
            ScriptedCalls calls = ScriptedCalls.saying("Answer: 4");
            ChatRequest request =
                    ScriptedCalls.REQUEST.toBuilder().temperature(0.2).build();

            Reasoning.selfConsistency(3).reason(request, calls);

            assertThat(calls.requests).hasSize(2);
            assertThat(calls.requests.get(0).temperature()).isEqualTo(0.2);
        }

        @Test
        void endsWithTheBudget() {
            ScriptedCalls calls = ScriptedCalls.saying("Answer: 1", "Answer: 2", "Answer: 2", "Answer: 3");

            assertThat(reason(Reasoning.builder().maxTokens(250).selfConsistency(20, 0.99), calls))
                    .isEqualTo("2");
            assertThat(calls.requests).hasSize(3);
            assertThat(calls.conclusion()).containsEntry("settled", "false");
        }
    }

    @Test
    void leastToMost() {
        ScriptedCalls calls = ScriptedCalls.saying("1. How many a?\n2. How many b?", "Two.", "Three.", "Answer: 5");

        assertThat(reason(Reasoning.leastToMost(), calls)).isEqualTo("5");
        assertThat(calls.asked(1)).contains("How many a?");
        assertThat(calls.asked(2)).contains("Known: How many a?\nTwo.").contains("How many b?");
        assertThat(calls.conclusion()).containsEntry("subQuestions", "2");
    }

    @Test
    void bestOf() {
        ScriptedCalls calls = ScriptedCalls.saying("2 + 2 = 5\nAnswer: 5", "2 + 2 = 4\nAnswer: 4", "So.\nAnswer: 6");
        ReasoningStrategy best = Reasoning.bestOf(3, AnswerScorer.bySteps(StepChecker.standard()));

        assertThat(reason(best, calls)).isEqualTo("4");
        assertThat(calls.requests).hasSize(3);
    }

    @Test
    void refine() {
        AnswerCritic critic = AnswerCritic.of(
                Identity.of("long", "1"),
                (question, answer) -> answer.answer().length() > 3 ? Optional.of("too long") : Optional.empty());
        ScriptedCalls calls = ScriptedCalls.saying("Answer: four of them", "Answer: 4");

        assertThat(reason(Reasoning.refine(critic), calls)).isEqualTo("4");
        assertThat(calls.asked(1)).contains("too long");
        assertThat(calls.conclusion()).containsEntry("rounds", "1").containsEntry("content", "true");

        ScriptedCalls stubborn = ScriptedCalls.saying("Answer: four of them");
        assertThat(reason(Reasoning.builder().refine(critic, 9), stubborn)).isEqualTo("four of them");
        assertThat(stubborn.requests).as("an answer that comes again ends it").hasSize(2);
    }

    @Nested
    final class Checked {

        private static final String WRONG = "1. 2 + 2 = 4\n2. 4 * 3 = 11\n3. 11 + 1 = 12\nAnswer: 12";

        @Test
        @DisplayName("only what follows the verified steps is asked again, with what is wrong")
        void repairs() {
            ScriptedCalls calls = ScriptedCalls.saying(WRONG, "2. 4 * 3 = 12\n3. 12 + 1 = 13\nAnswer: 13");
            List<String> states = new ArrayList<>();
            ReasoningStrategy strategy = CheckedReasoning.builder(StepChecker.standard())
                    .listener((question, steps) -> steps.steps()
                            .forEach(step -> states.add(step.state().name())))
                    .build();

            assertThat(reason(strategy, calls)).isEqualTo("13");
            assertThat(calls.requests.get(1).messages().get(2)).isEqualTo(AiMessage.from("1. 2 + 2 = 4\n"));
            assertThat(calls.asked(1)).contains("4 * 3 = 11 does not hold; right is 12");
            assertThat(states).containsExactly("CORRECT", "CORRECT", "CORRECT", "UNCHECKED");
            assertThat(calls.steps()).hasSize(4);
            assertThat(calls.steps().get(0)).containsEntry("state", "CORRECT").containsEntry("checkedBy", "arithmetic");
            assertThat(calls.conclusion()).containsEntry("repairs", "1").containsEntry("wrong", "0");
        }

        @Test
        void aStepThatComesAgainEndsTheRepair() {
            ScriptedCalls calls = ScriptedCalls.saying(WRONG, "2. 4 * 3 = 11\nAnswer: 11");

            assertThat(reason(Reasoning.checked(StepChecker.standard()), calls)).isEqualTo("11");
            assertThat(calls.requests).hasSize(2);
            assertThat(calls.conclusion()).containsEntry("wrong", "1");
            assertThat(calls.steps().get(1)).containsEntry("state", "WRONG").containsKey("evidence");
        }

        @Test
        void failsWhereTheHostWantsThat() {
            ReasoningStrategy strategy = CheckedReasoning.builder(StepChecker.standard())
                    .maxRepairs(0)
                    .failWhenWrong()
                    .build();

            assertThatExceptionOfType(dev.llmlifecycle.api.LifecycleException.class)
                    .isThrownBy(() -> reason(strategy, ScriptedCalls.saying(WRONG)))
                    .withMessage(
                            "Step 2 of the reasoning is wrong after 0 repairs; allow more, or answer nevertheless by"
                                    + " leaving out failWhenWrong");
        }
    }

    @Test
    @DisplayName("no strategy makes more calls than its budget allows")
    void budgets() {
        for (int most = 1; most <= 4; most++) {
            for (ReasoningStrategy strategy : all(Reasoning.builder().maxCalls(most))) {
                ScriptedCalls calls = ScriptedCalls.saying("1. 1 + 1 = 3", "2. 1 + 1 = 4", "a", "b", "c", "d", "e");
                assertThat(reason(strategy, calls))
                        .as(strategy.identity().name())
                        .isNotEmpty();
                assertThat(calls.requests.size()).as(strategy.identity().name()).isBetween(1, most);
            }
        }
    }

    @Test
    @DisplayName("where the host asked for JSON, nothing stands before it")
    void structured() {
        ChatRequest request = ScriptedCalls.REQUEST.toBuilder()
                .responseFormat(ResponseFormat.JSON)
                .build();
        for (ReasoningStrategy strategy : all(Reasoning.builder())) {
            ScriptedCalls calls = ScriptedCalls.saying("{\"n\": 4}");
            assertThat(strategy.reason(request, calls)).isEqualTo("{\"n\": 4}");
            assertThat(calls.purposes).as(strategy.identity().name()).containsExactly("answer");
        }
    }

    @Test
    void identitiesCoverSettings() {
        List<Identity> identities = new ArrayList<>();
        all(Reasoning.builder()).forEach(each -> identities.add(each.identity()));
        all(Reasoning.builder().maxCalls(3)).forEach(each -> identities.add(each.identity()));
        identities.add(Reasoning.builder().selfConsistency(6, 0.95).identity());
        identities.add(Reasoning.builder().selfConsistency(6, 0.9).identity());

        assertThat(identities).doesNotHaveDuplicates();
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reasoning.builder().maxCalls(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reasoning.builder().maxTokens(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reasoning.builder().temperature(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Reasoning.selfConsistency(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Reasoning.builder().selfConsistency(3, 0.5));
    }

    @Test
    void aQuestionThatIsNoMessageOfTheUser() {
        ChatRequest request =
                ChatRequest.builder().messages(AiMessage.from("Hello")).build();
        ScriptedCalls calls = ScriptedCalls.saying("Answer: 4");

        assertThat(Reasoning.chainOfThought().reason(request, calls)).isEqualTo("4");
        assertThat(calls.requests.get(0).messages().get(1)).isInstanceOf(UserMessage.class);
        assertThat(Map.copyOf(calls.conclusion())).containsKey("strategy");
    }
}
