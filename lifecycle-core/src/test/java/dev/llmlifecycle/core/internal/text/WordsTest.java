package dev.llmlifecycle.core.internal.text;

import java.time.Duration;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

@NullMarked
class WordsTest {

    @Test
    void areLowerCaseAndInOrder() {
        assertThat(Words.all("The Refund, of 14 days!")).containsExactly("the", "refund", "of", "14", "day");
        assertThat(Words.content("The Refund, of 14 days!")).containsExactly("refund", "14", "day");
    }

    @ParameterizedTest
    @CsvSource({
        "refunds, refund",
        "companies, company",
        "branches, branch",
        "businesses, business",
        "business, business",
        "status, status",
        "charging, charge",
        "charge, charged",
        "stopped, stop",
        "stopping, stops",
        "returned, return",
        "cafe\u0301s, café",
        "ﬁles, files"
    })
    void thatOnlyDifferInTheirEndingsAreOne(String one, String other) {
        assertThat(Words.all(one)).hasSize(1).isEqualTo(Words.all(other));
    }

    @ParameterizedTest
    @CsvSource({"bus, bus", "is, is", "red, red", "sing, sing", "as, as", "gas, gas"})
    void thatAreShortStayAsTheyAre(String word, String same) {
        assertThat(Words.all(word)).containsExactly(same);
    }

    @Test
    void leaveOffWhatFollowsAnApostrophe() {
        assertThat(Words.content("What's Anna’s refund? It's here")).containsExactly("anna", "refund");
    }

    @Test
    void areSingleWhereNothingDividesIdeographs() {
        assertThat(Words.all("退款需要14天 naïve日")).containsExactly("退", "款", "需", "要", "14", "天", "naïv", "日");
    }

    @Test
    void keepNumbersAsTheyAreWritten() {
        assertThat(Words.all("1,000.50 at 10:30 on 2026 ½ １２"))
                .containsExactly("1,000.50", "at", "10:30", "on", "2026", "1⁄2", "12");
        assertThat(Words.isNumber("14")).isTrue();
        assertThat(Words.isNumber("a14")).isFalse();
        assertThat(Words.isNumber("")).isFalse();
    }

    @Test
    void ofOtherScriptsAreWords() {
        assertThat(Words.all("Привет мир, 你好 \ud835\udc00b")).containsExactly("привет", "мир", "你", "好", "ab");
    }

    @Test
    void ofAbsurdLengthAreLeftOut() {
        assertThat(Words.all("a".repeat(201) + " ok")).containsExactly("ok");
        assertThat(Words.all("a".repeat(200))).hasSize(1);
    }

    @Test
    void areFoundInTimeInAnyText() {
        assertTimeout(Duration.ofSeconds(20), () -> {
            assertThat(Words.all("1" + ".1".repeat(500_000))).isEmpty();
            assertThat(Words.all("x" + "\u0301\u0323".repeat(250_000))).isEmpty();
            assertThat(Words.all("a'".repeat(250_000))).isNotEmpty();
            assertThat(Words.all("(".repeat(1 << 20))).isEmpty();
        });
    }
}
