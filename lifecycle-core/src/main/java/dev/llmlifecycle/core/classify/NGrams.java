package dev.llmlifecycle.core.classify;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;

import dev.llmlifecycle.core.internal.JsonObject;

/**
 * Sequences of words and letters of a text, hashed into buckets; docs/reference/classifier-format.md defines the hash.
 *
 * @param buckets how many buckets, a power of two
 * @param words how many words a sequence has at most
 * @param shortest how many letters a sequence inside a word has at least; 0 for no sequences of letters
 * @param longest how many it has at most
 */
record NGrams(int buckets, int words, int shortest, int longest) {

    /** What is behind this is not looked at: a longer text is known by its beginning. */
    static final int MAX_CHARACTERS = 20_000;

    private static final int MAX_WORD = 40;
    private static final char EDGE = '_';
    private static final int FNV_OFFSET = 0x811C9DC5;
    private static final int FNV_PRIME = 0x01000193;
    private static final int WORD_KIND = 1;
    private static final int LETTER_KIND = 2;

    NGrams {
        if (Integer.bitCount(buckets) != 1 || buckets < 16 || buckets > 1 << 20) {
            throw new IllegalArgumentException("n-grams need a power of two from 16 to 1048576 as the number of"
                    + " buckets but got " + buckets + "; 4096 suits most");
        }
        if (words < 0 || words > 5 || shortest < 0 || shortest > longest || longest > 8) {
            throw new IllegalArgumentException("n-grams need up to 5 words and from 0 to 8 letters but got " + words
                    + " words and " + shortest + " to " + longest + " letters; 2 words and 3 to 5 letters suit most");
        }
    }

    /**
     * The buckets of a text with the number of sequences in each.
     *
     * @param buckets ascending
     * @param counts as many
     */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Counts(int[] buckets, int[] counts) {

        static final Counts NONE = new Counts(new int[0], new int[0]);
    }

    Counts count(String text) {
        Hashes hashes = new Hashes();
        hash(words(text), hashes);
        int[] all = hashes.sorted();
        int[] buckets = new int[all.length];
        int[] counts = new int[all.length];
        int size = 0;
        for (int each : all) {
            if (size == 0 || buckets[size - 1] != each) {
                buckets[size++] = each;
            }
            counts[size - 1]++;
        }
        return new Counts(Arrays.copyOf(buckets, size), Arrays.copyOf(counts, size));
    }

    /**
     * Returns the words and sequences of words of a text with their buckets, in the order of their first place. The
     * letters of a word belong to the word; what several share belongs to the first.
     */
    Map<String, Set<Integer>> named(String text) {
        Map<String, Set<Integer>> named = new LinkedHashMap<>();
        Set<Integer> taken = new HashSet<>();
        List<String> words = words(text);
        for (int i = 0; i < words.size(); i++) {
            Set<Integer> own = named.computeIfAbsent(words.get(i), word -> new TreeSet<>());
            hash(words.subList(i, i + 1), bucket -> add(bucket, own, taken));
        }
        for (int i = 0; i < words.size(); i++) {
            StringBuilder sequence = new StringBuilder(words.get(i));
            for (int n = 1; n < this.words && i + n < words.size(); n++) {
                sequence.append(' ').append(words.get(i + n));
                Set<Integer> own = named.computeIfAbsent(sequence.toString(), key -> new TreeSet<>());
                add(bucket(WORD_KIND, sequence, 0, sequence.length()), own, taken);
            }
        }
        return named;
    }

    private static void add(int bucket, Set<Integer> own, Set<Integer> taken) {
        if (taken.add(bucket)) {
            own.add(bucket);
        }
    }

    Map<String, Object> toCanonical() {
        return Map.of("buckets", buckets, "words", words, "shortest", shortest, "longest", longest);
    }

    static NGrams read(JsonObject json) {
        return new NGrams(
                json.integer("buckets"), json.integer("words"), json.integer("shortest"), json.integer("longest"));
    }

    /** Splits into words: runs of letters, digits and marks; an ideograph or a symbol is a word of its own. */
    static List<String> words(String text) {
        String start = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
        String normal = Normalizer.normalize(start, Normalizer.Form.NFKC);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int length = Math.min(normal.length(), MAX_CHARACTERS);
        for (int i = 0; i < length; ) {
            int point = normal.codePointAt(i);
            i += Character.charCount(point);
            boolean alone = Character.isIdeographic(point) || isSymbol(point);
            if (alone || !isPartOfWord(point) || word.length() >= MAX_WORD) {
                flush(word, words);
            }
            if (alone) {
                words.add(Character.toString(point));
            } else if (isPartOfWord(point)) {
                word.appendCodePoint(Character.toLowerCase(point));
            }
        }
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (word.length() > 0) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static boolean isPartOfWord(int point) {
        if (Character.isLetterOrDigit(point)) {
            return true;
        }
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK || point == '\'';
    }

    private static boolean isSymbol(int point) {
        int type = Character.getType(point);
        return type == Character.OTHER_SYMBOL
                || type == Character.CURRENCY_SYMBOL
                || (type == Character.MATH_SYMBOL && point > 127);
    }

    private void hash(List<String> words, IntConsumer sink) {
        for (int i = 0; i < words.size(); i++) {
            int hash = step(FNV_OFFSET, WORD_KIND);
            for (int n = 0; n < this.words && i + n < words.size(); n++) {
                String word = words.get(i + n);
                hash = n == 0 ? hash : step(hash, ' ');
                for (int k = 0; k < word.length(); k++) {
                    hash = step(hash, word.charAt(k));
                }
                sink.accept(finish(hash));
            }
            String padded = EDGE + words.get(i) + EDGE;
            letters(padded, (start, end) -> sink.accept(bucket(LETTER_KIND, padded, start, end)));
        }
    }

    private void letters(String padded, Range sink) {
        for (int n = Math.max(1, shortest); n <= longest; n++) {
            for (int start = 0; start + n <= padded.length(); start++) {
                boolean splitsPair = Character.isLowSurrogate(padded.charAt(start))
                        || Character.isHighSurrogate(padded.charAt(start + n - 1));
                if (!splitsPair) {
                    sink.accept(start, start + n);
                }
            }
        }
    }

    private int bucket(int kind, CharSequence text, int start, int end) {
        int hash = step(FNV_OFFSET, kind);
        for (int i = start; i < end; i++) {
            hash = step(hash, text.charAt(i));
        }
        return finish(hash);
    }

    /** Takes two bytes, the lower one first, as FNV-1a does. */
    private static int step(int hash, int character) {
        int low = (hash ^ (character & 0xff)) * FNV_PRIME;
        return (low ^ (character >>> 8)) * FNV_PRIME;
    }

    /** Mixes as the end of MurmurHash3 does, so that the lowest bits depend on all. */
    private int finish(int hash) {
        int h = hash;
        h ^= h >>> 16;
        h *= 0x85EBCA6B;
        h ^= h >>> 13;
        h *= 0xC2B2AE35;
        h ^= h >>> 16;
        return h & (buckets - 1);
    }

    /** Takes a range of characters. */
    private interface Range {
        void accept(int start, int end);
    }

    /** A growing list of numbers. */
    private static final class Hashes implements IntConsumer {

        private int[] values = new int[256];
        private int size;

        @Override
        public void accept(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        int[] sorted() {
            int[] sorted = Arrays.copyOf(values, size);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
