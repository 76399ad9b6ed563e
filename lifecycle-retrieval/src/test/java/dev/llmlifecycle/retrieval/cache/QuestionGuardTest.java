package dev.llmlifecycle.retrieval.cache;

import java.util.Optional;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class QuestionGuardTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "QUANTITY | How do I return 3 shirts? | How do I return 4 shirts?",
                "QUANTITY | Is there a fee for 5 kg? | Is there a fee for 5 km?",
                "QUANTITY | Is there a fee above $50? | Is there a fee above \u20ac50?",
                "QUANTITY | What does it cost in euros? | What does it cost in dollars?",
                "QUANTITY | Do I need two tickets? | Do I need three tickets?",
                "QUANTITY | Do I need twenty two tickets? | Do I need 23 tickets?",
                "QUANTITY | Is it decoded to 16kHz? | Is it decoded to 48kHz?",
                "QUANTITY | \u06f5 \u06a9\u06cc\u0644\u0648 | \u06f6 \u06a9\u06cc\u0644\u0648",
                "QUANTITY | I am waiting, it has been a week | I am waiting, it has been a month",
                "QUANTITY | Is it 1 week, or maybe two weeks? | Is it a month, or maybe two weeks?",
                "DATE | Are you open on Monday? | Are you open on Tuesday?",
                "DATE | Are you open in March? | Are you open in May?",
                "DATE | What did it cost in 2015? | What did it cost in 2016?",
                "DATE | Will it rain today? | Will it rain tomorrow?",
                "DATE | What is today's rate? | What is yesterday's rate?",
                "DATE | What is due next week? | What is due last week?",
                "NEGATION | Can I return it? | Can't I return it?",
                "NEGATION | Is shipping with a receipt free? | Is shipping without a receipt free?",
                "NEGATION | Kann ich es zur\u00fcckgeben? | Kann ich es nicht zur\u00fcckgeben?",
                "NEGATION | \u6211\u53ef\u4ee5\u9000\u8d27 | \u6211\u4e0d\u53ef\u4ee5\u9000\u8d27",
                "NAME | How do I connect to Oracle? | How do I connect to MySQL?",
                "NAME | How do I reset the password of Acme? | How do I reset the password?",
                "NAME | Does it run on v2.10.0? | Does it run on v2.11.0?",
                "NAME | Where is order AB-1234? | Where is order AB-1235?",
                "OPPOSITE | How do I enable alerts? | How do I disable alerts?",
                "OPPOSITE | What is the cheapest plan? | What is the dearest plan?",
                "OPPOSITE | Must I pay before delivery? | Must I pay after delivery?",
                "OPPOSITE | How do I subscribe? | How do I unsubscribe?",
                "OPPOSITE | Is this plan supported? | Is this plan unsupported?",
                "ASKED | Who sold the shop? | When was the shop sold?",
                "ASKED | In which year did the shop open? | What did the shop open?",
                "ASKED | When did they join it? | What led them to join it?",
                "ASKED | How many parcels come? | Where do parcels come?"
            })
    void tellsApart(QuestionGuard guard, String one, String other) {
        assertThat(differs(one, other)).contains(guard);
        assertThat(differs(other, one)).contains(guard);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "How long does a refund take? | When will I get my refund?",
                "How do I return 1,000 shirts? | How can I give 1000 shirts back?",
                "Do I need two tickets? | Are 2 tickets needed?",
                "Do I need twenty two tickets? | Are 22 tickets needed?",
                "What is the reason for it? | Why is that so?",
                "What year did it open in? | When did it open?",
                "What is the price of a ticket? | How much is the ticket?",
                "What is the price of a day ticket? | What does the day ticket cost?",
                "It takes 1 week? | Does it take a week?",
                "Is there a fee above 50 euros? | Is a fee due above \u20ac50?",
                "Is it decoded to 16kHz? | Is it decoded to 16 kHz?",
                "Audio is decoded to 16 kHz | To 16kHz audio is decoded",
                "Can't I return it? | Can I not return it?",
                "Are you open on Mondays? | Do you open on Monday?",
                "Does Machine Learning need data? | Does ML need data?",
                "Does SageMaker train? | Does Sage Maker train?",
                "HOW DO I PAY THE BILL? | how do I pay the bill",
                "I want to pay | How do I pay?",
                "Refunds take how long? | How long do refunds take?"
            })
    void letsPass(String one, String other) {
        assertThat(differs(one, other)).isEmpty();
        assertThat(differs(other, one)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "?!", "\ud83d\ude00", "\ud800", "a_", "3.", "1-", "\u0301", "'", "x'", "5%", "%5"})
    void takesWhateverComes(String text) {
        assertThat(differs(text, text)).isEmpty();
    }

    @Test
    void takesTimeInProportionToTheLength() {
        for (String piece : new String[] {"1,", "1-", "a'", "two hundred ", "Not A ", "9", "v2."}) {
            String text = piece.repeat(100_000 / piece.length());
            assertThat(differs(text, text)).isEmpty();
        }
    }

    private static Optional<QuestionGuard> differs(String one, String other) {
        return QuestionMarks.of(one).differs(QuestionMarks.of(other));
    }
}
