package dev.llmlifecycle.core.reasoning;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class MajorityVoteTest {

    private static MajorityVote vote(int samples, double confidence, String... keys) {
        MajorityVote vote = MajorityVote.of(samples, confidence);
        for (String key : keys) {
            vote.add(key);
        }
        return vote;
    }

    @Test
    @DisplayName("the probability is that of Beta(v1 + 1, v2 + 1) above one half")
    void probability() {
        assertThat(vote(9, 1).probability()).isEqualTo(0.5);
        assertThat(vote(9, 1, "a", "a").probability()).isEqualTo(0.875);
        assertThat(vote(9, 1, "a", "a", "a").probability()).isEqualTo(0.9375);
        assertThat(vote(9, 1, "a", "b", "a", "a").probability()).isCloseTo(0.8125, within(1e-12));
        assertThat(vote(9, 1, "a", "b", "c").probability()).isEqualTo(0.5);
    }

    @Test
    void settlesAtTheConfidence() {
        assertThat(vote(9, 0.9, "a", "a").settled()).isFalse();
        assertThat(vote(9, 0.9, "a", "a", "a").settled()).isTrue();
        assertThat(vote(9, 0.9, "a").settled()).isFalse();
    }

    @Test
    void settlesForCertainWhenNobodyCanCatchUp() {
        assertThat(vote(4, 1, "a", "a").settled()).isFalse();
        assertThat(vote(4, 1, "a", "a", "a").settled()).isTrue();
        assertThat(vote(1, 1, "a").settled()).isTrue();
    }

    @Test
    void theFirstOfATieWins() {
        assertThat(vote(4, 1, "b", "a", "a", "b").winner()).contains("b");
        assertThat(vote(4, 1).winner()).isEmpty();
        assertThat(vote(4, 1, "b", "a", "a").share()).isCloseTo(2 / 3.0, within(1e-12));
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException().isThrownBy(() -> MajorityVote.of(101, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> MajorityVote.of(3, Double.NaN));
        assertThatIllegalStateException().isThrownBy(() -> vote(1, 1, "a").add("b"));
    }
}
