package dev.llmlifecycle.eval.metric;

import java.util.Objects;
import java.util.function.ToDoubleBiFunction;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.Example;

/**
 * Scores of one answer to one example, such as {@code AnswerScores::latencyMillis}: what it took and how much it is
 * like an expected output.
 *
 * <p>Thread-safe. Of what it took, less is better; {@link Metrics#atMost} makes a metric of it.
 *
 * @since 0.1
 */
public final class AnswerScores {

    private AnswerScores() {}

    /**
     * Returns how long the answer took, from question to answer as the interaction records it.
     *
     * @param example not looked at
     * @param answer the answer
     * @return milliseconds, with their fraction
     */
    public static double latencyMillis(Example example, Answer answer) {
        return answer.interaction().duration().toNanos() / 1e6;
    }

    /**
     * Returns the input tokens over all model calls.
     *
     * @param example not looked at
     * @param answer the answer
     * @return as the models reported them, 0 where they reported none
     */
    public static double inputTokens(Example example, Answer answer) {
        return answer.interaction().inputTokens();
    }

    /**
     * Returns the output tokens over all model calls.
     *
     * @param example not looked at
     * @param answer the answer
     * @return as the models reported them, 0 where they reported none
     */
    public static double outputTokens(Example example, Answer answer) {
        return answer.interaction().outputTokens();
    }

    /**
     * Returns input and output tokens together.
     *
     * @param example not looked at
     * @param answer the answer
     * @return their sum
     */
    public static double tokens(Example example, Answer answer) {
        return inputTokens(example, answer) + outputTokens(example, answer);
    }

    /**
     * Returns a score that is the cost of an answer's tokens: {@code (input · price + output · price) / 10⁶}, whatever
     * prices the application itself has.
     *
     * @param prices the prices of all tokens
     * @return the score, in the currency of the prices
     */
    public static ToDoubleBiFunction<Example, Answer> cost(TokenPrices prices) {
        Objects.requireNonNull(prices, "prices");
        return (example, answer) -> prices.cost(
                        answer.interaction().inputTokens(), answer.interaction().outputTokens())
                .doubleValue();
    }

    /**
     * Returns a score that is the likeness to the expected output that the answer is most like; 0 where the question is
     * not answered or no output is expected.
     *
     * @param score such as {@code TextScores::tokenF1}
     * @return the score, in [0, 1]
     */
    public static ToDoubleBiFunction<Example, Answer> best(TextScore score) {
        Objects.requireNonNull(score, "score");
        return (example, answer) -> answer.isAnswered()
                ? example.expected().stream()
                        .mapToDouble(expected -> score.score(expected, answer.text()))
                        .max()
                        .orElse(0)
                : 0;
    }
}
