package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

@NullMarked
final class WordDiffTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsTheLongestCommonSubsequence(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            String before = text(random, random.nextInt(30));
            String after = text(random, random.nextInt(30));

            assertThat(WordDiff.kept(before, after))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(longestCommon(before, after));
        }
    }

    @Test
    void comparesLongTextsSentenceBySentence() {
        String before = sentences(1_000, "");
        String after = "New words. " + sentences(1_000, "").replace("number 500 ", "figure 500 ") + " The end.";

        assertThat(WordSequence.of(before).size()).isEqualTo(6_000);
        assertThat(WordDiff.kept(before, after)).isEqualTo(5_999);
    }

    @Test
    void staysBoundedWhereNothingIsAlike() {
        String before = sentences(30_000, "a");
        String after = sentences(30_000, "b");

        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThat(WordDiff.kept(before, after)).isZero());
    }

    private static String sentences(int count, String prefix) {
        return IntStream.range(0, count)
                .mapToObj(i -> "Of all " + prefix + "x number " + prefix + i + " " + prefix + "stays.")
                .collect(Collectors.joining(" "));
    }

    private static String text(SplittableRandom random, int words) {
        return random.ints(words, 0, 4).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }

    private static int longestCommon(String before, String after) {
        WordSequence a = WordSequence.of(before);
        WordSequence b = WordSequence.of(after);
        int[][] longest = new int[a.size() + 1][b.size() + 1];
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                longest[i][j] = a.word(i - 1).equals(b.word(j - 1))
                        ? longest[i - 1][j - 1] + 1
                        : Math.max(longest[i - 1][j], longest[i][j - 1]);
            }
        }
        return longest[a.size()][b.size()];
    }
}
