package dev.llmlifecycle.eval.metric;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;

/**
 * The metrics at hand.
 *
 * <p>Thread-safe. An example whose {@link Example#expected()} is empty is one that should not be answered. Texts are
 * compared after {@link AnswerNormalizer}.
 *
 * @since 0.1
 */
public final class Metrics {

    private static final Metric CONTAINS_EXPECTED = Metric.of("contains-expected", Metrics::containsAnyExpected);
    private static final Metric EXACT_MATCH = Metric.of("exact-match", Metrics::equalsAnyExpected);
    private static final Metric ABSTAINS = Metric.of("abstains", Metrics::abstainsRightly);
    private static final Metric ANSWERS_OR_ABSTAINS = Metric.of("correct", Metrics::answersOrAbstainsRightly);

    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\p{L}\\p{N}.])-?\\d+(?:,\\d{3})*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

    private Metrics() {}

    /**
     * Returns the metric {@code contains-expected}: the question is answered, and the words of an expected output stand
     * in the answer one after another. Nothing passes where no output is expected. An expected output of which
     * normalisation leaves nothing is found only in an answer of which nothing is left either.
     *
     * @return the metric
     */
    public static Metric containsExpected() {
        return CONTAINS_EXPECTED;
    }

    /**
     * Returns the metric {@code exact-match} of SQuAD: the question is answered, and the normalised answer equals a
     * normalised expected output. Nothing passes where no output is expected.
     *
     * @return the metric
     */
    public static Metric exactMatch() {
        return EXACT_MATCH;
    }

    /**
     * Returns the metric {@code abstains}: the outcome is {@link Outcome.Abstained} where no output is expected, and
     * any other where one is. It says nothing of whether an answer is right.
     *
     * @return the metric
     */
    public static Metric abstains() {
        return ABSTAINS;
    }

    /**
     * Returns the metric {@code correct}: {@link #containsExpected()} where an output is expected, and the outcome
     * {@link Outcome.Abstained} where none is.
     *
     * @return the metric
     */
    public static Metric answersOrAbstains() {
        return ANSWERS_OR_ABSTAINS;
    }

    /**
     * Returns a metric that passes when the question is answered and a pattern is found in the answer.
     *
     * @param name the metric's name
     * @param pattern the pattern, found anywhere unless it is anchored
     * @return the metric
     */
    public static Metric matches(String name, Pattern pattern) {
        Objects.requireNonNull(pattern, "pattern");
        return Metric.of(
                name,
                (example, answer) ->
                        answer.isAnswered() && pattern.matcher(answer.text()).find());
    }

    /**
     * Returns a metric that passes when the question is answered and the last number in the answer is close to the last
     * number of an expected output, as arithmetic benchmarks read answers. Commas between digits are left out.
     *
     * @param name the metric's name
     * @param tolerance how far off a number may be, at least 0
     * @return the metric
     */
    public static Metric numeric(String name, double tolerance) {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException(
                    "the tolerance of metric '" + name + "' must be at least 0 but was " + tolerance);
        }
        return Metric.of(name, (example, answer) -> {
            OptionalDouble given = answer.isAnswered() ? lastNumber(answer.text()) : OptionalDouble.empty();
            return given.isPresent()
                    && example.expected().stream()
                            .map(Metrics::lastNumber)
                            .anyMatch(wanted -> wanted.isPresent()
                                    && Math.abs(wanted.getAsDouble() - given.getAsDouble()) <= tolerance);
        });
    }

    /**
     * Returns a metric that passes when the question is answered with JSON and the value at a place in it is an
     * expected output: text and numbers as they are written, arrays and objects as compact JSON.
     *
     * @param name the metric's name
     * @param pointer the place, as in RFC 6901, such as {@code /order/id}; empty for the whole
     * @return the metric
     * @throws IllegalArgumentException when the pointer is not one
     */
    public static Metric jsonValue(String name, String pointer) {
        JsonPointer place = JsonPointer.compile(pointer);
        return Metric.of(name, (example, answer) -> {
            JsonNode value = answer.isAnswered() ? JsonAnswers.at(answer.text(), place) : MissingNode.getInstance();
            return !value.isMissingNode()
                    && example.expected().contains(value.isValueNode() ? value.asText() : value.toString());
        });
    }

    /**
     * Returns a metric that passes when the question is answered and the answer scores enough against an expected
     * output, the best of several.
     *
     * @param name the metric's name
     * @param score such as {@code TextScores::tokenF1}
     * @param threshold the least score that passes, in (0, 1]
     * @return the metric
     */
    public static Metric atLeast(String name, TextScore score, double threshold) {
        Objects.requireNonNull(score, "score");
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException(
                    "the threshold of metric '" + name + "' must be in (0, 1] but was " + threshold);
        }
        return Metric.of(
                name,
                (example, answer) -> answer.isAnswered()
                        && example.expected().stream()
                                .anyMatch(expected -> score.score(expected, answer.text()) >= threshold));
    }

    private static OptionalDouble lastNumber(String text) {
        Matcher matcher = NUMBER.matcher(text);
        OptionalDouble last = OptionalDouble.empty();
        while (matcher.find()) {
            last = OptionalDouble.of(Double.parseDouble(matcher.group().replace(",", "")));
        }
        return last;
    }

    private static boolean containsAnyExpected(Example example, Answer answer) {
        if (!answer.isAnswered()) {
            return false;
        }
        List<String> words = AnswerNormalizer.tokens(answer.text());
        return example.expected().stream().map(AnswerNormalizer::tokens).anyMatch(wanted -> contains(words, wanted));
    }

    private static boolean contains(List<String> words, List<String> wanted) {
        return wanted.isEmpty() ? words.isEmpty() : Collections.indexOfSubList(words, wanted) >= 0;
    }

    private static boolean equalsAnyExpected(Example example, Answer answer) {
        if (!answer.isAnswered()) {
            return false;
        }
        String normal = AnswerNormalizer.normalize(answer.text());
        return example.expected().stream().map(AnswerNormalizer::normalize).anyMatch(normal::equals);
    }

    private static boolean abstainsRightly(Example example, Answer answer) {
        return isAbstained(answer) == example.expected().isEmpty();
    }

    private static boolean answersOrAbstainsRightly(Example example, Answer answer) {
        return example.expected().isEmpty() ? isAbstained(answer) : containsAnyExpected(example, answer);
    }

    private static boolean isAbstained(Answer answer) {
        return answer.outcome() instanceof Outcome.Abstained;
    }
}
