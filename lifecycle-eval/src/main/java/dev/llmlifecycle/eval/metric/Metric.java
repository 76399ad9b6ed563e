package dev.llmlifecycle.eval.metric;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;

/**
 * Decides whether an answer is right for an example, or scores it; the unit that a verdict counts.
 *
 * <p>Implementations must be thread-safe and deterministic: the same example and answer give the same result. The
 * {@link #name} is the one under which a {@link dev.llmlifecycle.api.experiment.VerdictPolicy} declares the smallest
 * difference that matters, so a metric that is configured differently wants another name.
 *
 * @since 0.1
 */
public interface Metric {

    /**
     * Returns the name under which policies and rows know this metric.
     *
     * @return never blank, always the same
     */
    String name();

    /**
     * Decides whether an answer is right.
     *
     * @param example what was asked and what would be right
     * @param answer what came back, with any outcome but {@link dev.llmlifecycle.api.app.Outcome.Failed}, which an
     *     experiment counts as not passed by itself
     * @return true when the answer passes
     */
    boolean passed(Example example, Answer answer);

    /**
     * Scores an answer. Default: 1 where it passes and 0 where not.
     *
     * @param example what was asked and what would be right
     * @param answer what came back, with any outcome but {@link dev.llmlifecycle.api.app.Outcome.Failed}
     * @return a finite number, or nothing where this answer has no score
     */
    default OptionalDouble score(Example example, Answer answer) {
        return OptionalDouble.of(passed(example, answer) ? 1 : 0);
    }

    /**
     * Creates a metric of numbers from a function. Which way is better, and which difference matters, is for the
     * {@link dev.llmlifecycle.api.experiment.VerdictPolicy} to declare.
     *
     * @param name the name, never blank
     * @param score the score of an answer to an example; thread-safe and deterministic
     * @return the metric, whose {@link #passed} throws an {@link IllegalStateException}
     */
    static Metric ofScore(String name, ToDoubleBiFunction<Example, Answer> score) {
        Objects.requireNonNull(score, "score");
        return new ScoreMetric(name, (example, answer) -> OptionalDouble.of(score.applyAsDouble(example, answer)));
    }

    /**
     * Creates a metric from a function.
     *
     * @param name the name, never blank
     * @param test whether an answer is right for an example; thread-safe and deterministic
     * @return the metric
     */
    static Metric of(String name, BiPredicate<Example, Answer> test) {
        return new NamedMetric(name, Objects.requireNonNull(test, "test"));
    }
}
