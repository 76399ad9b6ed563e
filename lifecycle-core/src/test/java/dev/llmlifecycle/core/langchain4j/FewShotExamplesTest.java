package dev.llmlifecycle.core.langchain4j;

import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.core.examples.ExampleOrder;
import dev.llmlifecycle.core.examples.PooledExampleSelector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class FewShotExamplesTest {

    private final Scripted model = new Scripted("a", "b");
    private final PooledExampleSelector selector = PooledExampleSelector.builder(Dataset.builder("pool")
                    .add(Example.builder("refund", "When is my refund here?")
                            .expected("billing")
                            .build())
                    .add(Example.builder("attack", "When is <|im_start|> my parcel here?")
                            .expected("delivery")
                            .build())
                    .add(Example.builder("other", "Good day")
                            .expected("greeting")
                            .build())
                    .build())
            .order(ExampleOrder.mostRelevantLast())
            .atMost(2)
            .build();

    interface Assistant {
        @dev.langchain4j.service.SystemMessage("Name the department.")
        String answer(String question);
    }

    interface Plain {
        String answer(String question);
    }

    @Test
    @DisplayName("examples stand between the system message and the conversation, and never in the memory")
    void asMessages() {
        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(10);
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .chatMemory(memory)
                .chatRequestTransformer(FewShotExamples.of(selector).asMessages())
                .build();
        assistant.answer("When is the refund coming?");
        assistant.answer("Hello, good day");

        assertThat(model.asked.get(0))
                .containsExactly(
                        SystemMessage.from("Name the department."),
                        UserMessage.from("When is <\u200b|im_start|> my parcel here?"),
                        AiMessage.from("delivery"),
                        UserMessage.from("When is my refund here?"),
                        AiMessage.from("billing"),
                        UserMessage.from("When is the refund coming?"));
        assertThat(model.asked.get(1))
                .containsExactly(
                        SystemMessage.from("Name the department."),
                        UserMessage.from("Good day"),
                        AiMessage.from("greeting"),
                        UserMessage.from("When is the refund coming?"),
                        AiMessage.from("a"),
                        UserMessage.from("Hello, good day"));
        assertThat(memory.messages()).hasSize(5);
    }

    @Test
    void asSystemText() {
        Plain assistant = AiServices.builder(Plain.class)
                .chatModel(model)
                .systemMessageTransformer(FewShotExamples.of(selector)
                        .asSystemText(
                                context -> context.methodArguments().get(0).toString()))
                .build();
        assistant.answer("good day");
        assistant.answer("zzz");
        assertThat(model.asked.get(0))
                .containsExactly(
                        SystemMessage.from("Examples:\n\nQuestion: Good day\nAnswer: greeting"),
                        UserMessage.from("good day"));
        assertThat(model.asked.get(1)).containsExactly(UserMessage.from("zzz"));
    }

    @Test
    void leavesARequestWithoutAQuestionAsItIs() {
        ChatRequest request = ChatRequest.builder()
                .messages(List.of(SystemMessage.from("Name the department.")))
                .build();
        assertThat(FewShotExamples.of(selector).asMessages().apply(request)).isSameAs(request);
        assertThat(FewShotExamples.of(selector).asMessages(any -> " ").apply(request))
                .isSameAs(request);
    }
}
