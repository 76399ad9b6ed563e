package dev.llmlifecycle.core.app;

import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

/** Writes into a step who checked a text, in which version, and what they decided. */
final class ValidationSteps {

    private ValidationSteps() {}

    /** A finding names its validator; with these attributes it also has a version and a configuration. */
    static void name(ValidatorChain validators, Map<String, String> step) {
        for (Identity identity : validators.identities()) {
            step.put(
                    "validator." + identity.name(),
                    identity.version() + "@" + identity.configurationHash().shortForm());
        }
    }

    static void decided(ValidatorChain.Result result, Map<String, String> step) {
        step.put("decision", decision(result));
        if (!result.rewrittenBy().isEmpty()) {
            step.put("rewrittenBy", String.join(", ", result.rewrittenBy()));
        }
    }

    private static String decision(ValidatorChain.Result result) {
        return result.refusal()
                .map(refusal -> refusal.outcome() instanceof ValidationOutcome.Retry ? "ask-again" : "block")
                .orElse(result.rewrittenBy().isEmpty() ? "pass" : "rewrite");
    }
}
