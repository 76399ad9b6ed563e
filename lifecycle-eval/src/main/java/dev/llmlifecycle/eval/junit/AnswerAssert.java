package dev.llmlifecycle.eval.junit;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.core.internal.JsonSchemaCheck;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import dev.llmlifecycle.eval.metric.AnswerNormalizer;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * Assertions on an answer. What fails shows the question, what was expected, what came, what validators found, and
 * where two texts differ.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class AnswerAssert {

    private static final GroundednessValidator GROUNDEDNESS =
            GroundednessValidator.builder().build();

    private final Answer answer;
    private @Nullable String description;

    AnswerAssert(Answer answer) {
        this.answer = Objects.requireNonNull(answer, "answer");
    }

    /**
     * Says what the following assertions are about; it begins their messages.
     *
     * @param description the description
     * @return these assertions
     */
    public AnswerAssert as(String description) {
        this.description = Objects.requireNonNull(description, "description");
        return this;
    }

    /**
     * Asserts that the question was answered.
     *
     * @return these assertions
     */
    public AnswerAssert isAnswered() {
        return hasOutcome(Outcome.Kind.ANSWERED);
    }

    /**
     * Asserts that the application abstained, as the documents do not answer the question.
     *
     * @return these assertions
     */
    public AnswerAssert isAbstained() {
        return hasOutcome(Outcome.Kind.ABSTAINED);
    }

    /**
     * Asserts that a validator stopped the question or the answer.
     *
     * @return these assertions
     */
    public AnswerAssert isBlocked() {
        return hasOutcome(Outcome.Kind.BLOCKED);
    }

    /**
     * Asserts that a certain validator stopped the question or the answer.
     *
     * @param validator its name
     * @return these assertions
     */
    public AnswerAssert isBlockedBy(String validator) {
        isBlocked();
        String by = answer.outcome() instanceof Outcome.Blocked blocked ? blocked.validator() : "";
        return require(by.equals(validator), "blocked by " + validator, validator, by, "blocked by " + by);
    }

    /**
     * Asserts that the router found the application not to be for the question.
     *
     * @return these assertions
     */
    public AnswerAssert isOutOfScope() {
        return hasOutcome(Outcome.Kind.OUT_OF_SCOPE);
    }

    /**
     * Asserts that the router gave the question to a person.
     *
     * @return these assertions
     */
    public AnswerAssert isHandedOver() {
        return hasOutcome(Outcome.Kind.HANDED_OVER);
    }

    /**
     * Asserts how the question ended.
     *
     * @param kind the kind of outcome
     * @return these assertions
     */
    public AnswerAssert hasOutcome(Outcome.Kind kind) {
        return require(
                answer.outcome().kind() == kind,
                "the outcome " + kind,
                kind,
                answer.outcome().kind(),
                null);
    }

    /**
     * Asserts that texts stand in the answer as they are.
     *
     * @param texts the texts, all of which must be there
     * @return these assertions
     */
    public AnswerAssert contains(String... texts) {
        for (String text : texts) {
            require(answer.text().contains(text), "an answer that contains " + quoted(text), text, answer.text(), null);
        }
        return this;
    }

    /**
     * Asserts that texts do not stand in the answer.
     *
     * @param texts the texts, none of which may be there
     * @return these assertions
     */
    public AnswerAssert doesNotContain(String... texts) {
        for (String text : texts) {
            if (answer.text().contains(text)) {
                throw failure("an answer that does not contain " + quoted(text), null);
            }
        }
        return this;
    }

    /**
     * Asserts that a pattern is found in the answer.
     *
     * @param pattern the pattern, found anywhere unless it is anchored
     * @return these assertions
     */
    public AnswerAssert containsPattern(Pattern pattern) {
        return require(
                pattern.matcher(answer.text()).find(),
                "an answer in which " + quoted(pattern.pattern()) + " is found",
                pattern.pattern(),
                answer.text(),
                null);
    }

    /**
     * Asserts that the answer is a text, but for case, punctuation, articles and spaces, as {@link AnswerNormalizer}
     * compares.
     *
     * @param text the text
     * @return these assertions
     */
    public AnswerAssert equalsNormalized(String text) {
        String wanted = AnswerNormalizer.normalize(text);
        String given = AnswerNormalizer.normalize(answer.text());
        return require(
                wanted.equals(given),
                "an answer that equals " + quoted(text) + " once both are normalised",
                text,
                answer.text(),
                WordDiff.between(wanted, given));
    }

    /**
     * Asserts that the question is answered and the words of one of the expected outputs stand in the answer, as
     * {@link Metrics#containsExpected()} has it.
     *
     * @param example an example that expects an output
     * @return these assertions
     * @throws IllegalArgumentException when it expects none
     */
    public AnswerAssert containsExpectedOf(Example example) {
        requireExpected(example);
        return require(
                Metrics.containsExpected().passed(example, answer),
                "an answer that contains " + alternatives(example),
                String.join("\n", example.expected()),
                answer.text(),
                null);
    }

    /**
     * Asserts that the question is answered and the normalised answer equals one of the expected outputs, as
     * {@link Metrics#exactMatch()} has it.
     *
     * @param example an example that expects an output
     * @return these assertions
     * @throws IllegalArgumentException when it expects none
     */
    public AnswerAssert equalsExpectedOf(Example example) {
        requireExpected(example);
        return require(
                Metrics.exactMatch().passed(example, answer),
                "an answer that equals " + alternatives(example),
                String.join("\n", example.expected()),
                answer.text(),
                WordDiff.between(
                        AnswerNormalizer.normalize(example.expected().get(0)),
                        AnswerNormalizer.normalize(answer.text())));
    }

    /**
     * Asserts that the answer passes a metric; a question that failed passes none.
     *
     * @param metric the metric
     * @param example the example that was asked
     * @return these assertions
     */
    public AnswerAssert passes(Metric metric, Example example) {
        boolean passed = answer.outcome().kind() != Outcome.Kind.FAILED && metric.passed(example, answer);
        return require(
                passed,
                "an answer that passes '" + metric.name() + "'; right would be "
                        + (example.expected().isEmpty() ? "no answer" : alternatives(example)),
                String.join("\n", example.expected()),
                answer.text(),
                null);
    }

    /**
     * Asserts that each sentence of the answer stands on passages, by {@link GroundednessValidator} with its defaults.
     *
     * @param passages the passages, not none
     * @return these assertions
     */
    public AnswerAssert isGroundedIn(List<Passage> passages) {
        if (passages.isEmpty()) {
            throw failure("an answer that stands on passages", "  passages  none\n");
        }
        isAnswered();
        ValidationContext context = ValidationContext.of(answer.interaction().question(), passages);
        StringBuilder ungrounded = new StringBuilder();
        for (TextSpan span : Sentences.split(answer.text())) {
            String sentence = span.of(answer.text());
            for (Finding finding : GROUNDEDNESS.validate(sentence, context).findings()) {
                ungrounded
                        .append("  sentence  ")
                        .append(sentence.strip())
                        .append("\n            ")
                        .append(finding.message())
                        .append('\n');
            }
        }
        if (!ungrounded.isEmpty()) {
            throw failure("an answer that stands on the passages", ungrounded.toString());
        }
        return this;
    }

    /**
     * Asserts that each sentence of the answer stands on texts.
     *
     * @param texts the texts, not none
     * @return these assertions
     */
    public AnswerAssert isGroundedIn(String... texts) {
        List<Passage> passages = new ArrayList<>();
        for (String text : texts) {
            passages.add(new Passage("text-" + (passages.size() + 1), TextSegment.from(text), 0));
        }
        return isGroundedIn(passages);
    }

    /**
     * Asserts that each sentence of the answer stands on the passages that were retrieved for it.
     *
     * @return these assertions
     */
    public AnswerAssert isGrounded() {
        return isGroundedIn(answer.interaction().passages());
    }

    /**
     * Asserts that the answer cites documents.
     *
     * @param sources paths or addresses as citations have them, or their last parts: {@code refunds.md} for
     *     {@code returns/refunds.md}; all must be cited
     * @return these assertions
     */
    public AnswerAssert cites(String... sources) {
        List<String> cited =
                answer.citations().stream().map(Citation::source).distinct().toList();
        for (String source : sources) {
            boolean found = cited.stream().anyMatch(other -> other.equals(source) || other.endsWith("/" + source));
            require(
                    found,
                    "an answer that cites " + source,
                    source,
                    String.join("\n", cited),
                    "  cited     " + (cited.isEmpty() ? "nothing" : String.join(", ", cited)) + "\n");
        }
        return this;
    }

    /**
     * Asserts that the answer is JSON that a schema allows; needs {@code com.networknt:json-schema-validator}.
     *
     * @param schema the JSON Schema, of draft 2020-12 unless it names another
     * @return these assertions
     * @throws IllegalStateException when the validator is not on the class path
     */
    public AnswerAssert matchesSchema(String schema) {
        List<String> errors;
        try {
            JsonSchemaCheck check = JsonSchemaCheck.of("the assertion", schema);
            errors = JsonCheck.errors(answer.text(), check::errors);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "checking an answer by its JSON Schema needs com.networknt:json-schema-validator;"
                            + " add it to the test class path",
                    e);
        }
        return requireNoErrors("JSON that the schema allows", errors);
    }

    /**
     * Asserts that the answer is JSON with exactly the components of a record, of its types.
     *
     * @param type the record class
     * @return these assertions
     */
    public AnswerAssert matchesSchema(Class<? extends Record> type) {
        return requireNoErrors(
                "JSON that " + type.getSimpleName() + " can be read from", JsonCheck.errors(type, answer.text()));
    }

    /**
     * Asserts what the answer cost, at given prices.
     *
     * @param prices what tokens cost
     * @param limit what it must cost less than
     * @return these assertions
     */
    public AnswerAssert costsLessThan(TokenPrices prices, BigDecimal limit) {
        return costsLessThan(
                prices.cost(
                        answer.interaction().inputTokens(), answer.interaction().outputTokens()),
                limit);
    }

    /**
     * Asserts what the answer cost, at the application's prices.
     *
     * @param limit what it must cost less than
     * @return these assertions
     * @throws IllegalStateException when the application has no prices
     */
    public AnswerAssert costsLessThan(BigDecimal limit) {
        return costsLessThan(
                answer.cost()
                        .orElseThrow(() -> new IllegalStateException("the cost of the answer is not known, as its"
                                + " application has no prices; set prices(...) there, or give them here")),
                limit);
    }

    /**
     * Asserts how many tokens the answer used, of input and output together, over all calls.
     *
     * @param tokens the most it may use
     * @return these assertions
     */
    public AnswerAssert usesAtMostTokens(int tokens) {
        int used = answer.interaction().inputTokens() + answer.interaction().outputTokens();
        return require(
                used <= tokens,
                "an answer of at most " + tokens + " tokens",
                tokens,
                used,
                "  tokens    " + used + "\n");
    }

    /**
     * Asserts how long the answer took; replayed answers take next to no time.
     *
     * @param limit the longest it may take
     * @return these assertions
     */
    public AnswerAssert answersWithin(Duration limit) {
        Duration taken = answer.interaction().duration();
        return require(
                taken.compareTo(limit) <= 0, "an answer within " + limit, limit, taken, "  took      " + taken + "\n");
    }

    /**
     * Asserts that no validator found anything.
     *
     * @return these assertions
     */
    public AnswerAssert hasNoFindings() {
        return require(answer.findings().isEmpty(), "an answer without findings", "", findings(), null);
    }

    /**
     * Asserts that a validator found something.
     *
     * @param code the code of the finding
     * @return these assertions
     */
    public AnswerAssert hasFinding(String code) {
        return require(
                answer.findings().stream().anyMatch(finding -> finding.code().equals(code)),
                "the finding " + code,
                code,
                findings(),
                null);
    }

    private AnswerAssert costsLessThan(BigDecimal cost, BigDecimal limit) {
        return require(
                cost.compareTo(limit) < 0,
                "an answer that costs less than " + limit.toPlainString(),
                limit,
                cost,
                "  cost      " + cost.toPlainString() + "\n");
    }

    private AnswerAssert requireNoErrors(String expectation, List<String> errors) {
        if (!errors.isEmpty()) {
            throw failure(expectation, "  errors    " + String.join("\n            ", errors) + "\n");
        }
        return this;
    }

    private static void requireExpected(Example example) {
        if (example.expected().isEmpty()) {
            throw new IllegalArgumentException("example '" + example.id() + "' expects no output and is compared with"
                    + " one; add 'expected' to it, or assert isAbstained()");
        }
    }

    private AnswerAssert require(
            boolean holds, String expectation, Object expected, Object actual, @Nullable String more) {
        if (!holds) {
            throw new AssertionFailedError(message(expectation, more), expected, actual, cause());
        }
        return this;
    }

    private AssertionFailedError failure(String expectation, @Nullable String more) {
        return new AssertionFailedError(message(expectation, more), cause());
    }

    private @Nullable Throwable cause() {
        return answer.outcome() instanceof Outcome.Failed failed
                ? failed.cause().orElse(null)
                : null;
    }

    private String message(String expectation, @Nullable String more) {
        return (description == null ? "" : "[" + description + "] ")
                + "expected " + expectation + "\n"
                + "  question  " + indented(answer.interaction().question()) + "\n"
                + "  got       " + answer.outcome().label() + ": " + indented(answer.text()) + "\n"
                + "  findings  " + indented(findings()) + "\n"
                + (more == null ? "" : more);
    }

    private String findings() {
        return answer.findings().isEmpty()
                ? "none"
                : String.join(
                        "\n",
                        answer.findings().stream()
                                .map(finding -> finding.severity() + " " + finding.validator() + "/" + finding.code()
                                        + ": " + finding.message())
                                .toList());
    }

    private static String alternatives(Example example) {
        return String.join(
                " or ", example.expected().stream().map(AnswerAssert::quoted).toList());
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String indented(String text) {
        return text.replace("\n", "\n            ");
    }
}
