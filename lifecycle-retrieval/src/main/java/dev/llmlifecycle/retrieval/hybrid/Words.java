package dev.llmlifecycle.retrieval.hybrid;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Words of a text: runs of letters, marks and digits in lower case, and single ideographs. */
final class Words {

    private Words() {}

    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        String normal = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        int start = -1;
        for (int i = 0; i < normal.length(); ) {
            int character = normal.codePointAt(i);
            int next = i + Character.charCount(character);
            boolean ideograph = Character.isIdeographic(character);
            boolean inside = !ideograph && isWord(character);
            if (!inside && start >= 0) {
                words.add(normal.substring(start, i));
                start = -1;
            }
            if (inside && start < 0) {
                start = i;
            }
            if (ideograph) {
                words.add(normal.substring(i, next));
            }
            i = next;
        }
        if (start >= 0) {
            words.add(normal.substring(start));
        }
        return words;
    }

    private static boolean isWord(int character) {
        int type = Character.getType(character);
        return Character.isLetterOrDigit(character)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /**
     * Returns the words of each sentence; a sentence ends at a full stop, a mark of question or exclamation, a line.
     */
    static List<Set<String>> ofSentences(String text) {
        List<Set<String>> sentences = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || ".!?。！？\n".indexOf(text.charAt(i)) >= 0) {
                Set<String> words = of(text.substring(start, i));
                if (!words.isEmpty()) {
                    sentences.add(words);
                }
                start = i + 1;
            }
        }
        return sentences;
    }

    /** Returns the cosine of two sets of words, from 0 to 1. */
    static double cosine(Set<String> a, Set<String> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return 0;
        }
        Set<String> both = new HashSet<>(a);
        both.retainAll(b);
        return both.size() / Math.sqrt((double) a.size() * b.size());
    }
}
