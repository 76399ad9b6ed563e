package dev.llmlifecycle.core.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.PolicyAction;
import dev.llmlifecycle.core.validation.PolicyMember;
import dev.llmlifecycle.core.validation.ValidationPolicy;
import dev.llmlifecycle.core.validation.Validators;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ValidatedToolExecutorTest {

    private static final ToolExecutionRequest REQUEST = ToolExecutionRequest.builder()
            .id("1")
            .name("orders")
            .arguments("{\"id\":4711}")
            .build();

    private final List<String> executed = new ArrayList<>();
    private final ToolExecutor orders = (request, memoryId) -> {
        executed.add(request.arguments() + " " + memoryId);
        return "Order 4711 of ann@example.com";
    };

    @Test
    void handsOnWhatPasses() {
        List<ValidationContext> contexts = new ArrayList<>();
        Validator look = Validator.of(Identity.of("look", "1"), (text, context) -> {
            contexts.add(context);
            return ValidationOutcome.pass();
        });

        assertThat(ValidatedToolExecutor.of(orders, look).execute(REQUEST, "m"))
                .isEqualTo("Order 4711 of ann@example.com");
        assertThat(executed).containsExactly("{\"id\":4711} m");
        assertThat(contexts)
                .extracting(ValidationContext::subject)
                .containsExactly(Subject.TOOL_ARGUMENTS, Subject.TOOL_RESULT);
        assertThat(contexts.get(0).attributes()).isEqualTo(Map.of(ValidatedToolExecutor.TOOL, "orders"));
    }

    @Test
    void rewritesArgumentsAndResults() {
        ValidationPolicy redact = ValidationPolicy.builder("p")
                .member(PolicyMember.of(Validators.pattern("mail", "[a-z]+@[a-z.]+"))
                        .on("pattern-match", PolicyAction.redact("(mail)")))
                .member(PolicyMember.of(Validators.words("ids", List.of("4711")))
                        .on("listed-word", PolicyAction.redact("12")))
                .build();

        assertThat(ValidatedToolExecutor.of(orders, redact).execute(REQUEST, "m"))
                .isEqualTo("Order 12 of (mail)");
        assertThat(executed).containsExactly("{\"id\":12} m");
    }

    @Test
    void runsNothingOnArgumentsThatAreRefusedAndTellsTheModelWhy() {
        ToolExecutor executor = ValidatedToolExecutor.of(
                orders,
                Validators.jsonSchema(
                        "arguments", "{\"properties\":{\"id\":{\"type\":\"string\"}},\"required\":[\"id\"]}"));

        assertThat(executor.execute(REQUEST, "m"))
                .startsWith("The tool was not called: The JSON of your answer is wrong: /id: ");
        assertThat(executed).isEmpty();
    }

    @Test
    void checksNoArgumentsAsAnEmptyObject() {
        ToolExecutionRequest blank = REQUEST.toBuilder().arguments(" ").build();

        assertThat(ValidatedToolExecutor.of(
                                orders, Validators.toolArguments(Map.of("orders", "{\"required\":[\"id\"]}")))
                        .execute(blank, "m"))
                .startsWith("The tool was not called: The arguments of the tool 'orders' are wrong: ");
        assertThat(executed).isEmpty();
        ValidatedToolExecutor.of(orders, Validators.toolArguments(Map.of("orders", "{}")))
                .execute(blank, "m");
        assertThat(executed).containsExactly("  m");
    }

    @Test
    void tellsAModelInAServiceThatAResultWasWithheld() {
        List<ChatRequest> asked = new ArrayList<>();
        ChatModel model = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                asked.add(request);
                return ChatResponse.builder()
                        .aiMessage(asked.size() == 1 ? AiMessage.from(REQUEST) : AiMessage.from("Sorry."))
                        .build();
            }
        };
        Validator secret = Validator.of(
                Identity.of("secret", "1"),
                (text, context) -> context.subject() == Subject.TOOL_RESULT
                        ? new ValidationOutcome.Block("It holds personal data.", List.of())
                        : ValidationOutcome.pass());
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .tools(Map.of(
                        ToolSpecification.builder().name("orders").build(), ValidatedToolExecutor.of(orders, secret)))
                .build();

        assertThat(assistant.answer("Where is my order?")).isEqualTo("Sorry.");
        assertThat(asked.get(1).messages()).last().isInstanceOfSatisfying(ToolExecutionResultMessage.class, message -> {
            assertThat(message.text()).isEqualTo("The result of the tool was withheld: It holds personal data.");
            assertThat(message.isError()).isTrue();
        });
    }

    @Test
    void namesTheValidatorThatFails() {
        Validator broken = Validator.of(Identity.of("broken", "1"), (text, context) -> {
            throw new IllegalStateException("secret");
        });

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> ValidatedToolExecutor.of(orders, broken).execute(REQUEST, "m"))
                .withMessageStartingWith("Validator 'broken' failed with IllegalStateException");
        assertThatIllegalArgumentException().isThrownBy(() -> ValidatedToolExecutor.of(orders));
    }

    interface Assistant {
        String answer(String question);
    }
}
