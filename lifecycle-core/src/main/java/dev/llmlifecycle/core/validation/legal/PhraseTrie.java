package dev.llmlifecycle.core.validation.legal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Phrases that are looked up word by word. A word that ends in {@code *} stands for all words which begin so; with
 * phrases of at most {@value #LONGEST} words a look-up is linear in the text.
 */
final class PhraseTrie<T> {

    private static final int LONGEST = 12;
    private static final int LEAST_STEM = 3;

    private final Node<T> root = new Node<>();

    /** Adds phrases; of equal ones the value of the last holds. */
    PhraseTrie<T> add(Collection<String> phrases, T value) {
        phrases.forEach(phrase -> add(phrase, value));
        return this;
    }

    PhraseTrie<T> add(String phrase, T value) {
        List<String> words = words(phrase);
        if (words.isEmpty() || words.size() > LONGEST) {
            throw new IllegalArgumentException("the phrase '" + phrase + "' has " + words.size()
                    + " words; give it 1 to " + LONGEST + " with letters or digits");
        }
        Node<T> node = root;
        for (String word : words) {
            if (word.endsWith("*")) {
                String stem = word.substring(0, word.length() - 1);
                if (stem.length() < LEAST_STEM) {
                    throw new IllegalArgumentException("the stem '" + word + "' of the phrase '" + phrase
                            + "' is shorter than " + LEAST_STEM + " letters; write the words out");
                }
                node.longestStem = Math.max(node.longestStem, stem.length());
                node = node.stems.computeIfAbsent(stem, any -> new Node<>());
            } else {
                node = node.words.computeIfAbsent(word, any -> new Node<>());
            }
        }
        node.value = value;
        return this;
    }

    private static List<String> words(String phrase) {
        List<String> words = new ArrayList<>();
        WordSequence sequence = WordSequence.of(phrase);
        for (int i = 0; i < sequence.size(); i++) {
            boolean stem = sequence.end(i) < phrase.length() && phrase.charAt(sequence.end(i)) == '*';
            words.add(sequence.word(i) + (stem ? "*" : ""));
        }
        return words;
    }

    /** Returns the longest phrase that begins at a word and ends before another. */
    Optional<Match<T>> at(WordSequence text, int from, int to) {
        return Optional.ofNullable(longest(root, text, from, from, to));
    }

    /** Returns the first phrase between two words. */
    Optional<Match<T>> first(WordSequence text, int from, int to) {
        for (int i = from; i < to; i++) {
            Match<T> match = longest(root, text, i, i, to);
            if (match != null) {
                return Optional.of(match);
            }
        }
        return Optional.empty();
    }

    /** Returns the phrases of a whole text, which do not overlap. */
    List<Match<T>> all(WordSequence text) {
        List<Match<T>> matches = new ArrayList<>();
        for (int i = 0; i < text.size(); ) {
            Match<T> match = longest(root, text, i, i, text.size());
            if (match == null) {
                i++;
            } else {
                matches.add(match);
                i = match.to();
            }
        }
        return matches;
    }

    private static <T> @Nullable Match<T> longest(Node<T> node, WordSequence text, int from, int next, int to) {
        Match<T> best = node.value == null ? null : new Match<>(node.value, from, next);
        if (next == to) {
            return best;
        }
        String word = text.word(next);
        best = longer(best, node.words.get(word), text, from, next, to);
        for (int length = LEAST_STEM; length <= Math.min(word.length(), node.longestStem); length++) {
            best = longer(best, node.stems.get(word.substring(0, length)), text, from, next, to);
        }
        return best;
    }

    private static <T> @Nullable Match<T> longer(
            @Nullable Match<T> best, @Nullable Node<T> node, WordSequence text, int from, int next, int to) {
        Match<T> match = node == null ? null : longest(node, text, from, next + 1, to);
        return match == null || (best != null && best.to() >= match.to()) ? best : match;
    }

    /** A phrase that was found, from one word to before another. */
    record Match<T>(T value, int from, int to) {}

    private static final class Node<T> {

        private final Map<String, Node<T>> words = new HashMap<>();
        private final Map<String, Node<T>> stems = new HashMap<>();
        private int longestStem;
        private @Nullable T value;
    }
}
