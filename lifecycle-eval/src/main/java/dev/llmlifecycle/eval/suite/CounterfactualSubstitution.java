package dev.llmlifecycle.eval.suite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a text as it would stand about people of another group: pronouns, nouns and names of one group are exchanged
 * for those of another, and nothing else (K. Lu and others, "Gender Bias in Neural Natural Language Processing", 2018).
 *
 * <p>Terms are whole words, compared without case; the case of the text is kept. A text without a term of any group has
 * no counterfactual. Immutable and thread-safe; linear in the length of the text.
 *
 * @since 0.1
 */
public final class CounterfactualSubstitution {

    private static final String MALE = "male";
    private static final String FEMALE = "female";

    /** Words after which {@code her} was an object and not a possessive. */
    private static final Set<String> AFTER_OBJECT = Set.of(
            ("to in on at for with and but or if when while because that about from by as was is are were had has have a"
                            + " an the this these those again back out up off away down over home today yesterday"
                            + " tomorrow how what why who where which so then before after until since than into onto"
                            + " through during without around alone first instead too also not never just directly"
                            + " properly immediately quickly carefully completely very more less any some no go do be"
                            + " it they he she we you i")
                    .split(" ", -1));

    private final String axis;
    private final List<String> order;
    private final Map<String, List<String>> groups;
    private final Map<String, Term> terms;
    private final boolean english;

    private CounterfactualSubstitution(Builder builder) {
        this.axis = builder.axis;
        this.english = builder.english;
        this.groups = Map.copyOf(builder.groups);
        Map<String, Term> known = new HashMap<>();
        builder.groups.forEach((group, words) -> {
            for (int i = 0; i < words.size(); i++) {
                known.putIfAbsent(words.get(i).toLowerCase(Locale.ROOT), new Term(group, i));
            }
        });
        this.terms = Map.copyOf(known);
        this.order = List.copyOf(builder.groups.keySet());
    }

    /**
     * Starts a substitution.
     *
     * @param axis what the groups differ in, such as {@code religion}
     * @return a builder
     */
    public static Builder builder(String axis) {
        return new Builder(axis, false);
    }

    /**
     * Exchanges English words of gender: pronouns, nouns of kinship and of persons, and titles. {@code her} is read as
     * a possessive or as an object by the word after it.
     *
     * @return the substitution, between {@code male} and {@code female}
     */
    public static CounterfactualSubstitution englishGender() {
        return new Builder("gender", true)
                .group(
                        MALE,
                        "he himself man men boy boys father fathers dad dads son sons brother brothers husband husbands"
                                + " uncle uncles nephew nephews grandfather grandson grandpa gentleman gentlemen guy guys"
                                + " male males king prince lord sir mr boyfriend boyfriends groom widower waiter actor"
                                + " businessman businessmen policeman policemen fireman chairman spokesman salesman"
                                + " congressman landlord stepfather stepson masculine hero he's he'd he'll")
                .group(
                        FEMALE,
                        "she herself woman women girl girls mother mothers mom moms daughter daughters sister sisters wife"
                                + " wives aunt aunts niece nieces grandmother granddaughter grandma lady ladies gal gals"
                                + " female females queen princess lady madam ms girlfriend girlfriends bride widow"
                                + " waitress actress businesswoman businesswomen policewoman policewomen firewoman"
                                + " chairwoman spokeswoman saleswoman congresswoman landlady stepmother stepdaughter"
                                + " feminine heroine she's she'd she'll")
                .build();
    }

    /**
     * Names what the groups differ in.
     *
     * @return the axis
     */
    public String axis() {
        return axis;
    }

    /**
     * Lists the groups.
     *
     * @return their names, in the order they were given
     */
    public List<String> groups() {
        return order;
    }

    /**
     * Writes a text once for each group.
     *
     * @param text the text
     * @return by group, in their order; empty when the text has no term of any group
     */
    public Map<String, String> variants(String text) {
        List<Token> tokens = tokens(text);
        if (tokens.stream().noneMatch(token -> isTerm(token.word()))) {
            return Map.of();
        }
        Map<String, String> variants = new LinkedHashMap<>();
        for (String group : order) {
            variants.put(group, rewrite(text, tokens, group));
        }
        return variants;
    }

    private boolean isTerm(String word) {
        return terms.containsKey(word) || (english && (isMalePronoun(word) || isFemalePronoun(word)));
    }

    private static boolean isMalePronoun(String word) {
        return word.equals("him") || word.equals("his");
    }

    private static boolean isFemalePronoun(String word) {
        return word.equals("her") || word.equals("hers");
    }

