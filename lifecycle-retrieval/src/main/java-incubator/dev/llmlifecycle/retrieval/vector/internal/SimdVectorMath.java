package dev.llmlifecycle.retrieval.vector.internal;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.NullMarked;

/** SIMD loops by the Vector API, with only what JDK 17 and later ones share of it; four sums hide the latency. */
@NullMarked
final class SimdVectorMath implements VectorMath {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= length - 4 * LANES; i += 4 * LANES) {
            int p = aOffset + i;
            int q = bOffset + i;
            s0 = FloatVector.fromArray(SPECIES, a, p).fma(FloatVector.fromArray(SPECIES, b, q), s0);
            s1 = FloatVector.fromArray(SPECIES, a, p + LANES).fma(FloatVector.fromArray(SPECIES, b, q + LANES), s1);
            s2 = FloatVector.fromArray(SPECIES, a, p + 2 * LANES)
                    .fma(FloatVector.fromArray(SPECIES, b, q + 2 * LANES), s2);
            s3 = FloatVector.fromArray(SPECIES, a, p + 3 * LANES)
                    .fma(FloatVector.fromArray(SPECIES, b, q + 3 * LANES), s3);
        }
        for (; i <= length - LANES; i += LANES) {
            s0 = FloatVector.fromArray(SPECIES, a, aOffset + i)
                    .fma(FloatVector.fromArray(SPECIES, b, bOffset + i), s0);
        }
        float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            sum += a[aOffset + i] * b[bOffset + i];
        }
        return sum;
    }

    @Override
    public float squaredDistance(float[] a, int aOffset, float[] b, int bOffset, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        int i = 0;
        for (; i <= length - 2 * LANES; i += 2 * LANES) {
            int p = aOffset + i;
            int q = bOffset + i;
            FloatVector d0 = FloatVector.fromArray(SPECIES, a, p).sub(FloatVector.fromArray(SPECIES, b, q));
            FloatVector d1 =
                    FloatVector.fromArray(SPECIES, a, p + LANES).sub(FloatVector.fromArray(SPECIES, b, q + LANES));
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
        }
        for (; i <= length - LANES; i += LANES) {
            FloatVector d =
                    FloatVector.fromArray(SPECIES, a, aOffset + i).sub(FloatVector.fromArray(SPECIES, b, bOffset + i));
            s0 = d.fma(d, s0);
        }
        float sum = s0.add(s1).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            float d = a[aOffset + i] - b[bOffset + i];
            sum += d * d;
        }
        return sum;
    }

    @Override
    public String toString() {
        return "SIMD, " + LANES + " floats at once";
    }
}
