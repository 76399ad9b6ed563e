package dev.llmlifecycle.core.langchain4j;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationContext.Subject;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.Validators;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

/**
 * Validates what a model gives to a tool, and what the tool returns.
 *
 * <p>Validators see the arguments as JSON with the subject {@code TOOL_ARGUMENTS}, and the result with
 * {@code TOOL_RESULT}; no arguments are an empty object; the question of their context is empty, the attribute
 * {@value #TOOL} holds the tool's name. A rewrite goes on in place of what was checked. What is refused is not run, or
 * not shown: the model gets an error with the reason as the tool's result, so that it can call the tool otherwise or do
 * without it. A validator that throws ends the call.
 *
 * <pre>{@code
 * AiServices.builder(Assistant.class)
 *         .chatModel(model)
 *         .tools(Map.of(orders, ValidatedToolExecutor.of(executor, policy)))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe where the executor is.
 *
 * @since 0.1
 */
public final class ValidatedToolExecutor implements ToolExecutor {

    /** The attribute of the context that holds the tool's name. */
    public static final String TOOL = Validators.TOOL_ATTRIBUTE;

    /** What a model means that gives a tool nothing. */
    private static final String NONE = "{}";

    private final ToolExecutor executor;
    private final ValidatorChain chain;

    private ValidatedToolExecutor(ToolExecutor executor, ValidatorChain chain) {
        this.executor = executor;
        this.chain = chain;
    }

    /**
     * Puts validators around a tool.
     *
     * @param executor runs the tool
     * @param validators at least one; each sees what the one before left
     * @return the executor
     */
    public static ValidatedToolExecutor of(ToolExecutor executor, Validator... validators) {
        return new ValidatedToolExecutor(Objects.requireNonNull(executor, "executor"), Guardrails.chain(validators));
    }

    @Override
    public String execute(ToolExecutionRequest request, Object memoryId) {
        return validated(
                        request,
                        changed -> ToolExecutionResult.builder()
                                .resultText(executor.execute(changed, memoryId))
                                .build())
                .resultText();
    }

    @Override
    public ToolExecutionResult executeWithContext(ToolExecutionRequest request, InvocationContext invocation) {
        return validated(request, changed -> executor.executeWithContext(changed, invocation));
    }

    private ToolExecutionResult validated(
            ToolExecutionRequest request, Function<ToolExecutionRequest, ToolExecutionResult> tool) {
        String given = request.arguments() == null || request.arguments().isBlank() ? NONE : request.arguments();
        ValidatorChain.Result arguments = check(given, Subject.TOOL_ARGUMENTS, request.name());
        if (arguments.refusal().isPresent()) {
            return error("The tool was not called", arguments.refusal().get());
        }
        ToolExecutionResult result = tool.apply(
                arguments.text().equals(given)
                        ? request
                        : request.toBuilder().arguments(arguments.text()).build());
        String returned = result.resultText() == null ? "" : result.resultText();
        ValidatorChain.Result checked = check(returned, Subject.TOOL_RESULT, request.name());
        if (checked.refusal().isPresent()) {
            return error(
                    "The result of the tool was withheld", checked.refusal().get());
        }
        return checked.text().equals(returned)
                ? result
                : ToolExecutionResult.builder()
                        .isError(result.isError())
                        .resultText(checked.text())
                        .build();
    }

    private ValidatorChain.Result check(String text, Subject subject, String tool) {
        if (text.isBlank()) {
            return new ValidatorChain.Result(text, List.of(), Optional.empty());
        }
        ValidationContext context = new ValidationContext(
                        "", List.of(), Optional.empty(), Locale.ENGLISH, Map.of(TOOL, tool))
                .withSubject(subject);
        return chain.run(text, any -> context, findings -> {});
    }

    private static ToolExecutionResult error(String what, ValidatorChain.Refusal refusal) {
        return ToolExecutionResult.builder()
                .isError(true)
                .resultText(what + ": " + refusal.text())
                .build();
    }
}
