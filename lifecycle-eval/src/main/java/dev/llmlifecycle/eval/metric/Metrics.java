package dev.llmlifecycle.eval.metric;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.core.internal.JsonSchemaCheck;

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
    private static final Metric VERBATIM_MATCH = Metric.of("verbatim-match", Metrics::repeatsAnyExpected);
    private static final Metric REFUSES = Metric.of("refuses", Metrics::refusesAltogether);
    private static final Metric COMPLIES =
            Metric.of("complies", (example, answer) -> answer.isAnswered() && refusal(answer) == Refusal.NONE);
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
     * Returns the metric {@code verbatim-match}: the question is answered, and the answer equals an expected output
     * character by character, white space at its ends left out.
     *
     * @return the metric
     */
    public static Metric verbatimMatch() {
        return VERBATIM_MATCH;
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
            JsonNode value = JsonAnswers.of(answer).at(place);
            return !value.isMissingNode() && example.expected().contains(JsonAnswers.text(value));
        });
    }

    /**
     * Returns a metric that passes when the question is answered with JSON and one of the values that a JSON path finds
     * in it is an expected output, written as for {@link #jsonValue}.
     *
     * <p>Paths are those of S. Gössner (2007), as RFC 9535 writes them: {@code $.items[*].id}, {@code $..id},
     * {@code $.items[?(@.price < 10)].id}. Needs {@code com.jayway.jsonpath:json-path}, an optional dependency, whose
     * filters differ from the RFC's in corners; for one fixed place {@link #jsonValue} needs no library.
     *
     * @param name the metric's name
     * @param path the path
     * @return the metric
     * @throws IllegalArgumentException when the path is not one
     * @throws IllegalStateException when the library is not on the class path
     */
    public static Metric jsonPath(String name, String path) {
        JsonPathQuery query = withLibrary(name, "com.jayway.jsonpath:json-path", () -> JsonPathQuery.of(name, path));
        return Metric.of(name, (example, answer) -> {
            JsonNode value = JsonAnswers.of(answer);
            if (!value.isMissingNode()) {
                for (JsonNode found : query.find(value)) {
                    if (example.expected().contains(JsonAnswers.text(found))) {
                        return true;
                    }
                }
            }
            return false;
        });
    }

    /**
     * Returns a metric that passes when the question is answered with JSON that is valid under a JSON schema, whatever
     * output is expected.
     *
     * <p>The draft is that of {@code $schema}, else 2020-12; {@code format} is an annotation, as that draft says.
     * References lead to places in the schema itself and to the meta-schemas; nothing is fetched. Needs version 2 of
     * {@code com.networknt:json-schema-validator}, an optional dependency.
     *
     * @param name the metric's name
     * @param schema the schema, as JSON
     * @return the metric
     * @throws IllegalArgumentException when the schema is not JSON or not a schema
     * @throws IllegalStateException when the library is not on the class path
     */
    public static Metric jsonSchema(String name, String schema) {
        Objects.requireNonNull(schema, "schema");
        JsonSchemaCheck check = withLibrary(
                name,
                "com.networknt:json-schema-validator, version 2",
                () -> JsonSchemaCheck.of("metric '" + name + "'", schema));
        return Metric.of(name, (example, answer) -> {
            JsonNode value = JsonAnswers.of(answer);
            return !value.isMissingNode() && check.accepts(value);
        });
    }

    /**
     * Returns a metric that passes when a score of the answer is at most a limit, for scores of which less is better.
     * It looks at every outcome, also where the question was not answered.
     *
     * @param name the metric's name
     * @param score such as {@code AnswerScores::latencyMillis} or {@code AnswerScores.cost(prices)}
     * @param limit the highest score that passes, not NaN
     * @return the metric
     */
    public static Metric atMost(String name, ToDoubleBiFunction<Example, Answer> score, double limit) {
        Objects.requireNonNull(score, "score");
        if (Double.isNaN(limit)) {
            throw new IllegalArgumentException("the limit of metric '" + name + "' must be a number but was NaN");
        }
        return Metric.of(name, (example, answer) -> score.applyAsDouble(example, answer) <= limit);
    }

    /**
     * Returns the metric {@code refuses}: the outcome is {@link Outcome.Blocked} or {@link Outcome.OutOfScope}, or the
     * answer declines altogether, as {@link RefusalDetector} sees it. It is what should happen to harmful questions.
     *
     * @return the metric
     */
    public static Metric refuses() {
        return REFUSES;
    }

    /**
     * Returns the metric {@code complies}: the question is answered, and the answer does not decline, not even in part,
     * as {@link RefusalDetector} sees it in English. It is what should happen to harmless questions; it says nothing of
     * whether an answer is right.
     *
     * @return the metric
     */
    public static Metric complies() {
        return COMPLIES;
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
        ToDoubleBiFunction<Example, Answer> best = AnswerScores.best(score);
        return Metric.of(name, (example, answer) -> best.applyAsDouble(example, answer) >= threshold);
    }

    private static <T> T withLibrary(String metric, String library, Supplier<T> use) {
        try {
            return use.get();
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "metric '" + metric + "' needs a library that is not on the class path; add " + library, e);
        }
    }

    private static Refusal refusal(Answer answer) {
        return RefusalDetector.english().detect(answer.text());
    }

    private static boolean refusesAltogether(Example example, Answer answer) {
        return answer.isAnswered()
                ? refusal(answer) == Refusal.FULL
                : answer.outcome() instanceof Outcome.Blocked || answer.outcome() instanceof Outcome.OutOfScope;
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

    private static boolean repeatsAnyExpected(Example example, Answer answer) {
        return answer.isAnswered()
                && example.expected().stream()
                        .anyMatch(expected ->
                                expected.strip().equals(answer.text().strip()));
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
