package dev.llmlifecycle.eval.junit;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.eval.metric.Metrics;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatAnswer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class AnswerAssertTest {

    private static final Example FIVE = Example.builder("q1", "How long does a refund take?")
            .expected("five working days", "a week")
            .build();
    private static final Example UNKNOWN =
            Example.builder("q2", "What is the weather?").build();
    private static final Finding FINDING = new Finding(
            "groundedness",
            "ungrounded-number",
            Finding.Severity.ERROR,
            "The number 7 stands in no passage",
            Optional.empty());

    @Test
    void aRightAnswerPassesAll() {
        Answer answer = answer(
                "Refunds take five working days [1].",
                builder -> builder.citations(List.of(new Citation(1, "p1", "returns/refunds.md")))
                        .tokens(900, 100)
                        .cost(Optional.of(new BigDecimal("0.002")))
                        .duration(Duration.ofMillis(300)));

        assertThatAnswer(answer)
                .isAnswered()
                .contains("five", "days")
                .doesNotContain("weeks")
                .containsPattern(Pattern.compile("\\[\\d\\]"))
                .containsExpectedOf(FIVE)
                .passes(Metrics.answersOrAbstains(), FIVE)
                .equalsNormalized("refunds take five working days 1")
                .isGroundedIn("Refunds take five working days after the parcel has arrived.")
                .cites("returns/refunds.md", "refunds.md")
                .costsLessThan(new BigDecimal("0.01"))
                .costsLessThan(new TokenPrices(BigDecimal.ONE, BigDecimal.TEN), new BigDecimal("0.01"))
                .usesAtMostTokens(1000)
                .answersWithin(Duration.ofSeconds(1))
                .hasNoFindings();
    }

    @Test
    void aWrongAnswerShowsAllThereIsToKnow() {
        Answer answer = answer("Refunds take\n7 days.", builder -> builder.findings(List.of(FINDING)));

        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertThatAnswer(answer).as("q1").containsExpectedOf(FIVE))
                .withMessage("""
                        [q1] expected an answer that contains "five working days" or "a week"
                          question  How long does a refund take?
                          got       answered: Refunds take
                                    7 days.
                          findings  ERROR groundedness/ungrounded-number: The number 7 stands in no passage
                        """)
                .satisfies(failure -> {
                    assertThat(failure.getExpected().getStringRepresentation()).isEqualTo("five working days\na week");
                    assertThat(failure.getActual().getStringRepresentation()).isEqualTo("Refunds take\n7 days.");
                });
    }

    @Test
    void textsThatDifferShowWhere() {
        Answer answer = answer("Refunds take 7 working days", builder -> {});

        assertFails(
                () -> assertThatAnswer(answer).equalsNormalized("The refunds take 5 days!"),
                "diff      refunds take [-5-] {+7+} {+working+} days");
        assertFails(
                () -> assertThatAnswer(answer).equalsExpectedOf(FIVE),
                "diff      [-five-] {+refunds+} {+take+} {+7+} working days");
    }

    @Test
    void outcomesAreTold() {
        assertThatAnswer(of(new Outcome.Abstained("No."))).isAbstained().passes(Metrics.answersOrAbstains(), UNKNOWN);
        assertThatAnswer(of(new Outcome.Blocked("No.", "pii"))).isBlocked().isBlockedBy("pii");
        assertThatAnswer(of(new Outcome.OutOfScope("No."))).isOutOfScope();
        assertThatAnswer(of(new Outcome.HandedOver("Wait.", "desk"))).isHandedOver();

        assertFails(
                () -> assertThatAnswer(of(new Outcome.Abstained("No."))).isAnswered(),
                "expected the outcome ANSWERED\n  question  How long does a refund take?\n  got       abstained: No.");
        assertFails(
                () -> assertThatAnswer(of(new Outcome.Blocked("No.", "pii"))).isBlockedBy("legal"),
                "expected blocked by legal");
        IllegalStateException cause = new IllegalStateException("down");
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertThatAnswer(of(new Outcome.Failed("model", "It is down", Optional.of(cause))))
                        .passes(Metrics.abstains(), FIVE))
                .withCause(cause);
    }

    @Test
    void sentencesThatStandOnNothingAreNamed() {
        Answer answer = answer("Refunds take five days. They cost 40 euros.", builder -> {});

        assertFails(
                () -> assertThatAnswer(answer).isGroundedIn("Refunds take five days."),
                "  sentence  They cost 40 euros.\n            The number 40 stands in no passage\n");
        assertFails(() -> assertThatAnswer(answer).isGrounded(), "  passages  none");
    }

    @Test
    void costsTokensTimesFindingsAndCitationsAreTold() {
        Answer answer = answer(
                "x",
                builder ->
                        builder.tokens(900, 100).duration(Duration.ofSeconds(3)).findings(List.of(FINDING)));

        assertThatAnswer(answer).hasFinding("ungrounded-number");
        assertFails(() -> assertThatAnswer(answer).hasFinding("pii"), "expected the finding pii");
        assertFails(() -> assertThatAnswer(answer).hasNoFindings(), "expected an answer without findings");
        assertFails(() -> assertThatAnswer(answer).usesAtMostTokens(999), "  tokens    1000\n");
        assertFails(() -> assertThatAnswer(answer).answersWithin(Duration.ofSeconds(1)), "  took      PT3S\n");
        assertFails(() -> assertThatAnswer(answer).cites("a.md"), "  cited     nothing\n");
        assertFails(() -> assertThatAnswer(answer).contains("y"), "that contains \"y\"");
        assertFails(() -> assertThatAnswer(answer).doesNotContain("x"), "that does not contain \"x\"");
        assertFails(() -> assertThatAnswer(answer).containsPattern(Pattern.compile("y+")), "in which \"y+\" is found");
        assertFails(
                () -> assertThatAnswer(answer)
                        .costsLessThan(new TokenPrices(BigDecimal.ONE, BigDecimal.ONE), new BigDecimal("0.001")),
                "  cost      0.001000\n");
        assertThatIllegalStateException()
                .isThrownBy(() -> assertThatAnswer(answer).costsLessThan(BigDecimal.ONE))
                .withMessageContaining("its application has no prices");
    }

    @Test
    void anExampleThatExpectsNothingIsNamed() {
        Answer answer = answer("x", builder -> {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThatAnswer(answer).containsExpectedOf(UNKNOWN))
                .withMessage("example 'q2' expects no output and is compared with one; add 'expected' to it, or assert"
                        + " isAbstained()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThatAnswer(answer).equalsExpectedOf(UNKNOWN));
    }

    /** What an answer should be read into. */
    record Refund(int days, String currency) {}

    @Test
    void jsonIsCheckedByASchemaOrARecord() {
        String schema = """
                {"type": "object", "required": ["days"], "properties": {"days": {"type": "integer"}}}""";
        Answer good = answer("{\"days\": 5, \"currency\": \"EUR\"}", builder -> {});
        assertThatAnswer(good).matchesSchema(schema).matchesSchema(Refund.class);

        Answer bad = answer("{\"days\": \"five\"}", builder -> {});
        assertFails(() -> assertThatAnswer(bad).matchesSchema(schema), "  errors    /days: ");
        assertFails(() -> assertThatAnswer(bad).matchesSchema(Refund.class), "JSON that Refund can be read from");
        Answer missing = answer("{\"days\": 5}", builder -> {});
        assertFails(() -> assertThatAnswer(missing).matchesSchema(Refund.class), "currency");
        Answer text = answer("Five days.", builder -> {});
        assertFails(() -> assertThatAnswer(text).matchesSchema(schema), "it is not JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThatAnswer(good).matchesSchema("{"))
                .withMessageContaining("the JSON schema of the assertion cannot be used");
    }

    @Test
    void longTextsAreComparedUpToALimit() {
        String many = "word ".repeat(1_000);

        assertThat(WordDiff.between("this " + many, "other " + many))
                .startsWith("  diff      [-this-] {+other+} word word")
                .hasSizeLessThan(3_000);
        assertThat(WordDiff.between("", "a")).isEqualTo("  diff      {+a+}\n");
    }

    private static void assertFails(ThrowingCallable assertion, String message) {
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(assertion)
                .withMessageContaining(message);
    }

    private static Answer of(Outcome outcome) {
        Interaction interaction = Interaction.builder("i1", Instant.EPOCH, "How long does a refund take?")
                .outcome(outcome.label(), outcome.text())
                .build();
        return new Answer(outcome, interaction);
    }

    private static Answer answer(String text, Consumer<Interaction.Builder> more) {
        Interaction.Builder interaction = Interaction.builder("i1", Instant.EPOCH, "How long does a refund take?")
                .outcome("answered", text);
        more.accept(interaction);
        return new Answer(new Outcome.Answered(text), interaction.build());
    }
}
