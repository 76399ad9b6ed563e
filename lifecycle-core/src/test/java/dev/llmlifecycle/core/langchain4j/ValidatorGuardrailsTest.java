package dev.llmlifecycle.core.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.InputGuardrailException;
import dev.langchain4j.guardrail.InputGuardrailRequest;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class ValidatorGuardrailsTest {

    private static final String QUESTION = "How long does a refund take?";
    private static final ContentRetriever REFUNDS = query -> List.of(
            Content.from(
                    TextSegment.from("Refunds take five days."),
                    Map.of(ContentMetadata.SCORE, 0.9, ContentMetadata.EMBEDDING_ID, "refunds#1")),
            Content.from("Refunds are free."));

    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);

    @Test
    void asksTheModelAgainUntilTheAnswerStandsOnThePassages() {
        Scripted model = new Scripted("Refunds take 30 days.", "Refunds take five days.");
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .chatMemory(memory)
                .contentRetriever(REFUNDS)
                .outputGuardrails(ValidatorOutputGuardrail.of(
                        GroundednessValidator.builder().build()))
                .build();

        assertThat(assistant.answer(QUESTION)).isEqualTo("Refunds take five days.");

        List<ChatMessage> again = model.asked.get(1);
        assertThat(text(again.get(0))).contains(QUESTION, "Refunds take five days.");
        assertThat(again.get(1)).isEqualTo(AiMessage.from("Refunds take 30 days."));
        assertThat(text(again.get(2))).startsWith("A statement of your answer is not supported");
    }

    @Test
    void repeatsQuestionAndAnswerWhereThereIsNoMemory() {
        Scripted model = new Scripted("Refunds take 30 days.", "Refunds take five days.");
        ValidatorOutputGuardrail guardrail =
                ValidatorOutputGuardrail.of(GroundednessValidator.builder().build());
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .contentRetriever(REFUNDS)
                .outputGuardrails(guardrail)
                .build();

        assertThat(assistant.answer(QUESTION)).isEqualTo("Refunds take five days.");
        assertThat(text(model.asked.get(1).get(0)))
                .startsWith(QUESTION)
                .contains("Refunds are free.", "Your answer was:\nRefunds take 30 days.\n\nA statement of your answer");
        assertThat(guardrail.name()).isEqualTo("groundedness");
    }

    @Test
    void givesUpWithTheValidatorsNameAndNoWordOfTheAnswer() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(new Scripted("Refunds take 30 days.", "Refunds take 31 days."))
                .contentRetriever(REFUNDS)
                .outputGuardrails(ValidatorOutputGuardrail.of(
                        GroundednessValidator.builder().build()))
                .build();

        assertThatExceptionOfType(OutputGuardrailException.class)
                .isThrownBy(() -> assistant.answer(QUESTION))
                .withMessageContaining("Validator 'groundedness' refused (ungrounded-number)")
                .withMessageNotContaining("31");
    }

    @Test
    void letsValidatorsSeeQuestionAndPassagesAndWhatTheOneBeforeLeft() {
        List<String> texts = new ArrayList<>();
        List<ValidationContext> contexts = new ArrayList<>();
        Validator upper = validator("upper", (text, context) -> {
            texts.add(text);
            contexts.add(context);
            return new ValidationOutcome.Rewrite(text.toUpperCase(Locale.ROOT), List.of());
        });
        Validator last = validator("last", (text, context) -> {
            texts.add(text);
            return ValidationOutcome.pass();
        });
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(new Scripted("five days"))
                .contentRetriever(REFUNDS)
                .outputGuardrails(ValidatorOutputGuardrail.of(upper, last))
                .build();

        assertThat(assistant.answer(QUESTION)).isEqualTo("FIVE DAYS");
        assertThat(texts).containsExactly("five days", "FIVE DAYS");
        assertThat(contexts.get(0).question()).isEqualTo(QUESTION);
        assertThat(contexts.get(0).passages()).extracting(Passage::id).containsExactly("refunds#1", "content-2");
        assertThat(contexts.get(0).passages()).extracting(Passage::score).containsExactly(0.9, 0.0);
    }

    @Test
    void blocksAnAnswerAndTakesItOutOfTheMemory() {
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(new Scripted("a secret"))
                .chatMemory(memory)
                .outputGuardrails(ValidatorOutputGuardrail.of(blocking()))
                .build();

        assertThatExceptionOfType(OutputGuardrailException.class)
                .isThrownBy(() -> assistant.answer(QUESTION))
                .withMessageContaining("Validator 'blocking' refused (leak): that stays here");
        assertThat(memory.messages()).containsExactly(UserMessage.from(QUESTION));
    }

    @Test
    void letsNothingThroughWhenAValidatorFails() {
        Validator broken = validator("broken", (text, context) -> {
            throw new IllegalStateException("no dictionary");
        });
        assertThatExceptionOfType(OutputGuardrailException.class)
                .isThrownBy(() -> AiServices.builder(Assistant.class)
                        .chatModel(new Scripted("five days"))
                        .outputGuardrails(ValidatorOutputGuardrail.of(broken))
                        .build()
                        .answer(QUESTION))
                .withMessageContaining(
                        "Validator 'broken' failed with IllegalStateException; mend it, leave it out, or let a");
        assertThatExceptionOfType(InputGuardrailException.class)
                .isThrownBy(() -> AiServices.builder(Assistant.class)
                        .chatModel(new Scripted("five days"))
                        .inputGuardrails(ValidatorInputGuardrail.of(broken))
                        .build()
                        .answer(QUESTION))
                .withMessageContaining("Validator 'broken' failed");
        assertThatIllegalArgumentException()
                .isThrownBy(ValidatorOutputGuardrail::of)
                .withMessage("a guardrail has no validator; give it at least one");
    }

    /** The page on adopting says so; when this fails after an upgrade, it may be better now. */
    @Test
    void warnsOfWhatLangChain4jDoesWithSeveralGuardrailsAndWithItsMemory() {
        Validator upper = validator(
                "upper", (text, context) -> new ValidationOutcome.Rewrite(text.toUpperCase(Locale.ROOT), List.of()));
        Validator passing = validator("passing", (text, context) -> ValidationOutcome.pass());
        Assistant two = AiServices.builder(Assistant.class)
                .chatModel(new Scripted("five days"))
                .outputGuardrails(ValidatorOutputGuardrail.of(upper), ValidatorOutputGuardrail.of(passing))
                .build();
        assertThat(two.answer(QUESTION)).isEqualTo("five days");

        Assistant again = AiServices.builder(Assistant.class)
                .chatModel(new Scripted("Refunds take 30 days.", "Refunds take five days."))
                .chatMemory(memory)
                .contentRetriever(REFUNDS)
                .outputGuardrails(ValidatorOutputGuardrail.of(
                        GroundednessValidator.builder().build()))
                .build();
        assertThat(again.answer(QUESTION)).isEqualTo("Refunds take five days.");
        assertThat(memory.messages()).endsWith(AiMessage.from("Refunds take 30 days."));
    }

    @Test
    void redactsAQuestion() {
        Scripted model = new Scripted("fine");
        Validator redacting = validator(
                "redacting", (text, context) -> new ValidationOutcome.Rewrite(text.replace("4711", "***"), List.of()));
        ValidatorInputGuardrail guardrail = ValidatorInputGuardrail.of(redacting);
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .inputGuardrails(guardrail)
                .build();

        assistant.answer("My number is 4711");

        assertThat(text(model.asked.get(0).get(0))).isEqualTo("My number is ***");
        assertThat(guardrail.name()).isEqualTo("redacting");
    }

    @Test
    void stopsAQuestion() {
        Scripted model = new Scripted();
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .inputGuardrails(ValidatorInputGuardrail.of(blocking()))
                .build();

        assertThatExceptionOfType(InputGuardrailException.class)
                .isThrownBy(() -> assistant.answer(QUESTION))
                .withMessageContaining("Validator 'blocking' refused (leak): that stays here");
        assertThat(model.asked).isEmpty();
    }

    @Test
    void passesQuestionsWithoutTextAndRefusesToRewriteSeveralTexts() {
        ValidatorInputGuardrail guardrail = ValidatorInputGuardrail.of(
                validator("upper", (text, context) -> new ValidationOutcome.Rewrite("X", List.of())));

        assertThat(validate(guardrail, UserMessage.from(ImageContent.from("https://example.com/a.png")))
                        .isSuccess())
                .isTrue();
        InputGuardrailResult refused =
                validate(guardrail, UserMessage.from(TextContent.from("a"), TextContent.from("b")));
        assertThat(refused.isFatal()).isTrue();
        assertThat(refused.toString()).contains("A user message of 2 texts cannot be rewritten; send one text");
    }

    private static InputGuardrailResult validate(ValidatorInputGuardrail guardrail, UserMessage message) {
        return guardrail.validate(InputGuardrailRequest.builder()
                .userMessage(message)
                .commonParams(GuardrailRequestParams.builder()
                        .userMessageTemplate("")
                        .variables(Map.of())
                        .build())
                .build());
    }

    private static Validator blocking() {
        return validator(
                "blocking",
                (text, context) -> new ValidationOutcome.Block(
                        "that stays here",
                        List.of(new Finding("blocking", "leak", Finding.Severity.ERROR, "leak", Optional.empty()))));
    }

    private static Validator validator(String name, BiFunction<String, ValidationContext, ValidationOutcome> check) {
        return Validator.of(Identity.of(name, "1"), check);
    }

    private static String text(ChatMessage message) {
        return ((UserMessage) message).singleText();
    }

    interface Assistant {
        String answer(String question);
    }
}
