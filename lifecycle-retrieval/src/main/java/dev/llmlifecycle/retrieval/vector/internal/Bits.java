package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/** A set of ordinals from 0 to below a length, one bit each; immutable. */
public final class Bits {

    private final long[] words;
    private final int length;
    private final int cardinality;

    private Bits(long[] words, int length) {
        this.words = words;
        this.length = length;
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        this.cardinality = count;
    }

    /** Returns no ordinal out of so many. */
    public static Bits none(int length) {
        return new Bits(new long[wordCount(length)], length);
    }

    /** Returns all ordinals below the length. */
    public static Bits all(int length) {
        long[] words = new long[wordCount(length)];
        Arrays.fill(words, -1L);
        return new Bits(clearBeyond(words, length), length);
    }

    /**
     * Takes over words of 64 ordinals each, lowest first.
     *
     * @param words not to be changed afterwards; may be shorter or longer than the length asks for
     * @param length ordinals are below it; bits beyond are dropped
     */
    public static Bits ofWords(long[] words, int length) {
        return new Bits(clearBeyond(Arrays.copyOf(words, wordCount(length)), length), length);
    }

    /** Copies a bit set; bits beyond the length are dropped. */
    public static Bits of(BitSet set, int length) {
        return ofWords(set.toLongArray(), length);
    }

    /** Says whether an ordinal below the length is in. */
    public boolean get(int ordinal) {
        return (words[ordinal >>> 6] & (1L << ordinal)) != 0;
    }

    /** Says whether no ordinal is in. */
    public boolean isEmpty() {
        return cardinality == 0;
    }

    /** Returns how many ordinals are in. */
    public int cardinality() {
        return cardinality;
    }

    /** Returns the length: no ordinal is as large. */
    public int length() {
        return length;
    }

    /** Returns the first ordinal from here on that is in, or -1. */
    public int next(int from) {
        if (from >= length) {
            return -1;
        }
        int index = from >>> 6;
        long word = words[index] & (-1L << from);
        while (word == 0) {
            if (++index == words.length) {
                return -1;
            }
            word = words[index];
        }
        return (index << 6) + Long.numberOfTrailingZeros(word);
    }

    /** Gives each ordinal that is in, lowest first. */
    public void forEach(IntConsumer action) {
        for (int i = 0; i < words.length; i++) {
            for (long word = words[i]; word != 0; word &= word - 1) {
                action.accept((i << 6) + Long.numberOfTrailingZeros(word));
            }
        }
    }

    /** Returns what is in and passes a test, which is asked lowest first. */
    public Bits filter(IntPredicate test) {
        long[] result = new long[words.length];
        forEach(ordinal -> {
            if (test.test(ordinal)) {
                result[ordinal >>> 6] |= 1L << ordinal;
            }
        });
        return new Bits(result, length);
    }

    /** Returns what is in both, which have one length. */
    public Bits and(Bits other) {
        long[] result = copyFor(other);
        for (int i = 0; i < result.length; i++) {
            result[i] &= other.words[i];
        }
        return new Bits(result, length);
    }

    /** Returns what is in either, which have one length. */
    public Bits or(Bits other) {
        long[] result = copyFor(other);
        for (int i = 0; i < result.length; i++) {
            result[i] |= other.words[i];
        }
        return new Bits(result, length);
    }

    /** Returns what is in this and not in the other, which have one length. */
    public Bits andNot(Bits other) {
        long[] result = copyFor(other);
        for (int i = 0; i < result.length; i++) {
            result[i] &= ~other.words[i];
        }
        return new Bits(result, length);
    }

    /** Returns what is not in. */
    public Bits not() {
        return all(length).andNot(this);
    }

    /** Returns a copy that can be changed. */
    public BitSet toBitSet() {
        return BitSet.valueOf(words);
    }

    /** Returns a copy of the words of 64 ordinals each, lowest first. */
    public long[] toWords() {
        return words.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bits bits && length == bits.length && Arrays.equals(words, bits.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }

    @Override
    public String toString() {
        return cardinality + " of " + length;
    }

    private long[] copyFor(Bits other) {
        if (other.length != length) {
            throw new IllegalArgumentException("a set of " + length + " ordinals cannot be combined with one of "
                    + other.length + "; combine sets of one segment and snapshot");
        }
        return words.clone();
    }

    private static int wordCount(int length) {
        return (length + 63) >>> 6;
    }

    private static long[] clearBeyond(long[] words, int length) {
        if ((length & 63) != 0) {
            words[words.length - 1] &= -1L >>> -length;
        }
        return words;
    }
}
