package dev.llmlifecycle.core.langchain4j;

import java.util.List;

import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

/** Makes the chain that a guardrail runs. */
final class Guardrails {

    private Guardrails() {}

    static ValidatorChain chain(Validator... validators) {
        if (validators.length == 0) {
            throw new IllegalArgumentException("a guardrail has no validator; give it at least one");
        }
        return ValidatorChain.of(List.of(validators));
    }
}
