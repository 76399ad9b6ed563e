package dev.llmlifecycle.core.validation.privacy;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * A text as recognisers read it: invisible characters left out, full-width characters, foreign digits, spaces and
 * dashes as their ASCII counterparts. Knows where each character stands in the original, and counts how many were read.
 */
final class FoldedText {

    private static final int FULL_WIDTH = 0xFEE0;

    private final char[] chars;
    private final int[] origins;
    private final int length;
    private long reads;

    FoldedText(String original) {
        chars = new char[original.length()];
        origins = new int[original.length()];
        int out = 0;
        for (int i = 0; i < original.length(); i++) {
            char c = original.charAt(i);
            if (c >= 0x80) {
                if (isTag(original, i)) {
                    i++;
                    continue;
                }
                if (Character.getType(c) == Character.FORMAT) {
                    continue;
                }
                c = fold(c);
            }
            chars[out] = c;
            origins[out++] = i;
        }
        length = out;
    }

    /** A character of the tag block, which shows nothing and can spell a hidden text. */
    private static boolean isTag(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && (text.codePointAt(i) & ~0x7F) == 0xE0000;
    }

    private static char fold(char c) {
        if (c >= 0xFF01 && c <= 0xFF5E) {
            return (char) (c - FULL_WIDTH);
        }
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR -> ' ';
            case Character.DASH_PUNCTUATION -> '-';
            case Character.DECIMAL_DIGIT_NUMBER -> (char) ('0' + Character.digit(c, 10));
            default -> c == 0x2212 ? '-' : c == 0x2019 ? '\'' : c;
        };
    }

    int length() {
        return length;
    }

    /** Returns a character, or 0 before the start and after the end. */
    char at(int i) {
        reads++;
        return i >= 0 && i < length ? chars[i] : 0;
    }

    /** Returns all characters, of which the first {@link #length} count, for one pass over them. */
    char[] pass() {
        reads += length;
        return chars;
    }

    String text(int start, int end) {
        reads += end - start;
        return new String(chars, start, end - start);
    }

    /** Returns where a part stands in the original. */
    TextSpan span(int start, int end) {
        return new TextSpan(origins[start], origins[end - 1] + 1);
    }

    /** Returns how many characters were read, to prove that scanning is linear. */
    long reads() {
        return reads;
    }
}
