package dev.llmlifecycle.eval.experiment;

import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;

/**
 * What came of a call.
 *
 * @param answer the answer, a failed one after the last attempt
 * @param scores the score under each metric that has one, or nothing where a metric broke
 * @param spent what all attempts used
 */
record CallResult(Answer answer, Optional<Map<String, Double>> scores, Spending spent) {

    boolean failed() {
        return answer.outcome() instanceof Outcome.Failed;
    }
}
