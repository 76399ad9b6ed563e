package dev.llmlifecycle.core.examples;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TermsTest {

    @Test
    void wordsHaveNoCaseAndNoPunctuation() {
        assertThat(Terms.words("Refund, REFUND! refund?").size()).isEqualTo(1);
        assertThat(Terms.words("Refund, REFUND! refund?").total()).isEqualTo(3);
        assertThat(Terms.words("a refund").shared(Terms.words("Refund-a"))).isEqualTo(2);
        assertThat(Terms.words(" .,;\u0000 ").size()).isZero();
    }

    @Test
    void charactersOfAScriptWithoutSpacesAreWords() {
        assertThat(Terms.words("退款要多久").size()).isEqualTo(5);
        assertThat(Terms.words("退款abc多").total()).isEqualTo(4);
        assertThat(Terms.words("退款多久").shared(Terms.words("多少退款"))).isEqualTo(3);
    }

    @Test
    void aMarkBelongsToItsWord() {
        assertThat(Terms.words("हिन्दी भाषा").total()).isEqualTo(2);
    }

    @Test
    void normalTextsDifferInWordsOnly() {
        assertThat(Terms.normal("  Where IS my\n\nrefund?! ")).isEqualTo("where is my refund");
        assertThat(Terms.normal("ｆｕｌｌ ﬁne")).isEqualTo("full fine");
        assertThat(Terms.normal(" ?? ")).isEqualTo("??");
    }

    @Test
    void aShortTextIsOneRun() {
        assertThat(Terms.grams("abc", 5).size()).isEqualTo(1);
        assertThat(Terms.grams("abcdef", 5).size()).isEqualTo(2);
        assertThat(Terms.grams("", 5).size()).isZero();
        assertThat(Terms.grams("abcdef", 5).jaccard(Terms.grams("abcdef", 5))).isEqualTo(1);
        assertThat(Terms.NONE.jaccard(Terms.NONE)).isZero();
    }
}
