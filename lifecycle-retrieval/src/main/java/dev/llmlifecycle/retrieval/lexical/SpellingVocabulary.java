package dev.llmlifecycle.retrieval.lexical;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.llmlifecycle.api.identity.Hash;

/**
 * The words of a corpus, and which of them a misspelt word of a question was meant to be.
 *
 * <p>A word of a question is corrected when the corpus does not have it, it has letters only, is not in capitals
 * throughout, and the corpus has a word with the same first letter: with 4 to 7 letters at a distance of 1, with more
 * at a distance of up to 2. The distance is that of Damerau and Levenshtein with neighbouring letters swapped at most
 * once (optimal string alignment). The nearest is taken, then the one in most texts, then the first by the alphabet.
 * Words of scripts without spaces between words are left alone. Of a question, the first {@value #MOST_CORRECTED} words
 * that the corpus does not have are looked at.
 *
 * <p>A vocabulary keeps at most {@value #MOST_WORDS} words; of more, those that are in most texts.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class SpellingVocabulary {

    /** How many words are kept. */
    public static final int MOST_WORDS = 200_000;

    /** How many words of a question are looked at. */
    public static final int MOST_CORRECTED = 32;

    private static final int SHORTEST = 4;
    private static final int LONG = 8;
    private static final int LONGEST = 40;

    private record Word(String text, int times) {}

    /** Where a word is in a text. */
    private record Span(int start, int end) {}

    /**
     * What was corrected.
     *
     * @param text the question with the corrections
     * @param replaced how many words were corrected
     */
    public record Correction(String text, int replaced) {}

    private final Map<String, Integer> times;
    private final Map<Integer, List<Word>> byFirst = new HashMap<>();
    private final String id;

    private SpellingVocabulary(Map<String, Integer> times) {
        this.times = times;
        StringBuilder all = new StringBuilder();
        new TreeMap<>(times).forEach((word, count) -> {
            all.append(word).append(' ').append(count).append('\n');
            byFirst.computeIfAbsent(word.codePointAt(0), first -> new ArrayList<>())
                    .add(new Word(word, count));
        });
        this.id = Hash.ofUtf8(all.toString()).hex();
    }

    /**
     * Collects the words of texts.
     *
     * @param texts the texts of a corpus
     * @return the vocabulary
     */
    public static SpellingVocabulary of(Iterable<String> texts) {
        Collector collector = new Collector();
        texts.forEach(collector);
        return collector.toVocabulary();
    }

    /** Collects words, for one thread. */
    static final class Collector implements Consumer<String> {

        private Map<String, Integer> times = new HashMap<>();

        @Override
        public void accept(String text) {
            String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
            Set<String> words = new HashSet<>();
            for (Span span : spans(composed)) {
                if (span.end() - span.start() <= LONGEST) {
                    words.add(lower(composed.substring(span.start(), span.end())));
                }
            }
            words.forEach(word -> times.merge(word, 1, Integer::sum));
            if (times.size() > 2 * MOST_WORDS) {
                times = most(times);
            }
        }

        SpellingVocabulary toVocabulary() {
            return new SpellingVocabulary(times.size() > MOST_WORDS ? most(times) : times);
        }

        private static Map<String, Integer> most(Map<String, Integer> times) {
            Map<String, Integer> kept = new HashMap<>();
            times.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(MOST_WORDS)
                    .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
            return kept;
        }
    }

    /**
     * Corrects a question.
     *
     * @param question any text
     * @return the question with what was corrected; the same text when nothing was
     */
    public Correction correct(String question) {
        String composed = Normalizer.normalize(question, Normalizer.Form.NFC);
        StringBuilder corrected = new StringBuilder();
        int copied = 0;
        int looked = 0;
        int replaced = 0;
        for (Span span : spans(composed)) {
            if (looked == MOST_CORRECTED) {
                break;
            }
            String word = composed.substring(span.start(), span.end());
            if (word.length() < SHORTEST
                    || word.length() > LONGEST
                    || times.containsKey(lower(word))
                    || isGlued(composed, span)
                    || word.equals(word.toUpperCase(Locale.ROOT))) {
                continue;
            }
            looked++;
            Optional<String> meant = meant(lower(word));
            if (meant.isPresent()) {
                replaced++;
                corrected
                        .append(composed, copied, span.start())
                        .append(Character.isUpperCase(word.codePointAt(0)) ? capital(meant.get()) : meant.get());
                copied = span.end();
            }
        }
        return replaced == 0
                ? new Correction(question, 0)
                : new Correction(
                        corrected.append(composed, copied, composed.length()).toString(), replaced);
    }

    /** Digits, and signs of names and addresses, next to a word make it part of something that is not a word. */
    private static boolean isGlued(String text, Span span) {
        return (span.start() > 0 && isGlue(text.charAt(span.start() - 1)))
                || (span.end() < text.length() && isGlue(text.charAt(span.end())));
    }

    private static boolean isGlue(char character) {
        return Character.isDigit(character) || "_@/\\#".indexOf(character) >= 0;
    }

    private Optional<String> meant(String word) {
        int most = word.length() < LONG ? 1 : 2;
        String best = "";
        int bestDistance = most + 1;
        int bestTimes = 0;
        // In the order of the alphabet, so the first of equals stays.
        for (Word candidate : byFirst.getOrDefault(word.codePointAt(0), List.of())) {
            if (Math.abs(candidate.text().length() - word.length()) > most) {
                continue;
            }
            int distance = distance(word, candidate.text(), most);
            if (distance <= most
                    && (distance < bestDistance || (distance == bestDistance && candidate.times() > bestTimes))) {
                best = candidate.text();
                bestDistance = distance;
                bestTimes = candidate.times();
            }
        }
        return bestDistance <= most ? Optional.of(best) : Optional.empty();
    }

    /** Returns the distance, or any number above the most. */
    private static int distance(String a, String b, int most) {
        int[] twoBefore = new int[b.length() + 1];
        int[] before = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(before[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], twoBefore[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (least > most) {
                return most + 1;
            }
            int[] free = twoBefore;
            twoBefore = before;
            before = row;
            row = free;
        }
        return before[b.length()];
    }

    /** Returns where runs of letters are, in scripts that put spaces between words. */
    private static List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= text.length(); ) {
            int character = i < text.length() ? text.codePointAt(i) : ' ';
            boolean inside = isLetter(character);
            if (inside && start < 0) {
                start = i;
            } else if (!inside && start >= 0) {
                spans.add(new Span(start, i));
                start = -1;
            }
            i += Character.charCount(character);
        }
        return spans;
    }

    private static boolean isLetter(int character) {
        if (!Character.isLetter(character) && Character.getType(character) != Character.NON_SPACING_MARK) {
            return false;
        }
        return switch (Character.UnicodeScript.of(character)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> false;
            default -> true;
        };
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static String capital(String word) {
        int first = Character.charCount(word.codePointAt(0));
        return word.substring(0, first).toUpperCase(Locale.ROOT) + word.substring(first);
    }

    /**
     * Returns how many words there are.
     *
     * @return the number of words
     */
    public int size() {
        return times.size();
    }

    /**
     * Names the content.
     *
     * @return a name that vocabularies share that have the same words as often
     */
    public String id() {
        return id;
    }

    @Override
    public String toString() {
        return "SpellingVocabulary[" + size() + " words]";
    }
}
