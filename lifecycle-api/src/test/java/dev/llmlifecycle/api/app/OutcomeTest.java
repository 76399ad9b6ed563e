package dev.llmlifecycle.api.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.Finding;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class OutcomeTest {

    private static final Interaction INTERACTION = Interaction.builder("i1", Instant.EPOCH, "why")
            .release(Hash.ofUtf8("release"))
            .citations(List.of(new Citation(1, "p1", "a.md")))
            .findings(List.of(new Finding("v", "code", Finding.Severity.INFO, "odd", Optional.empty())))
            .cost(Optional.of(new BigDecimal("0.01")))
            .build();

    @Test
    void everyOutcomeHasAKindALabelAndAText() {
        List<Outcome> outcomes = List.of(
                new Outcome.Answered("text"),
                new Outcome.Abstained("text"),
                new Outcome.AskedBack("text"),
                new Outcome.Blocked("text", "v"),
                new Outcome.OutOfScope("text"),
                new Outcome.HandedOver("text", "team"),
                new Outcome.Failed("model", "text", Optional.empty()));

        assertThat(outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.values());
        assertThat(outcomes)
                .extracting(Outcome::label)
                .containsExactly(
                        "answered", "abstained", "asked-back", "blocked", "out-of-scope", "handed-over", "failed");
        assertThat(outcomes).extracting(Outcome::text).containsOnly("text");
    }

    @Test
    void anAnswerShowsWhatItsInteractionHolds() {
        Answer answer = new Answer(new Outcome.Answered("because"), INTERACTION);

        assertThat(answer.text()).isEqualTo("because");
        assertThat(answer.isAnswered()).isTrue();
        assertThat(answer.orElseThrow()).isEqualTo("because");
        assertThat(answer.interactionId()).isEqualTo("i1");
        assertThat(answer.release()).contains(Hash.ofUtf8("release"));
        assertThat(answer.citations()).isEqualTo(INTERACTION.citations());
        assertThat(answer.findings()).isEqualTo(INTERACTION.findings());
        assertThat(answer.cost()).contains(new BigDecimal("0.01"));
    }

    @Test
    void everyOtherOutcomeThrowsWhenAnAnswerIsAskedFor() {
        IllegalStateException cause = new IllegalStateException("underneath");
        assertThrown(new Outcome.Failed("model", "The endpoint is silent; start it", Optional.of(cause)))
                .withMessage("The question ended as failed at step model: The endpoint is silent; start it")
                .withCause(cause);
        assertThrown(new Outcome.Failed("model", "The endpoint is silent; start it", Optional.empty()))
                .withNoCause();
        assertThrown(new Outcome.Blocked("secret words of the user", "privacy"))
                .withMessage("The question ended as blocked by validator privacy; look at the findings of the answer");
        assertThrown(new Outcome.Abstained("secret words of the user"))
                .withMessage("The question ended as abstained; ask for Answer.outcome() where that is expected");
    }

    @Test
    void anExceptionKeepsItsOutcomeUntilItIsSerialised() throws Exception {
        NoAnswerException exception = new NoAnswerException(new Outcome.Abstained("text"));
        assertThat(exception.outcome()).isEqualTo(new Outcome.Abstained("text"));

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(exception);
        NoAnswerException copy =
                (NoAnswerException) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(copy).hasMessage(exception.getMessage());
        assertThatIllegalStateException()
                .isThrownBy(copy::outcome)
                .withMessage("the outcome is not carried over serialisation; read the message instead");
    }

    @Test
    void pricesMultiplyExactly() {
        TokenPrices prices = new TokenPrices(new BigDecimal("0.15"), new BigDecimal("0.60"));

        assertThat(prices.cost(1_000, 500)).isEqualByComparingTo("0.00045");
        assertThat(prices.cost(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEqualByComparingTo("1610.61273525");
        assertThat(prices.cost(0, 0)).isZero();
    }

    @Test
    void equalPricesAreEqualHoweverTheyAreWritten() {
        TokenPrices prices = new TokenPrices(new BigDecimal("30.00"), new BigDecimal("0.60"));

        assertThat(prices).isEqualTo(new TokenPrices(new BigDecimal("3e1"), new BigDecimal("0.6")));
        assertThat(prices.inputPerMillion()).hasToString("30");
    }

    @Test
    void pricesAndCountsAreNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenPrices(BigDecimal.ONE, new BigDecimal("-1")))
                .withMessage("token prices must not be negative but were 1 and -1; use 0 for what is free");
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenPrices(new BigDecimal("-1"), BigDecimal.ONE));
        TokenPrices free = new TokenPrices(BigDecimal.ZERO, BigDecimal.ZERO);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> free.cost(-1, 2))
                .withMessage("token counts must not be negative but were -1 and 2; use 0 where unknown");
        assertThatIllegalArgumentException().isThrownBy(() -> free.cost(1, -2));
    }

    private static ThrowableAssertAlternative<NoAnswerException> assertThrown(Outcome outcome) {
        Answer answer = new Answer(outcome, INTERACTION);
        assertThat(answer.isAnswered()).isFalse();
        return assertThatExceptionOfType(NoAnswerException.class).isThrownBy(answer::orElseThrow);
    }
}
