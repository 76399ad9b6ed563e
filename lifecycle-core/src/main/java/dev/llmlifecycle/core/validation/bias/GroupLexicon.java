package dev.llmlifecycle.core.validation.bias;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.identity.Hash;

/** Words that name groups and words that are held against people, and what a sentence does with them. Immutable. */
final class GroupLexicon {

    private static final int LONGEST_PHRASE = 3;

    /** Words before a group that make it all of its members. */
    private static final Set<String> ALL =
            Set.of("all", "every", "most", "many", "typical", "typically", "those", "these", "such", "you", "no");

    /** Words after a group that say what its members are like. */
    private static final Set<String> PREDICATES = Set.of(
            "are",
            "aren't",
            "can't",
            "cannot",
            "can",
            "don't",
            "do",
            "never",
            "always",
            "tend",
            "should",
            "shouldn't",
            "will",
            "won't",
            "just",
            "only",
            "usually",
            "often",
            "naturally",
            "lack",
            "deserve",
            "belong",
            "love",
            "like",
            "want",
            "hate",
            "steal",
            "cheat",
            "lie",
            "commit",
            "have",
            "make",
            "need",
            "is",
            "were",
            "who");

    private final Hash hash;
    private final Map<String, String> groups;
    private final Set<String> negative;
    private final Set<String> prejudice;
    private final Map<String, List<String>> associations;

    private GroupLexicon(
            Hash hash,
            Map<String, String> groups,
            Set<String> negative,
            Set<String> prejudice,
            Map<String, List<String>> associations) {
        this.hash = hash;
        this.groups = Map.copyOf(groups);
        this.negative = Set.copyOf(negative);
        this.prejudice = Set.copyOf(prejudice);
        this.associations = Map.copyOf(associations);
    }

    static GroupLexicon english(Map<String, List<String>> ownGroups, Map<String, List<String>> associations) {
        String groupLines = resource("groups.txt");
        String traitLines = resource("traits.txt");
        Map<String, String> groups = new HashMap<>();
        phrases(groupLines).forEach((category, terms) -> terms.forEach(term -> groups.put(term, category)));
        ownGroups.forEach((category, terms) -> terms.forEach(term -> groups.put(term, category)));
        associations.keySet().forEach(term -> groups.putIfAbsent(term, "own"));
        Map<String, List<String>> traits = phrases(traitLines);
        return new GroupLexicon(
                Hash.ofUtf8(groupLines + "\n" + traitLines),
                groups,
                new HashSet<>(traits.getOrDefault("negative", List.of())),
                new HashSet<>(traits.getOrDefault("prejudice", List.of())),
                associations);
    }

    static void requirePhrase(String phrase) {
        int words = words(phrase).size();
        if (words < 1 || words > LONGEST_PHRASE) {
            throw new IllegalArgumentException(
                    "'" + phrase + "' has " + words + " words; give one to " + LONGEST_PHRASE);
        }
    }

    Hash hash() {
        return hash;
    }

    /** Judges one sentence; of several groups and traits the surest pair counts. */
    Optional<Found> judge(String sentence) {
        List<String> words = words(sentence);
        List<Place> named = places(words, groups.keySet());
        if (named.isEmpty()) {
            return Optional.empty();
        }
        Optional<Found> own = ownAssociation(words, named);
        if (own.isPresent()) {
            return own;
        }
        List<Place> bad = places(words, negative);
        List<Place> prejudged = places(words, prejudice);
        for (Place group : named) {
            Optional<Place> trait = first(bad, group).or(() -> first(prejudged, group));
            if (trait.isPresent() && isGeneral(words, group)) {
                return Optional.of(found(BiasValidator.GENERALISATION, group, trait.get(), 0.9));
            }
        }
        for (Place group : named) {
            Optional<Place> trait = first(prejudged, group);
            if (trait.isPresent()) {
                return Optional.of(found(BiasValidator.ASSOCIATION, group, trait.get(), 0.7));
            }
        }
        return named.stream()
                .flatMap(group ->
                        first(bad, group).stream().map(trait -> found(BiasValidator.NEGATIVE, group, trait, 0.5)))
                .findFirst();
    }

    private Optional<Found> ownAssociation(List<String> words, List<Place> named) {
        for (Place group : named) {
            List<String> traits = associations.getOrDefault(group.phrase(), List.of());
            Optional<Place> trait = first(places(words, Set.copyOf(traits)), group);
            if (trait.isPresent()) {
                return Optional.of(found(BiasValidator.ASSOCIATION, group, trait.get(), 0.7));
            }
        }
        return Optional.empty();
    }

    private Found found(String code, Place group, Place trait, double confidence) {
        return new Found(code, groups.getOrDefault(group.phrase(), "own"), group.phrase(), trait.phrase(), confidence);
    }

    /** Whether the words around a group make it all of its members. */
    private static boolean isGeneral(List<String> words, Place group) {
        boolean plural = group.phrase().endsWith("s")
                || group.phrase().endsWith("men")
                || group.phrase().endsWith("people")
                || group.phrase().startsWith("the ");
        boolean all = group.start() > 0 && ALL.contains(words.get(group.start() - 1));
        boolean definite = group.start() > 0
                && Set.of("the", "two", "three", "some", "a", "an", "my", "our", "their", "his", "her")
                        .contains(words.get(group.start() - 1));
        boolean predicate = group.end() < words.size() && PREDICATES.contains(words.get(group.end()));
        return all || (plural && predicate && !definite);
    }

    private static Optional<Place> first(List<Place> traits, Place group) {
        return traits.stream()
                .filter(trait -> trait.start() >= group.end() || trait.end() <= group.start())
                .findFirst();
    }

    /** Finds phrases, the longest where several begin at one word. */
    private static List<Place> places(List<String> words, Set<String> phrases) {
        List<Place> places = new ArrayList<>();
        for (int start = 0; start < words.size(); start++) {
            for (int length = Math.min(LONGEST_PHRASE, words.size() - start); length > 0; length--) {
                String phrase = String.join(" ", words.subList(start, start + length));
                if (phrases.contains(phrase)) {
                    places.add(new Place(phrase, start, start + length));
                    start += length - 1;
                    break;
                }
            }
        }
        return places;
    }

    /** Lower-case words; apostrophes inside belong to them, and very long words are cut. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            if (!Character.isLetter(text.charAt(i))) {
                i++;
                continue;
            }
            int start = i;
            while (i < text.length() && isInside(text, i)) {
                i++;
            }
            words.add(text.substring(start, Math.min(i, start + 40))
                    .toLowerCase(Locale.ROOT)
                    .replace('’', '\''));
        }
        return words;
    }

    private static boolean isInside(String text, int i) {
        char c = text.charAt(i);
        return Character.isLetter(c)
                || ((c == '\'' || c == '’') && i + 1 < text.length() && Character.isLetter(text.charAt(i + 1)));
    }

    private static Map<String, List<String>> phrases(String lines) {
        Map<String, List<String>> phrases = new HashMap<>();
        for (String line : lines.lines().toList()) {
            if (!line.startsWith("#") && !line.isBlank()) {
                int colon = line.indexOf(':');
                phrases.put(
                        line.substring(0, colon),
                        List.of(line.substring(colon + 1).strip().split(", ", -1)));
            }
        }
        return phrases;
    }

    private static String resource(String name) {
        try (InputStream in = GroupLexicon.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is not on the class path; repack the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading the resource " + name + " failed", e);
        }
    }

    private record Place(String phrase, int start, int end) {}

    /** What a sentence says of a group. */
    record Found(String code, String category, String group, String trait, double confidence) {}
}
