package dev.llmlifecycle.core.examples;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * The words or runs of characters of a text, each by a hash of 64 bits, so that erased text leaves none behind.
 *
 * @see "FNV-1a, with the finaliser of MurmurHash3"
 */
final class Terms {

    static final Terms NONE = new Terms(new long[0], new int[0], 0);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long[] values;
    private final int[] counts;
    private final int total;

    private Terms(long[] values, int[] counts, int total) {
        this.values = values;
        this.counts = counts;
        this.total = total;
    }

    /** Returns the words of a text in lower case; a character of a script without spaces is a word of its own. */
    static Terms words(String text) {
        long[] found = new long[16];
        int size = 0;
        long hash = FNV_OFFSET;
        boolean inWord = false;
        for (int i = 0; i <= text.length(); ) {
            int character = i < text.length() ? text.codePointAt(i) : ' ';
            boolean alone = isAlone(character);
            if (inWord && (alone || !isPartOfWord(character))) {
                found = size == found.length ? Arrays.copyOf(found, 2 * size) : found;
                found[size++] = mix(hash);
                hash = FNV_OFFSET;
                inWord = false;
            }
            if (isPartOfWord(character)) {
                hash = (hash ^ Character.toLowerCase(character)) * FNV_PRIME;
                inWord = true;
            }
            if (alone) {
                found = size == found.length ? Arrays.copyOf(found, 2 * size) : found;
                found[size++] = mix(hash);
                hash = FNV_OFFSET;
                inWord = false;
            }
            i += Character.charCount(character);
        }
        return counted(found, size);
    }

    /** Returns the runs of {@code n} characters of a text; a shorter text is one run. */
    static Terms grams(String text, int n) {
        if (text.isEmpty()) {
            return NONE;
        }
        int size = Math.max(1, text.length() - n + 1);
        long[] found = new long[size];
        for (int start = 0; start < size; start++) {
            long hash = FNV_OFFSET;
            for (int i = start; i < Math.min(start + n, text.length()); i++) {
                hash = (hash ^ text.charAt(i)) * FNV_PRIME;
            }
            found[start] = mix(hash);
        }
        return counted(found, size);
    }

    /**
     * Returns a text without what does not tell it from another: in the form NFKC, in lower case, with one space for
     * whatever is neither letter nor digit. A text of nothing else stays as it is.
     */
    static String normal(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder normal = new StringBuilder(composed.length());
        for (int i = 0; i < composed.length(); ) {
            int character = composed.codePointAt(i);
            if (isPartOfWord(character)) {
                normal.appendCodePoint(Character.toLowerCase(character));
            } else if (!normal.isEmpty() && normal.charAt(normal.length() - 1) != ' ') {
                normal.append(' ');
            }
            i += Character.charCount(character);
        }
        String stripped = normal.toString().strip();
        return stripped.isEmpty() ? composed.strip() : stripped;
    }

    /** Returns a hash of a seed and texts that looks drawn by chance. */
    static long draw(long seed, String first, String second) {
        long hash = mix(FNV_OFFSET ^ seed);
        for (int i = 0; i < first.length(); i++) {
            hash = (hash ^ first.charAt(i)) * FNV_PRIME;
        }
        hash = mix(hash);
        for (int i = 0; i < second.length(); i++) {
            hash = (hash ^ second.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    private static boolean isPartOfWord(int character) {
        if (Character.isLetterOrDigit(character)) {
            return true;
        }
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isAlone(int character) {
        if (character < 0x0E00) {
            return false;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(character);
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA
                || script == Character.UnicodeScript.THAI;
    }

    static long mix(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    private static Terms counted(long[] found, int size) {
        if (size == 0) {
            return NONE;
        }
        long[] sorted = Arrays.copyOf(found, size);
        Arrays.sort(sorted);
        int[] counts = new int[size];
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            if (i > 0 && sorted[i] == sorted[i - 1]) {
                counts[distinct - 1]++;
            } else {
                sorted[distinct] = sorted[i];
                counts[distinct++] = 1;
            }
        }
        return new Terms(Arrays.copyOf(sorted, distinct), Arrays.copyOf(counts, distinct), size);
    }

    /** Returns how many different ones there are. */
    int size() {
        return values.length;
    }

    /** Returns how many there are with repetitions. */
    int total() {
        return total;
    }

    long value(int index) {
        return values[index];
    }

    int count(int index) {
        return counts[index];
    }

    /** Returns where a term stands, or a negative number. */
    int find(long value) {
        return Arrays.binarySearch(values, value);
    }

    /** Returns how many different terms two texts share; the shorter is looked up in the longer. */
    int shared(Terms other) {
        Terms few = values.length <= other.values.length ? this : other;
        Terms many = few == this ? other : this;
        int shared = 0;
        for (long value : few.values) {
            shared += many.find(value) >= 0 ? 1 : 0;
        }
        return shared;
    }

    /** Returns Jaccard's coefficient, 0 when both are empty. */
    double jaccard(Terms other) {
        int shared = shared(other);
        int all = values.length + other.values.length - shared;
        return all == 0 ? 0 : (double) shared / all;
    }

    /** Tells whether the sizes alone let Jaccard's coefficient reach a threshold. */
    boolean mayReach(double jaccard, Terms other) {
        int few = Math.min(values.length, other.values.length);
        int many = Math.max(values.length, other.values.length);
        return few >= jaccard * many;
    }
}
