package dev.llmlifecycle.retrieval.vector.internal;

/** A row with its closeness in one long that sorts by closeness first. */
final class Ranked {

    private Ranked() {}

    static long of(float closeness, int row) {
        int bits = Float.floatToIntBits(closeness);
        return (long) (bits ^ ((bits >> 31) & 0x7fffffff)) << 32 | row;
    }

    static float closeness(long ranked) {
        int bits = (int) (ranked >> 32);
        return Float.intBitsToFloat(bits ^ ((bits >> 31) & 0x7fffffff));
    }

    static int row(long ranked) {
        return (int) ranked;
    }
}
