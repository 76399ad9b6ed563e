package dev.llmlifecycle.retrieval.vector.internal;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class BitsTest {

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void combinesLikeTheSetsOfThePlatform(SplittableRandom random) {
        int length = random.nextInt(200);
        BitSet left = random(random, length);
        BitSet right = random(random, length);
        Bits bits = Bits.of(left, length);

        assertSame(bits.and(Bits.of(right, length)), length, combined(left, right, BitSet::and));
        assertSame(bits.or(Bits.of(right, length)), length, combined(left, right, BitSet::or));
        assertSame(bits.andNot(Bits.of(right, length)), length, combined(left, right, BitSet::andNot));
        assertSame(bits.not(), length, combined(left, right, (result, other) -> result.flip(0, length)));
        assertSame(Bits.all(length), length, combined(left, right, (result, other) -> result.set(0, length)));
        assertSame(Bits.none(length), length, new BitSet());
        assertSame(bits.filter(right::get), length, combined(left, right, BitSet::and));
        assertSame(Bits.ofWords(bits.toWords(), length), length, left);
        assertThat(bits.toBitSet()).isEqualTo(left);
        for (int from = 0; from < length + 130; from++) {
            assertThat(bits.next(from)).isEqualTo(left.nextSetBit(from));
        }
    }

    @Test
    void setsOfTheSameOrdinalsAndLengthAreEqual() {
        Bits bits = Bits.ofWords(new long[] {1}, 3);

        assertThat(bits)
                .isEqualTo(Bits.ofWords(new long[] {1 + 8, 5}, 3))
                .hasSameHashCodeAs(Bits.ofWords(new long[] {1}, 3))
                .isNotEqualTo(Bits.ofWords(new long[] {1}, 4))
                .isNotEqualTo(Bits.none(3))
                .hasToString("1 of 3");
        assertThat(bits.isEmpty()).isFalse();
        assertThat(Bits.none(3).isEmpty()).isTrue();
    }

    @Test
    void setsOfDifferentLengthsAreNotCombined() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bits.all(3).and(Bits.all(4)))
                .withMessage("a set of 3 ordinals cannot be combined with one of 4; "
                        + "combine sets of one segment and snapshot");
    }

    private static BitSet random(SplittableRandom random, int length) {
        BitSet set = new BitSet();
        double share = random.nextDouble();
        IntStream.range(0, length).filter(i -> random.nextDouble() < share).forEach(set::set);
        return set;
    }

    private static BitSet combined(BitSet left, BitSet right, BiConsumer<BitSet, BitSet> operation) {
        BitSet result = (BitSet) left.clone();
        operation.accept(result, right);
        return result;
    }

    private static void assertSame(Bits actual, int length, BitSet expected) {
        BitSet seen = new BitSet();
        actual.forEach(seen::set);
        assertThat(seen).isEqualTo(expected);
        assertThat(actual.length()).isEqualTo(length);
        assertThat(actual.cardinality()).isEqualTo(expected.cardinality());
        assertThat(IntStream.range(0, length).filter(actual::get).toArray())
                .containsExactly(expected.stream().toArray());
    }
}
