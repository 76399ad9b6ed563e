package dev.llmlifecycle.retrieval.vector.internal;

import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Runs twice in the build: without the Vector API, and with it. */
@NullMarked
final class VectorMathTest {

    private static final boolean MODULE =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    static Stream<VectorMath> loops() {
        return Stream.concat(Stream.of(new ScalarVectorMath()), VectorMathProvider.simd().stream());
    }

    @Test
    void loopsAreSimdWhereTheModuleIs() {
        assertThat(VectorMathProvider.simd().isPresent()).isEqualTo(MODULE);
        assertThat(VectorMath.best().toString()).startsWith(MODULE ? "SIMD" : "scalar");
    }

    @Test
    void theModuleIsThereWhenItIsAskedFor() {
        assertThat(MODULE).isEqualTo(Boolean.getBoolean("vector.simd"));
    }

    @ParameterizedTest
    @MethodSource("loops")
    void sumsAreThoseOfDoublesWhateverTheLengthAndOffset(VectorMath math) {
        SplittableRandom random = new SplittableRandom(7);
        for (int length = 0; length < 150; length++) {
            int aOffset = random.nextInt(20);
            int bOffset = random.nextInt(20);
            float[] a = vector(random, aOffset + length + 3);
            float[] b = vector(random, bOffset + length + 3);
            double dot = 0;
            double squares = 0;
            double size = 1e-6;
            for (int i = 0; i < length; i++) {
                double x = a[aOffset + i];
                double y = b[bOffset + i];
                dot += x * y;
                squares += (x - y) * (x - y);
                size += Math.abs(x * y) + (x - y) * (x - y);
            }
            assertThat((double) math.dot(a, aOffset, b, bOffset, length))
                    .as("length %s", length)
                    .isCloseTo(dot, within(1e-6 * size));
            assertThat((double) math.squaredDistance(a, aOffset, b, bOffset, length))
                    .as("length %s", length)
                    .isCloseTo(squares, within(1e-6 * size));
        }
    }

    private static float[] vector(SplittableRandom random, int length) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        return vector;
    }
}
