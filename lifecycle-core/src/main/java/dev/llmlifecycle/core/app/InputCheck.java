package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * What the input validators made of a question: the question as they left it, and the outcome that ends it, if one of
 * them blocked it.
 */
record InputCheck(Question question, Optional<Outcome> blocked) {

    /** What is recorded of a question whose validators never came to an end: it may hold what they would redact. */
    static final String WITHHELD = "(withheld: the input validators did not finish)";

    static InputCheck passed(Question question) {
        return new InputCheck(question, Optional.empty());
    }

    static InputCheck of(List<Validator> validators, Question question, Run run, Map<String, String> step) {
        Question current = question;
        for (Validator validator : validators) {
            ValidationContext context = new ValidationContext(
                    current.text(), List.of(), current.tenant(), current.locale(), current.attributes());
            ValidationOutcome outcome = ValidatorCall.validate(validator, current.text(), context);
            run.found(outcome.findings());
            if (outcome instanceof ValidationOutcome.Rewrite rewrite) {
                step.put("rewrittenBy", validator.identity().name());
                current = current.withText(rewrite.text());
            } else if (outcome instanceof ValidationOutcome.Block block) {
                return blocked(current, block.reason(), validator, step);
            } else if (outcome instanceof ValidationOutcome.Retry retry) {
                return blocked(current, retry.instruction(), validator, step);
            }
        }
        return passed(current);
    }

    private static InputCheck blocked(Question question, String reason, Validator validator, Map<String, String> step) {
        step.put("blockedBy", validator.identity().name());
        return new InputCheck(
                question,
                Optional.of(new Outcome.Blocked(reason, validator.identity().name())));
    }
}
