package dev.llmlifecycle.eval.statistics;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.statistics.Interval;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class AnytimeValidTest {

    private static final int[] TEN = {1, 0, 1, 1, 1, 0, 1, 1, 1, 1};

    private static double[] passes(int count) {
        return IntStream.range(0, count).mapToDouble(i -> TEN[i % 10]).toArray();
    }

    @Test
    void theSequenceAgreesWithAnIndependentComputation() {
        assertInterval(passes(100), 0.665, 0.898);
        assertInterval(passes(20), 0.495, 0.975);
        assertInterval(
                IntStream.range(0, 200).mapToDouble(i -> (i * 37) % 101 / 101.0).toArray(), 0.429, 0.555);
    }

    private static void assertInterval(double[] values, double low, double high) {
        BettingConfidenceSequence sequence = BettingConfidenceSequence.ofProportion(0.95);
        for (double value : values) {
            sequence.observe(value);
        }
        assertThat(sequence.count()).isEqualTo(values.length);
        assertThat(sequence.interval().low()).isCloseTo(low, within(1e-9));
        assertThat(sequence.interval().high()).isCloseTo(high, within(1e-9));
    }

    @Test
    void theSequenceStartsWithTheWholeRangeAndOnlyNarrows() {
        BettingConfidenceSequence sequence = BettingConfidenceSequence.of(-1, 1, 0.9);
        assertThat(sequence.interval()).isEqualTo(new Interval(-1, 1, 0.9));
        Interval before = sequence.interval();
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 300; i++) {
            sequence.observe(random.nextInt(3) - 1);
            Interval now = sequence.interval();
            assertThat(now.low()).isGreaterThanOrEqualTo(before.low());
            assertThat(now.high()).isLessThanOrEqualTo(before.high());
            before = now;
        }
        assertThat(before.contains(0)).isTrue();
        assertThat(before.high() - before.low()).isLessThan(0.5);
    }

    @Test
    void aSequenceThatNoMeanExplainsKeepsItsLastInterval() {
        BettingConfidenceSequence sequence = BettingConfidenceSequence.ofProportion(0.5);
        IntStream.range(0, 3_000).forEach(i -> sequence.observe(0));
        IntStream.range(0, 3_000).forEach(i -> sequence.observe(1));
        assertThat(sequence.interval().low())
                .isLessThanOrEqualTo(sequence.interval().high());
        assertThat(sequence.interval().high()).isLessThan(0.1);
    }

    @Test
    void theSequenceCoversAtEveryLookTogether() {
        int runs = 300;
        int missed = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(run);
            BettingConfidenceSequence sequence = BettingConfidenceSequence.ofProportion(0.9);
            boolean always = true;
            for (int i = 0; i < 300; i++) {
                sequence.observe(random.nextDouble() < 0.3 ? 1 : 0);
                always &= sequence.interval().contains(0.3);
            }
            missed += always ? 0 : 1;
        }
        // 0.1 and four standard errors.
        assertThat(missed / (double) runs).isLessThan(0.1 + 4 * Math.sqrt(0.09 / runs));
    }

    @Test
    void theEProcessAgreesWithAnIndependentComputation() {
        BettingEProcess process = BettingEProcess.of(0, 1, 0.5, 0.05);
        for (double value : passes(30)) {
            process.observe(value);
        }
        assertThat(process.value()).isCloseTo(138.5123453335622, within(1e-9));
        assertThat(process.pValue()).isLessThanOrEqualTo(1 / process.value());
        assertThat(process.count()).isEqualTo(30);
    }

    @Test
    void theEProcessRaisesFalseAlarmsNoMoreOftenThanItSaysHoweverOftenOneLooks() {
        int runs = 1_000;
        int alarms = 0;
        int seen = 0;
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(run);
            BettingEProcess same = BettingEProcess.of(-1, 1, 0, 0.05);
            BettingEProcess better = BettingEProcess.of(-1, 1, 0, 0.05);
            for (int i = 0; i < 300; i++) {
                int difference = random.nextInt(3) - 1;
                same.observe(difference);
                better.observe(random.nextInt(4) == 0 ? 1 : difference);
            }
            alarms += same.pValue() <= 0.05 ? 1 : 0;
            seen += better.pValue() <= 0.05 ? 1 : 0;
        }
        assertThat(alarms / (double) runs).isLessThan(0.05 + 4 * Math.sqrt(0.0475 / runs));
        assertThat(seen / (double) runs).isGreaterThan(0.9);
    }

    @Test
    void theEProcessAgainstTheLowestValueIsRuinedByNothing() {
        BettingEProcess process = BettingEProcess.of(0, 1, 0, 0.05);
        process.observe(0);
        assertThat(process.value()).isEqualTo(1);
        process.observe(0.5);
        assertThat(process.value()).isGreaterThan(1);
    }

    @Test
    void wrongInputSaysWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BettingConfidenceSequence.of(1, 1, 0.9))
                .withMessage("a bounded mean needs a finite range with low < high but got [1.0, 1.0]; use [0, 1] for "
                        + "success rates, [-1, 1] for their differences");
        BettingConfidenceSequence sequence = BettingConfidenceSequence.ofProportion(0.9);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sequence.observe(1.5))
                .withMessage("a value must be in the declared range [0.0, 1.0] but was 1.5; declare the range before "
                        + "the first value");
        assertThatIllegalArgumentException().isThrownBy(() -> sequence.observe(Double.NaN));
        assertThat(sequence.count()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> BettingEProcess.of(0, 1, 2, 0.05));
        assertThatIllegalArgumentException().isThrownBy(() -> BettingEProcess.of(0, 1, 0.5, 0));
    }
}
