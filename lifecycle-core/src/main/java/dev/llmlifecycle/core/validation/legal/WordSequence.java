package dev.llmlifecycle.core.validation.legal;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * The words of a text with their places: letters, digits and marks that stand together, in lower case, whatever divides
 * them. An ideograph is a word.
 */
final class WordSequence {

    /** Putting very many combining characters in order takes the square of their number; no word is so long. */
    private static final int LONGEST_WORD = 200;

    private static final int ASCII = 128;

    private final String text;
    private String[] words = new String[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int size;

    private WordSequence(String text) {
        this.text = text;
    }

    static WordSequence of(String text) {
        WordSequence sequence = new WordSequence(text);
        sequence.read();
        return sequence;
    }

    int size() {
        return size;
    }

    String word(int index) {
        return words[index];
    }

    /** Returns the word as it is written. */
    String written(int index) {
        return text.substring(starts[index], ends[index]);
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    /** Returns where the words from one to another stand, the second not included. */
    TextSpan span(int from, int to) {
        return new TextSpan(starts[from], ends[to - 1]);
    }

    /** Returns the first word that begins at a place of the text or after it. */
    int firstFrom(int offset) {
        int found = Arrays.binarySearch(starts, 0, size, offset);
        return found >= 0 ? found : -found - 1;
    }

    private void read() {
        int start = -1;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int next = at + Character.charCount(c);
            boolean alone = c >= ASCII && Character.isIdeographic(c);
            boolean inWord = isOfWord(c);
            if (start >= 0 && (alone || !inWord)) {
                add(start, at);
                start = -1;
            }
            if (alone) {
                add(at, next);
            } else if (inWord && start < 0) {
                start = at;
            }
            at = next;
        }
        if (start >= 0) {
            add(start, text.length());
        }
    }

    private static boolean isOfWord(int c) {
        if (c < ASCII) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
        if (Character.isLetterOrDigit(c)) {
            return true;
        }
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private void add(int start, int end) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        words[size] = fold(start, Math.min(end, start + LONGEST_WORD));
        starts[size] = start;
        ends[size] = end;
        size++;
    }

    private String fold(int start, int end) {
        boolean lowerAscii = true;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c >= ASCII) {
                return Normalizer.normalize(text.substring(start, end), Normalizer.Form.NFKC)
                        .toLowerCase(Locale.ROOT);
            }
            lowerAscii &= c < 'A' || c > 'Z';
        }
        String word = text.substring(start, end);
        return lowerAscii ? word : word.toLowerCase(Locale.ROOT);
    }
}
