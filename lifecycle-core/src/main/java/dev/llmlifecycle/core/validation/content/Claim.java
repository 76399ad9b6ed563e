package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.core.internal.text.Words;

/**
 * A sentence read for what can be held against another: its words, quantities, names, negations and the words that say
 * of how many, how much or when something holds. Immutable.
 *
 * @param text the sentence
 * @param tokens its words
 * @param quantities its numbers
 * @param names the positions of the words written with a capital, but for the first
 * @param negated the words that a negation stands before
 * @param bounds what is said of a word on some axis, such as {@code amount: all} of orders
 */
record Claim(
        String text,
        List<Words.Token> tokens,
        List<Quantity> quantities,
        Set<Integer> names,
        Set<String> negated,
        List<Bound> bounds) {

    private static final int NEGATION_REACH = 4;
    private static final Set<String> NEGATIONS =
            Set.of("not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without");
    private static final Set<String> CONDITIONS = Set.of("if", "unless", "whether", "otherwise");
    private static final Set<String> SPEAKERS =
            Set.of("i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself", "we", "we're", "we've", "our");

    /** Say nothing that a passage could support: an answer may be polite without a source. */
    private static final Set<String> COURTESY =
            Set.copyOf(Words.all("sure certainly thanks thank hello hi yes no okay ok"
                    + " great glad welcome hope hopefully help helpful happy sorry unfortunately let know question ask answer"
                    + " here following summary short course absolutely"));

    /** The words of each axis; those of one class agree, those of two differ. */
    private static final Map<String, String> BOUNDS = Map.ofEntries(
            Map.entry("all", "amount:all"),
            Map.entry("every", "amount:all"),
            Map.entry("each", "amount:all"),
            Map.entry("always", "amount:all"),
            Map.entry("some", "amount:some"),
            Map.entry("sometimes", "amount:some"),
            Map.entry("few", "amount:some"),
            Map.entry("several", "amount:some"),
            Map.entry("most", "amount:some"),
            Map.entry("often", "amount:some"),
            Map.entry("usually", "amount:some"),
            Map.entry("rarely", "amount:some"),
            Map.entry("least", "limit:low"),
            Map.entry("minimum", "limit:low"),
            Map.entry("maximum", "limit:high"),
            Map.entry("before", "time:before"),
            Map.entry("until", "time:before"),
            Map.entry("after", "time:after"),
            Map.entry("must", "duty:must"),
            Map.entry("shall", "duty:must"),
            Map.entry("required", "duty:must"),
            Map.entry("may", "duty:may"),
            Map.entry("might", "duty:may"),
            Map.entry("optional", "duty:may"),
            Map.entry("optionally", "duty:may"));

    static Claim of(String sentence) {
        List<Words.Token> tokens = Words.tokens(sentence);
        Set<Integer> names = new LinkedHashSet<>();
        Set<String> negated = new LinkedHashSet<>();
        List<Bound> bounds = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            Words.Token token = tokens.get(i);
            if (i > 0 && isName(sentence, tokens, i)) {
                names.add(i);
            }
            if (isNegation(token) && !isInterjection(sentence, token)) {
                scope(tokens, i, NEGATION_REACH).ifPresent(negated::add);
            }
            String bound = bound(tokens, i);
            if (!bound.isEmpty()) {
                scope(tokens, i, NEGATION_REACH)
                        .ifPresent(word -> bounds.add(new Bound(
                                bound.substring(0, bound.indexOf(':')),
                                bound.substring(bound.indexOf(':') + 1),
                                word)));
            }
        }
        return new Claim(
                sentence, List.copyOf(tokens), Quantity.in(sentence, tokens), names, negated, List.copyOf(bounds));
    }

    /** Whether there is nothing to support: no word of content, or only words of courtesy. */
    boolean saysNothing() {
        return tokens.stream().noneMatch(token -> carries(token) && !COURTESY.contains(token.word()));
    }

    /** Returns whether a word carries content; of "don't" nothing does. */
    static boolean carries(Words.Token token) {
        return token.content() && !isNegation(token);
    }

    /** Whether something holds only under a condition, so that what is denied may be the condition. */
    boolean isConditional() {
        return tokens.stream().anyMatch(token -> CONDITIONS.contains(token.written()));
    }

    /** Whether a word says on an axis how far something holds. */
    static boolean isBound(Words.Token token) {
        return BOUNDS.containsKey(token.written());
    }

    /** Whether a word of content stands in the sentence. */
    boolean says(String word) {
        return tokens.stream()
                .anyMatch(token ->
                        token.word().equals(word) || Quantity.value(token).equals(word));
    }

    /** Whether the writer speaks of himself with a word. */
    static boolean isSpeaker(Words.Token token) {
        return SPEAKERS.contains(token.written().replace('’', '\''));
    }

    private static boolean isNegation(Words.Token token) {
        return NEGATIONS.contains(token.written())
                || token.written().endsWith("n't")
                || token.written().endsWith("n’t");
    }

    /** Whether a word answers a question, as that of "No, it is not" does. */
    private static boolean isInterjection(String sentence, Words.Token token) {
        return token.written().equals("no") && token.end() < sentence.length() && sentence.charAt(token.end()) == ',';
    }

    private static boolean isName(String sentence, List<Words.Token> tokens, int index) {
        Words.Token token = tokens.get(index);
        boolean shouted = token.end() - token.start() > 1 && Character.isUpperCase(sentence.charAt(token.start() + 1));
        boolean afterStop =
                !sentence.substring(tokens.get(index - 1).end(), token.start()).isBlank()
                        && ":\"“.!?"
                                        .indexOf(sentence.substring(
                                                        tokens.get(index - 1).end(), token.start())
                                                .strip()
                                                .charAt(0))
                                >= 0;
        return token.content() && Character.isUpperCase(sentence.charAt(token.start())) && (shouted || !afterStop);
    }

    private static String bound(List<Words.Token> tokens, int index) {
        String written = tokens.get(index).written();
        if (index > 0) {
            String pair = tokens.get(index - 1).written() + " " + written;
            switch (pair) {
                case "at most", "up to", "less than", "fewer than" -> {
                    return "limit:high";
                }
                case "more than" -> {
                    return "limit:low";
                }
                default -> {
                    // One word of its own.
                }
            }
        }
        return BOUNDS.getOrDefault(written, "");
    }

    private static Optional<String> scope(List<Words.Token> tokens, int index, int reach) {
        for (int i = index + 1; i < tokens.size() && i <= index + reach; i++) {
            Words.Token token = tokens.get(i);
            if (carries(token) && !BOUNDS.containsKey(token.written())) {
                return Optional.of(Quantity.value(token).isEmpty() ? token.word() : Quantity.value(token));
            }
        }
        return Optional.empty();
    }

    /**
     * What is said of a word on an axis.
     *
     * @param axis the axis, such as {@code amount}
     * @param side the side of it, such as {@code all}
     * @param word the word it is said of
     */
    record Bound(String axis, String side, String word) {}
}
