package dev.llmlifecycle.retrieval.lexical;

import java.util.List;
import java.util.Locale;

import dev.langchain4j.data.segment.TextSegment;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpellingVocabularyTest {

    private static final SpellingVocabulary WORDS = SpellingVocabulary.of(List.of(
            "Refunds take five days. A subscription can be cancelled.",
            "Refunds of a subscription; cancelled orders; Rückgabe, Гарантия",
            "refunds only once refunding Rückgabe Гарантия",
            "refunded refunded Refunded"));

    @Test
    @DisplayName("A misspelt word becomes the nearest word of the corpus, with its capital")
    void corrects() {
        assertThat(WORDS.correct("How are refnuds paid?")).isEqualTo(correction("How are refunds paid?", 1));
        assertThat(WORDS.correct("Refunsd for a subscriptoin")).isEqualTo(correction("Refunds for a subscription", 2));
        assertThat(WORDS.correct("subcsripton")).isEqualTo(correction("subscription", 1));
        assertThat(WORDS.correct("Rückgbe, гарантя?")).isEqualTo(correction("Rückgabe, гарантия?", 2));
    }

    @Test
    @DisplayName("What is known, short, far, in capitals, of another first letter or part of a name is left alone")
    void leavesAlone() {
        for (String question : List.of(
                "refunding", // known, once
                "rfnds", // too far for its length
                "efunds", // another first letter
                "REFNUDS",
                "refnuds2",
                "mail@refnuds",
                "a be",
                "退款需要多久",
                "คืนเงิน",
                "",
                "   ")) {
            assertThat(WORDS.correct(question)).isEqualTo(correction(question, 0));
        }
    }

    @Test
    @DisplayName("Of a long question, so many words are looked at and the rest stays")
    void looksAtSoManyWords() {
        String question = "refnuds ".repeat(12_500);

        SpellingVocabulary.Correction correction = WORDS.correct(question);

        assertThat(correction.replaced()).isEqualTo(SpellingVocabulary.MOST_CORRECTED);
        assertThat(correction.text()).hasSize(question.length()).endsWith("refnuds ");
        assertThat(WORDS.correct("я".repeat(100_000)).replaced()).isZero();
    }

    @Test
    @DisplayName("An index gives the words of its texts as they are written, whatever its language")
    void collectsFromAnIndex() {
        try (LexicalIndex index =
                LexicalIndex.builder().language(Locale.ENGLISH).build()) {
            index.addAll(List.of(entry("1", "Policies apply."), entry("2", "The policies."), entry("3", "gone gone")));
            index.remove(List.of("3"));

            SpellingVocabulary words = index.vocabulary();

            assertThat(words.size()).isEqualTo(3);
            assertThat(words.correct("polices").text()).isEqualTo("policies");
            assertThat(words.id())
                    .isEqualTo(SpellingVocabulary.of(List.of("the policies", "policies apply"))
                            .id())
                    .isNotEqualTo(WORDS.id());
        }
    }

    private static LexicalEntry entry(String id, String text) {
        return new LexicalEntry(id, TextSegment.from(text));
    }

    private static SpellingVocabulary.Correction correction(String text, int replaced) {
        return new SpellingVocabulary.Correction(text, replaced);
    }
}
