package dev.llmlifecycle.core.classify;

import java.util.Arrays;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class NGramsTest {

    private final NGrams grams = new NGrams(4_096, 2, 3, 5);

    /** The numbers that docs/reference/classifier-format.md gives: who changes them makes old files useless. */
    @Test
    void hashesAsTheFormatSays() {
        assertThat(new NGrams(4_096, 1, 0, 0).count("Refund").buckets()).containsExactly(4053);
        assertThat(new NGrams(4_096, 2, 0, 0).count("Refund me").buckets()).contains(2033);
        assertThat(new NGrams(4_096, 0, 3, 3).count("re").buckets())
                .contains(745)
                .hasSize(2);
        assertThat(new NGrams(4_096, 0, 3, 4).count("re re").counts()).containsExactly(2, 2, 2);
    }

    @Test
    void namesWordsAndWhatFollowsEachOther() {
        assertThat(grams.named("Refund me, refund").keySet()).containsExactly("refund", "me", "refund me", "me refund");
    }

    @Test
    void splitsIntoWords() {
        assertThat(NGrams.words("Don't PAY 20 \u20ac, caf\u00e9 \ud83d\ude00\ud83d\ude00!"))
                .containsExactly("don't", "pay", "20", "\u20ac", "caf\u00e9", "\ud83d\ude00", "\ud83d\ude00");
        assertThat(NGrams.words("\u8fd4\u91d1 please")).containsExactly("\u8fd4", "\u91d1", "please");
        assertThat(NGrams.words("\uff32efund cafe\u0301")).containsExactly("refund", "caf\u00e9");
        assertThat(NGrams.words(" \n\t .,;")).isEmpty();
        assertThat(NGrams.words("x".repeat(100))).hasSize(3).allMatch(word -> word.length() <= 40);
        assertThat(NGrams.words("ab ".repeat(1_000_000))).hasSizeLessThanOrEqualTo(NGrams.MAX_CHARACTERS / 3 + 1);
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void countsWhatItNames(SplittableRandom random) {
        String text =
                Seeds.text(random, 30, "refund", "Me", " ", "\ud83d\ude00", "\ud83d", "\u0301", "\u8fd4", "'", "-");
        NGrams.Counts counts = grams.count(text);
        assertThat(counts.buckets()).isSorted().doesNotHaveDuplicates();
        assertThat(Arrays.stream(counts.buckets()).boxed())
                .containsExactlyInAnyOrderElementsOf(grams.named(text).values().stream()
                        .flatMap(java.util.Set::stream)
                        .toList());
        assertThat(counts.counts()).hasSameSizeAs(counts.buckets()).doesNotContain(0);
    }
}
