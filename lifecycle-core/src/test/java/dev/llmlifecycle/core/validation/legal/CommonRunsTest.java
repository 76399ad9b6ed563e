package dev.llmlifecycle.core.validation.legal;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

@NullMarked
final class CommonRunsTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @DisplayName("the longest runs are those that comparing everything with everything finds")
    void findsWhatTheObviousWayFinds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            WordSequence answer = WordSequence.of(text(random, 1 + random.nextInt(40), 3));
            WordSequence source = WordSequence.of(text(random, random.nextInt(60), 4));

            assertThat(CommonRuns.of(answer).lengths(source))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(obvious(answer, source));
        }
    }

    @Test
    void staysLinearWhateverIsRepeated() {
        WordSequence same = WordSequence.of("a ".repeat(400_000));
        WordSequence alternating = WordSequence.of("a b ".repeat(200_000) + "c");

        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            CommonRuns runs = CommonRuns.of(same);
            assertThat(Arrays.stream(runs.lengths(same)).max().orElse(0)).isEqualTo(400_000);
            assertThat(Arrays.stream(runs.lengths(alternating)).max().orElse(0)).isEqualTo(1);
            assertThat(Arrays.stream(CommonRuns.of(alternating).lengths(alternating))
                            .max()
                            .orElse(0))
                    .isEqualTo(400_001);
        });
    }

    private static String text(SplittableRandom random, int words, int alphabet) {
        return random.ints(words, 0, alphabet).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }

    private static int[] obvious(WordSequence answer, WordSequence source) {
        int[] longest = new int[answer.size()];
        for (int end = 0; end < answer.size(); end++) {
            for (int other = 0; other < source.size(); other++) {
                int length = 0;
                while (length <= Math.min(end, other)
                        && answer.word(end - length).equals(source.word(other - length))) {
                    length++;
                }
                longest[end] = Math.max(longest[end], length);
            }
        }
        return longest;
    }
}
