package dev.llmlifecycle.core.langchain4j;

import java.util.List;
import java.util.stream.Collectors;

import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailRequest;
import dev.langchain4j.guardrail.InputGuardrailResult;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

/**
 * Validators as an input guardrail of LangChain4j.
 *
 * <p>A rewrite replaces the user message, a block or retry stops the call with an {@code InputGuardrailException}.
 * LangChain4j runs input guardrails after retrieval, so they see the question together with the retrieved texts: good
 * against injected instructions, too late to keep something from the retriever.
 *
 * <pre>{@code
 * AiServices.builder(Assistant.class).chatModel(model).inputGuardrails(ValidatorInputGuardrail.of(validator)).build();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ValidatorInputGuardrail implements InputGuardrail {

    private final ValidatorChain chain;

    private ValidatorInputGuardrail(ValidatorChain chain) {
        this.chain = chain;
    }

    /**
     * Makes a guardrail of validators.
     *
     * @param validators at least one; each sees what the one before left
     * @return the guardrail
     */
    public static ValidatorInputGuardrail of(Validator... validators) {
        return new ValidatorInputGuardrail(Guardrails.chain(validators));
    }

    @Override
    public String name() {
        return chain.names();
    }

    @Override
    public InputGuardrailResult validate(InputGuardrailRequest request) {
        UserMessage message = request.userMessage();
        List<String> texts = message.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .toList();
        String text = texts.stream().collect(Collectors.joining("\n"));
        if (text.isBlank()) {
            return success();
        }
        ValidatorChain.Result result = chain.run(text, ValidatorInputGuardrail::context, findings -> {});
        if (result.refusal().isPresent()) {
            return refused(result.refusal().get());
        }
        if (result.text().equals(text)) {
            return success();
        }
        return texts.size() == 1
                ? successWith(result.text())
                : fatal("A user message of " + texts.size() + " texts cannot be rewritten; send one text");
    }

    private InputGuardrailResult refused(ValidatorChain.Refusal refusal) {
        String reason = refusal.outcome() instanceof ValidationOutcome.Block block ? ": " + block.reason() : "";
        return fatal(refusal.describe() + reason);
    }

    private static ValidationContext context(String text) {
        return ValidationContext.of(text, List.of()).withSubject(ValidationContext.Subject.QUESTION);
    }
}
