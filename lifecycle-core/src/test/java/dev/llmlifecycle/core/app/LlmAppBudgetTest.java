package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.prompt.PassageBlock;
import dev.llmlifecycle.core.prompt.PromptBudget;
import dev.llmlifecycle.core.prompt.PromptTooLongException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Prompts that keep to a budget, on the whole way of a question. */
@NullMarked
@Timeout(60)
final class LlmAppBudgetTest {

    private static final String LONG = "The customer wrote at length about the parcel. ".repeat(10);

    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(1_000);
    private final List<Interaction> recorded = new ArrayList<>();
    private final List<Integer> validated = new CopyOnWriteArrayList<>();

    private Answer ask(ScriptedModel model, PromptBudget budget, String text) {
        for (int i = 0; i < 30; i++) {
            memory.add(UserMessage.from("Question " + i + ". " + LONG), AiMessage.from(LONG));
        }
        Passage[] passages = IntStream.rangeClosed(1, 20)
                .mapToObj(i -> Given.passage("doc" + i + "#1", "Passage " + i + ". " + LONG))
                .toArray(Passage[]::new);
        try (LlmApp app = Given.app(model)
                .memory(id -> memory)
                .retriever(Given.retriever(passages))
                .outputValidator(Given.validator("counting", Validator.Scope.ANSWER, (answer, context) -> {
                    validated.add(context.passages().size());
                    return ValidationOutcome.pass();
                }))
                .interactions(recorded::add)
                .budget(budget)
                .build()) {
            return app.ask(Question.builder(text).conversationId("c1").build());
        }
    }

    private Map<String, String> renderStep() {
        return recorded.get(0).steps().stream()
                .filter(step -> step.type().equals(Step.RENDER))
                .findFirst()
                .orElseThrow()
                .attributes();
    }

    @Test
    void aLongConversationAndManyPassagesAreShortenedAndTheRecordSaysSo() {
        ScriptedModel model = ScriptedModel.saying("As one says [2] and another [20].");
        PromptBudget budget = PromptBudget.builder(3_000).reserve(500).build();

        Answer answer = ask(model, budget, "Where is it?");

        String prompt = ScriptedModel.texts(model.requests.get(0)).get(0);
        List<PassageBlock.Numbered> given = PassageBlock.read(prompt);
        assertThat(given).isNotEmpty().hasSizeLessThan(20);
        assertThat(given.get(1).source()).isEqualTo("doc2.md");
        assertThat(ScriptedModel.texts(model.requests.get(0))).hasSize(2).last().isEqualTo("Where is it?");
        // a citation means what the model was shown, not what was found
        assertThat(answer.citations()).containsExactly(new Citation(2, "doc2#1", "doc2.md"));
        assertThat(answer.findings()).extracting(Finding::code).containsExactly("citation-unknown");
        assertThat(validated).containsExactly(given.size());
        assertThat(answer.interaction().passages()).hasSize(20);
        assertThat(renderStep())
                .containsEntry("leftOut.history", "30")
                .containsEntry("leftOut.passages", Integer.toString(20 - given.size()))
                .containsEntry("promptTokenLimit", "2500")
                .doesNotContainKey("leftOut.examples")
                .containsKeys("leftOut.history.tokens", "leftOut.passages.tokens", "promptTokens");
        assertThat(Integer.parseInt(renderStep().get("promptTokens"))).isBetween(2_200, 2_500);
        assertThat(recorded.get(0).toString()).doesNotContain(LONG + LONG);
    }

    @Test
    void abstainsWhenNoPassageFits() {
        ScriptedModel model = ScriptedModel.saying("never");
        PromptBudget none = PromptBudget.builder(200)
                .reserve(50)
                .keepAtLeast(PromptBudget.Kind.PASSAGES, 0)
                .build();

        Answer answer = ask(model, none, "Where is it?");

        assertThat(answer.outcome()).isInstanceOf(Outcome.Abstained.class);
        assertThat(renderStep()).containsEntry("leftOut.passages", "20");
        assertThat(model.requests).isEmpty();
    }

    @Test
    void whatFitsIsNotShortened() {
        ScriptedModel model = ScriptedModel.saying("Yes [20].");

        Answer answer = ask(model, PromptBudget.builder(1_000_000).build(), "Is it here?");

        assertThat(ScriptedModel.texts(model.requests.get(0))).hasSize(62);
        assertThat(answer.citations()).containsExactly(new Citation(20, "doc20#1", "doc20.md"));
        assertThat(renderStep().keySet()).noneMatch(name -> name.startsWith("leftOut"));
    }

    @Test
    void aQuestionThatIsTooLongFailsBeforeTheModelIsAsked() {
        ScriptedModel model = ScriptedModel.saying("never");

        Answer answer = ask(model, PromptBudget.builder(3_000).reserve(500).build(), "secret ".repeat(3_000));

        assertThat(answer.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.step()).isEqualTo(Step.RENDER);
            assertThat(failed.cause()).containsInstanceOf(PromptTooLongException.class);
            assertThat(failed.text())
                    .startsWith("Fitting the prompt 'grounded-answer' into 2500 tokens, beside 500 for the answer")
                    .contains("texts and values", "passages")
                    .doesNotContain("secret");
        });
        assertThat(model.requests).isEmpty();
    }

    @Test
    void theBudgetIsPartOfTheRelease() {
        LlmApp.Builder builder = Given.app(ScriptedModel.saying("a"));
        try (LlmApp without = Given.app(ScriptedModel.saying("a")).build();
                LlmApp small = Given.app(ScriptedModel.saying("a"))
                        .budget(PromptBudget.builder(2_000).build())
                        .build();
                LlmApp large =
                        builder.budget(PromptBudget.builder(3_000).build()).build()) {
            assertThat(List.of(
                            without.release().hash(),
                            small.release().hash(),
                            large.release().hash()))
                    .doesNotHaveDuplicates();
            assertThat(small.release().parts())
                    .containsEntry("budget", PromptBudget.builder(2_000).build().identity());
        }
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        builder.budget(PromptBudget.builder(4_000).build()).build())
                .withMessageContaining("2 parts for the role 'budget'");
    }
}
