package dev.llmlifecycle.core.validation.privacy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * One reading of one text: its words, and what was found so far. A word is a run of letters and digits; what stands
 * between two words is a gap.
 */
final class Scan {

    private static final int LETTERS = 1;
    private static final int DIGITS = 2;
    private static final int CAPITAL = 4;
    private static final int ALL_CAPITAL = 8;
    private static final int LONGEST_WORD = 40;

    final FoldedText text;

    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private byte[] kinds = new byte[64];
    private @Nullable String[] words = new String[64];
    private int count;
    private final List<Found> found = new ArrayList<>();

    Scan(FoldedText text) {
        this.text = text;
        int start = -1;
        int kind = ALL_CAPITAL;
        char[] chars = text.pass();
        int length = text.length();
        for (int i = 0; i <= length; i++) {
            char c = i < length ? chars[i] : 0;
            boolean digit = c >= '0' && c <= '9';
            if (digit || isLetter(c)) {
                boolean upper = !digit && (c < 0x80 ? c <= 'Z' : Character.isUpperCase(c));
                if (start < 0) {
                    start = i;
                    kind = ALL_CAPITAL | (upper ? CAPITAL : 0);
                }
                kind |= digit ? DIGITS : LETTERS;
                if (!upper) {
                    kind &= ~ALL_CAPITAL;
                }
            } else if (start >= 0 && !joins(c, i, start)) {
                add(start, i, kind);
                start = -1;
            }
        }
    }

    private static boolean isLetter(char c) {
        return c < 0x80
                ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                : Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    /** An apostrophe inside a name such as O'Brien; not that of "Anna's". */
    private boolean joins(char c, int i, int start) {
        return c == '\'' && i - start <= 2 && Character.isUpperCase(text.at(i + 1));
    }

    private void add(int start, int end, int kind) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            kinds = Arrays.copyOf(kinds, count * 2);
            words = Arrays.copyOf(words, count * 2);
        }
        starts[count] = start;
        ends[count] = end;
        kinds[count++] = (byte) kind;
    }

    int count() {
        return count;
    }

    int start(int t) {
        return starts[t];
    }

    int end(int t) {
        return ends[t];
    }

    int length(int t) {
        return ends[t] - starts[t];
    }

    boolean isNumber(int t) {
        return t >= 0 && t < count && (kinds[t] & (DIGITS | LETTERS)) == DIGITS;
    }

    boolean isLetters(int t) {
        return t >= 0 && t < count && (kinds[t] & (DIGITS | LETTERS)) == LETTERS;
    }

    boolean hasDigit(int t) {
        return t >= 0 && t < count && (kinds[t] & DIGITS) != 0;
    }

    boolean isCapitalised(int t) {
        return t >= 0 && t < count && (kinds[t] & CAPITAL) != 0;
    }

    boolean isAllCapital(int t) {
        return isLetters(t) && (kinds[t] & ALL_CAPITAL) != 0 && length(t) > 1;
    }

    /** Returns a word in lower case, empty where there is none or it is too long to be one. */
    String word(int t) {
        if (t < 0 || t >= count || length(t) > LONGEST_WORD) {
            return "";
        }
        String word = words[t];
        if (word == null) {
            word = text.text(starts[t], ends[t]).toLowerCase(Locale.ROOT);
            words[t] = word;
        }
        return word;
    }

    /** Returns the character between two words where it is the only one, else 0. */
    char separator(int t) {
        return t + 1 < count && starts[t + 1] == ends[t] + 1 ? text.at(ends[t]) : 0;
    }

    /**
     * Tells whether one of some words stands among those before and after a word, itself included unless after is -1.
     */
    boolean near(int t, int before, int after, Set<String> cues) {
        for (int i = Math.max(0, t - before); i < Math.min(count, t + after + 1); i++) {
            if (cues.contains(word(i))) {
                return true;
            }
        }
        return false;
    }

    void found(PersonalDataType type, String scheme, int start, int end, double confidence) {
        found.add(new Found(type, scheme, start, end, confidence));
    }

    /** Returns what was found, in order, of what overlaps the surest, then the longest, then the first. */
    List<Found> result(Set<PersonalDataType> types, double minimum) {
        List<Found> ranked = found.stream()
                .filter(each -> types.contains(each.type) && each.confidence >= minimum)
                .sorted(Comparator.comparingDouble((Found each) -> -each.confidence)
                        .thenComparingInt(each -> each.start - each.end)
                        .thenComparingInt(Found::start)
                        .thenComparing(Found::type)
                        .thenComparing(Found::scheme))
                .toList();
        TreeMap<Integer, Found> kept = new TreeMap<>();
        for (Found each : ranked) {
            Map.Entry<Integer, Found> before = kept.lowerEntry(each.end);
            if (before == null || before.getValue().end <= each.start) {
                kept.put(each.start, each);
            }
        }
        return List.copyOf(kept.values());
    }

    record Found(PersonalDataType type, String scheme, int start, int end, double confidence) {}
}
