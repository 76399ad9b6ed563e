package dev.llmlifecycle.core.validation.business;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Finds phrases as whole words, whatever their case and whatever stands between the words; of those that begin at one
 * word the longest. Takes time linear in the text.
 *
 * @param <V> what a phrase stands for
 */
final class Phrases<V> {

    /** A text that repeats a phrase but for its end is read once for each of its words. */
    private static final int LONGEST = 100;

    private final Node<V> root = new Node<>();

    /** Returns the phrases, each standing for itself. */
    static Phrases<String> of(Collection<String> phrases) {
        Phrases<String> all = new Phrases<>();
        phrases.forEach(phrase -> all.add(phrase, phrase));
        return all;
    }

    /** Checks that phrases can be found. */
    static List<String> require(Collection<String> phrases, String what) {
        for (String phrase : phrases) {
            if (phrase.isBlank()) {
                throw new IllegalArgumentException(what + " is blank; write the words, or leave it out");
            }
            int words = Token.of(phrase).size();
            if (words == 0) {
                throw new IllegalArgumentException(
                        what + " '" + phrase + "' has no letter or digit, so it cannot be found; write words");
            }
            if (words > LONGEST) {
                throw new IllegalArgumentException(
                        what + " has " + words + " words, more than " + LONGEST + "; take a part that tells it");
            }
        }
        return List.copyOf(phrases);
    }

    void add(String phrase, V value) {
        add(Token.of(phrase), value);
    }

    private void add(List<Token> tokens, V value) {
        Node<V> node = root;
        for (Token token : tokens) {
            node = node.next.computeIfAbsent(token.text(), any -> new Node<>());
        }
        if (node.value == null) {
            node.value = value;
        }
    }

    /** Adds a name, also with the "s" of a plural or a genitive. */
    void addName(String name, V value) {
        List<Token> tokens = Token.of(name);
        add(tokens, value);
        Token last = tokens.get(tokens.size() - 1);
        if (Character.isLetter(last.text().codePointBefore(last.text().length()))) {
            List<Token> plural = new ArrayList<>(tokens);
            plural.set(plural.size() - 1, new Token(last.text() + "s", 0, 0));
            add(plural, value);
        }
    }

    /** Returns what stands between two tokens of a list, in order, none over another. */
    List<Match<V>> in(List<Token> tokens) {
        List<Match<V>> matches = new ArrayList<>();
        int at = 0;
        while (at < tokens.size()) {
            Match<V> longest = longest(tokens, at);
            if (longest == null) {
                at++;
            } else {
                matches.add(longest);
                at = longest.toToken();
            }
        }
        return matches;
    }

    boolean isIn(List<Token> tokens) {
        for (int at = 0; at < tokens.size(); at++) {
            if (longest(tokens, at) != null) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Match<V> longest(List<Token> tokens, int first) {
        Match<V> longest = null;
        Node<V> node = root.next.get(tokens.get(first).text());
        for (int next = first + 1; node != null; next++) {
            if (node.value != null) {
                longest = new Match<>(
                        node.value,
                        first,
                        next,
                        tokens.get(first).start(),
                        tokens.get(next - 1).end());
            }
            node = next < tokens.size() ? node.next.get(tokens.get(next).text()) : null;
        }
        return longest;
    }

    /** A phrase that was found, by tokens and by places in the text. */
    record Match<V>(V value, int fromToken, int toToken, int start, int end) {}

    private static final class Node<V> {

        private final Map<String, Node<V>> next = new HashMap<>();
        private @Nullable V value;
    }
}
