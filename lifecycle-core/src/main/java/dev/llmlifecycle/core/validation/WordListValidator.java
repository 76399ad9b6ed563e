package dev.llmlifecycle.core.validation;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the words and phrases of a list, as whole words, whatever their case and whatever stands between them. Of
 * phrases that begin at one word the longest is found.
 */
final class WordListValidator implements Validator {

    /** Putting very many combining characters in order takes the square of their number; no listed word is so long. */
    private static final int LONGEST_WORD = 200;

    private final String name;
    private final Identity identity;
    private final Node root = new Node();

    WordListValidator(String name, Collection<String> entries) {
        this.name = name;
        for (String entry : entries) {
            List<Word> words = words(entry);
            if (words.isEmpty()) {
                throw new IllegalArgumentException("the word list '" + name
                        + "' has an entry without letters or digits; use a pattern to find signs");
            }
            Node node = root;
            for (Word word : words) {
                node = node.next.computeIfAbsent(word.text(), any -> new Node());
            }
            node.entry = entry;
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("the word list '" + name + "' is empty; give it a word");
        }
        this.identity = Identity.of(name, "1", Map.of("words", List.copyOf(new TreeSet<>(entries))));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<Word> words = words(text);
        List<Finding> findings = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            int length = longest(words, at, findings);
            at += Math.max(1, length);
        }
        return ValidationOutcome.following(text, findings);
    }

    /** Adds the longest entry that begins at a word, and returns how many words it has. */
    private int longest(List<Word> words, int first, List<Finding> findings) {
        int length = 0;
        String entry = "";
        Node node = root.next.get(words.get(first).text());
        for (int next = first; node != null; ) {
            next++;
            if (node.entry != null) {
                length = next - first;
                entry = node.entry;
            }
            node = next < words.size() ? node.next.get(words.get(next).text()) : null;
        }
        if (length > 0) {
            findings.add(new Finding(
                            name,
                            "listed-word",
                            Finding.Severity.ERROR,
                            "A word of the list '" + name + "' stands in the text",
                            Optional.of(new TextSpan(
                                    words.get(first).start(),
                                    words.get(first + length - 1).end())))
                    .withEvidence(entry));
        }
        return length;
    }

    private static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        int start = -1;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            boolean inWord = Character.isLetterOrDigit(c) || isMark(c);
            if (start >= 0 && (!inWord || standsAlone(c))) {
                add(text, start, at, words);
                start = -1;
            }
            if (inWord && standsAlone(c)) {
                add(text, at, end, words);
            } else if (inWord && start < 0) {
                start = at;
            }
            at = end;
        }
        if (start >= 0) {
            add(text, start, text.length(), words);
        }
        return words;
    }

    private static void add(String text, int start, int end, List<Word> words) {
        if (end - start <= LONGEST_WORD) {
            String word = Normalizer.normalize(text.substring(start, end), Normalizer.Form.NFKC);
            words.add(new Word(word.toLowerCase(Locale.ROOT), start, end));
        } else {
            // Keeps what stands before it and after it apart.
            words.add(new Word("", start, end));
        }
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** Nothing divides the words of these scripts, so each character is looked up by itself. */
    private static boolean standsAlone(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    private record Word(String text, int start, int end) {}

    private static final class Node {

        private final Map<String, Node> next = new HashMap<>();
        private @Nullable String entry;
    }
}
