package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;

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

    static InputCheck of(ValidatorChain validators, Question question, Run run, Map<String, String> step) {
        ValidationSteps.name(validators, step);
        ValidatorChain.Result result = validators.run(
                question.text(),
                text -> new ValidationContext(
                                text, List.of(), question.tenant(), question.locale(), question.attributes())
                        .withSubject(ValidationContext.Subject.QUESTION),
                run::found);
        ValidationSteps.decided(result, step);
        result.refusal().ifPresent(refusal -> step.put("blockedBy", refusal.validator()));
        return new InputCheck(
                result.text().equals(question.text()) ? question : question.withText(result.text()),
                result.refusal().map(refusal -> new Outcome.Blocked(refusal.text(), refusal.validator())));
    }
}