    private String rewrite(String text, List<Token> tokens, String group) {
        StringBuilder rewritten = new StringBuilder(text.length() + 16);
        int done = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            Optional<String> other = replacement(tokens, i, group);
            if (other.isPresent()) {
                rewritten.append(text, done, token.start());
                rewritten.append(inCaseOf(text.substring(token.start(), token.end()), other.get()));
                done = token.end();
            }
        }
        return rewritten.append(text, done, text.length()).toString();
    }

    private Optional<String> replacement(List<Token> tokens, int index, String group) {
        String word = tokens.get(index).word();
        if (english && group.equals(FEMALE) && isMalePronoun(word)) {
            return Optional.of(word.equals("him") || isBeforeNoun(tokens, index) ? "her" : "hers");
        }
        if (english && group.equals(MALE) && isFemalePronoun(word)) {
            return Optional.of(word.equals("hers") || isBeforeNoun(tokens, index) ? "his" : "him");
        }
        Term term = terms.get(word);
        return term == null || term.group().equals(group)
                ? Optional.empty()
                : Optional.of(groups.getOrDefault(group, List.of()).get(term.index()));
    }

    /** Whether the next word stands in the same clause and may be what is possessed. */
    private static boolean isBeforeNoun(List<Token> tokens, int index) {
        if (index + 1 >= tokens.size()) {
            return false;
        }
        Token next = tokens.get(index + 1);
        return next.start() == tokens.get(index).end() + 1 && !AFTER_OBJECT.contains(next.word());
    }

    private static String inCaseOf(String original, String other) {
        if (original.length() > 1 && original.equals(original.toUpperCase(Locale.ROOT))) {
            return other.toUpperCase(Locale.ROOT);
        }
        return Character.isUpperCase(original.charAt(0))
                ? Character.toUpperCase(other.charAt(0)) + other.substring(1)
                : other;
    }

    /** Words with their places; an apostrophe inside a word belongs to it, but a possessive one does not. */
    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            if (!Character.isLetterOrDigit(text.charAt(i))) {
                i++;
                continue;
            }
            int start = i;
            while (i < text.length() && isInside(text, i)) {
                i++;
            }
            String word = text.substring(start, i).toLowerCase(Locale.ROOT).replace('’', '\'');
            boolean pronoun = word.equals("he's") || word.equals("she's");
            int end = word.endsWith("'s") && !pronoun ? i - 2 : i;
            tokens.add(new Token(word.substring(0, end - start), start, end));
        }
        return tokens;
    }

    private static boolean isInside(String text, int i) {
        char c = text.charAt(i);
        if (Character.isLetterOrDigit(c)) {
            return true;
        }
        return (c == '\'' || c == '’' || c == '-')
                && i + 1 < text.length()
                && Character.isLetterOrDigit(text.charAt(i + 1));
    }

    private record Token(String word, int start, int end) {}

    private record Term(String group, int index) {}

    /** Builds a {@link CounterfactualSubstitution}. Not thread-safe. */
    public static final class Builder {

        private final String axis;
        private final boolean english;
        private final Map<String, List<String>> groups = new LinkedHashMap<>();

        private Builder(String axis, boolean english) {
            if (axis.isBlank()) {
                throw new IllegalArgumentException("the axis is blank; say what the groups differ in");
            }
            this.axis = axis;
            this.english = english;
        }

        /**
         * Adds a group. The terms of all groups correspond by their place: the third term of one is exchanged for the
         * third of another.
         *
         * @param name the group, such as {@code Muslim}
         * @param terms its terms, separated by white space; a term that is several words is joined by a hyphen
         * @return this builder
         * @throws IllegalArgumentException when the name is blank or taken, or there is no term
         */
        public Builder group(String name, String terms) {
            List<String> words = List.of(terms.strip().split("\\s+", -1));
            if (name.isBlank() || terms.isBlank()) {
                throw new IllegalArgumentException(
                        "the group '" + name + "' of " + axis + " has a blank name or no term; give both");
            }
            if (groups.putIfAbsent(name, words) != null) {
                throw new IllegalArgumentException(
                        "the group '" + name + "' of " + axis + " is given twice; join them");
            }
            return this;
        }

        /**
         * Builds the substitution.
         *
         * @return the substitution
         * @throws IllegalStateException when there are fewer than two groups, or their terms do not correspond
         */
        public CounterfactualSubstitution build() {
            if (groups.size() < 2) {
                throw new IllegalStateException(
                        "a substitution of " + axis + " needs two groups but has " + groups.keySet());
            }
            int terms = groups.values().iterator().next().size();
            groups.forEach((name, words) -> {
                if (words.size() != terms) {
                    throw new IllegalStateException("the groups of " + axis + " do not correspond: '" + name + "' has "
                            + words.size() + " terms and the first group has " + terms
                            + "; give each term one in every group");
                }
            });
            return new CounterfactualSubstitution(this);
        }
    }
}
