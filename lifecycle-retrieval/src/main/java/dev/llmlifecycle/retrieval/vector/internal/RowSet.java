package dev.llmlifecycle.retrieval.vector.internal;

/** Rows that are being collected, for {@link Bits}. */
final class RowSet {

    private final int length;
    private final long[] words;

    RowSet(int length) {
        this.length = length;
        this.words = new long[(length + 63) >>> 6];
    }

    int length() {
        return length;
    }

    void add(int row) {
        words[row >>> 6] |= 1L << row;
    }

    /** Adds a row if a bit is 1, and does nothing if it is 0. */
    void add(int row, int bit) {
        words[row >>> 6] |= (long) bit << row;
    }

    /** Adds up to 64 adjacent rows, the lowest bit for the lowest. */
    void addAll(int word, long rows) {
        words[word] |= rows;
    }

    Bits toBits() {
        return Bits.ofWords(words, length);
    }
}
