package dev.llmlifecycle.core.reasoning;

import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleBiFunction;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.reasoning.steps.CheckedSteps;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepContext;
import dev.llmlifecycle.core.reasoning.steps.StepState;

/**
 * Says how good an answer is; for {@link Reasoning#bestOf}.
 *
 * <p>Implementations must be thread-safe.
 *
 * @since 0.1
 */
public interface AnswerScorer extends Identified {

    /**
     * Scores an answer.
     *
     * @param question the last message of the user
     * @param answer the answer, and the thoughts before it
     * @return higher is better; not a number counts as the lowest
     */
    double score(String question, ExtractedAnswer answer);

    /**
     * Makes a scorer of a function.
     *
     * @param identity its name, version and settings
     * @param score scores an answer to a question
     * @return the scorer
     */
    static AnswerScorer of(Identity identity, ToDoubleBiFunction<String, ExtractedAnswer> score) {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(score, "score");
        return new AnswerScorer() {
            @Override
            public double score(String question, ExtractedAnswer answer) {
                return score.applyAsDouble(question, answer);
            }

            @Override
            public Identity identity() {
                return identity;
            }
        };
    }

    /**
     * Makes a scorer that counts steps: 1 for each that was confirmed as a share of all, minus 1 for each that was
     * refuted.
     *
     * @param checker checks the thoughts
     * @return the scorer
     */
    static AnswerScorer bySteps(StepChecker checker) {
        Identity identity =
                Identity.of("steps", "1", Map.of("checker", checker.identity().toCanonical()));
        return of(identity, (question, answer) -> {
            CheckedSteps checked = checker.check(answer.thoughts(), StepContext.of(question));
            int steps = Math.max(1, checked.steps().size());
            return (double) checked.count(StepState.CORRECT) / steps - checked.count(StepState.WRONG);
        });
    }
}
