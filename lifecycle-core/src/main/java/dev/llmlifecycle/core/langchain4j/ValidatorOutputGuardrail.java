package dev.llmlifecycle.core.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.model.input.PromptTemplate;
import dev.langchain4j.rag.AugmentationResult;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

/**
 * Validators as an output guardrail of LangChain4j, with the retrieved contents as their passages.
 *
 * <p>A rewrite replaces the answer; a retry asks the model again with the validator's instruction, as often as the
 * service's {@code OutputGuardrailsConfig} allows; a block stops the call with an {@code OutputGuardrailException} and
 * takes the answer out of the chat memory.
 *
 * <p>Give all validators to one guardrail: of several guardrails LangChain4j 1.19 loses a rewrite when a later one
 * passes. A service that streams is buffered by LangChain4j until its guardrails are done. Where a service has no chat
 * memory, LangChain4j asks again with the new message alone; so that message then repeats question and answer, but the
 * system message is not sent again.
 *
 * <pre>{@code
 * AiServices.builder(Assistant.class)
 *         .chatModel(model)
 *         .contentRetriever(retriever)
 *         .outputGuardrails(ValidatorOutputGuardrail.of(GroundednessValidator.builder().build()))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ValidatorOutputGuardrail implements OutputGuardrail {

    private final ValidatorChain chain;

    private ValidatorOutputGuardrail(ValidatorChain chain) {
        this.chain = chain;
    }

    /**
     * Makes a guardrail of validators.
     *
     * @param validators at least one; each sees what the one before left
     * @return the guardrail
     */
    public static ValidatorOutputGuardrail of(Validator... validators) {
        return new ValidatorOutputGuardrail(Guardrails.chain(validators));
    }

    @Override
    public String name() {
        return chain.names();
    }

    @Override
    public OutputGuardrailResult validate(OutputGuardrailRequest request) {
        AiMessage message = request.responseFromLLM().aiMessage();
        String answer = message.text();
        if (answer == null || answer.isBlank()) {
            return success();
        }
        GuardrailRequestParams params = request.requestParams();
        ValidationContext context = new ValidationContext(
                question(params), passages(params.augmentationResult()), Optional.empty(), Locale.ENGLISH, Map.of());
        ValidatorChain.Result result = chain.run(answer, text -> context, findings -> {});
        if (result.refusal().isEmpty()) {
            return result.text().equals(answer) ? success() : successWith(message.withText(result.text()));
        }
        ValidatorChain.Refusal refusal = result.refusal().get();
        if (refusal.outcome() instanceof ValidationOutcome.Retry retry) {
            return reprompt(refusal.describe(), reprompt(params, answer, retry.instruction()));
        }
        String reason = refusal.outcome() instanceof ValidationOutcome.Block block ? ": " + block.reason() : "";
        return fatalWithMessageRemoval(refusal.describe() + reason);
    }

    /** Returns the user message as it was before retrieval; a message of images alone has none. */
    private static String question(GuardrailRequestParams params) {
        String template = params.userMessageTemplate();
        return template.isBlank()
                ? ""
                : PromptTemplate.from(template).apply(params.variables()).text();
    }

    private static List<Passage> passages(AugmentationResult augmented) {
        List<Passage> passages = new ArrayList<>();
        if (augmented != null) {
            for (Content content : augmented.contents()) {
                Object id = content.metadata().get(ContentMetadata.EMBEDDING_ID);
                Object score = content.metadata().get(ContentMetadata.SCORE);
                passages.add(new Passage(
                        id instanceof String known ? known : "content-" + (passages.size() + 1),
                        content.textSegment(),
                        score instanceof Double known ? known : 0));
            }
        }
        return passages;
    }

    /** With a memory, question, passages and answer are in it and are sent before the instruction. */
    private static String reprompt(GuardrailRequestParams params, String answer, String instruction) {
        if (params.chatMemory() != null) {
            return instruction;
        }
        AugmentationResult augmented = params.augmentationResult();
        ChatMessage asked = augmented == null ? null : augmented.chatMessage();
        String question =
                asked instanceof UserMessage user && user.hasSingleText() ? user.singleText() : question(params);
        return question + "\n\nYour answer was:\n" + answer + "\n\n" + instruction;
    }
}
