package dev.llmlifecycle.core.extractive;

import java.util.HashSet;
import java.util.Set;

import dev.llmlifecycle.core.internal.text.Words;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class AnswerKindTest {

    @ParameterizedTest
    @CsvSource({
        "DURATION, How long does a refund take?",
        "DURATION, For how many years can I download it?",
        "SHARE, What percentage of the parcels is late?",
        "PRICE, How much is a new tank?",
        "PRICE, What does half a kilo cost?",
        "PRICE, whats the most i can pay in one go",
        "NUMBER, How many phones can I pair?",
        "NUMBER, What is the maximum weight of a parcel?",
        "DATE, When was the bridge opened?",
        "DATE, The bridge was opened when?",
        "DATE, In which year did the shop open?"
    })
    void isToldByTheWordsOfTheQuestion(AnswerKind kind, String question) {
        assertThat(AnswerKind.askedBy(question)).containsExactly(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "Who wrote the book?",
        "What happens when the parcel is lost?",
        "Can I return it?",
        "Wie lange dauert es?",
        "''"
    })
    void isNotGuessed(String question) {
        assertThat(AnswerKind.askedBy(question)).isEmpty();
    }

    @Test
    void ofEachClauseCounts() {
        assertThat(AnswerKind.askedBy("How long does a repair take, and what does it cost?"))
                .containsExactly(AnswerKind.DURATION, AnswerKind.PRICE);
    }

    @ParameterizedTest
    @CsvSource({
        "DURATION, A repair takes eleven working days.",
        "DURATION, You get it the same day.",
        "SHARE, It is one fifth of all.",
        "PRICE, The tank costs 23.60 EUR.",
        "PRICE, Delivery is free.",
        "NUMBER, Up to five phones can be paired.",
        "NUMBER, It weighs 31.5 kg.",
        "DATE, It was opened in 1932.",
        "DATE, You hear from us within a week."
    })
    void standsInASentence(AnswerKind kind, String sentence) {
        assertThat(kind.standsIn(sentence, Set.of())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DURATION, A repair takes place in Hamburg.",
        "DURATION, It is valid until 31 January 2026.",
        "PRICE, The tank holds 2 litres.",
        "NUMBER, It was closed on 31 January 2026.",
        "DATE, It is red."
    })
    void isMissing(AnswerKind kind, String sentence) {
        assertThat(kind.standsIn(sentence, Set.of())).isFalse();
    }

    @Test
    void isNotWhatTheQuestionSaysItself() {
        Set<String> words = new HashSet<>(Words.all("How many of my 18 points are left?"));

        assertThat(AnswerKind.NUMBER.standsIn("You have 18 points.", words)).isFalse();
        assertThat(AnswerKind.NUMBER.standsIn("Of 18 points, 3 are left.", words))
                .isTrue();
    }

    @Test
    void isToldQuicklyInLongTexts() {
        String question = "what ".repeat(20_000);

        assertThat(AnswerKind.askedBy(question)).isEmpty();
        assertThat(AnswerKind.DURATION.standsIn("1".repeat(20_000), Set.of())).isFalse();
    }
}
