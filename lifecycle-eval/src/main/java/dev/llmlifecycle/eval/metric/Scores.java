package dev.llmlifecycle.eval.metric;

import java.math.BigDecimal;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;

/**
 * Metrics of numbers: what an answer is worth, takes and costs.
 *
 * <p>Thread-safe. A policy declares them with their direction.
 *
 * @since 0.1
 */
public final class Scores {

    private Scores() {}

    /**
     * Returns a metric of how much an answer is like an expected output, the best of several; 0 where the question is
     * not answered, nothing where no output is expected.
     *
     * @param name the metric's name
     * @param score such as {@code TextScores::tokenF1}
     * @return the metric; higher is better
     */
    public static Metric text(String name, TextScore score) {
        ToDoubleBiFunction<Example, Answer> best = AnswerScores.best(score);
        return new ScoreMetric(
                name,
                (example, answer) -> example.expected().isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(best.applyAsDouble(example, answer)));
    }

    /**
     * Returns the metric {@code latency-ms}: how long the answer took.
     *
     * @return the metric, in milliseconds; lower is better
     */
    public static Metric latency() {
        return Metric.ofScore("latency-ms", AnswerScores::latencyMillis);
    }

    /**
     * Returns the metric {@code tokens}: input and output tokens over all model calls of the answer.
     *
     * @return the metric, nothing where no model reported any; lower is better
     */
    public static Metric tokens() {
        return new ScoreMetric("tokens", (example, answer) -> {
            double tokens = AnswerScores.tokens(example, answer);
            return tokens == 0 ? OptionalDouble.empty() : OptionalDouble.of(tokens);
        });
    }

    /**
     * Returns the metric {@code cost}: what the answer cost.
     *
     * @return the metric, in the currency of the prices, nothing where there are none; lower is better
     */
    public static Metric cost() {
        return new ScoreMetric(
                "cost",
                (example, answer) -> answer.cost()
                        .map(BigDecimal::doubleValue)
                        .map(OptionalDouble::of)
                        .orElseGet(OptionalDouble::empty));
    }
}
