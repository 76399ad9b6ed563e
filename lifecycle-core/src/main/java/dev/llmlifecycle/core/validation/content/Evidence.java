package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.core.internal.text.Words;
import org.jspecify.annotations.Nullable;

/**
 * The passages of an answer, made ready to hold sentences against them.
 *
 * <p>A word stands in the passages when it does after stemming, or when a longer one does that begins alike: five
 * letters, and all but three of its own. Thread-safe; making it takes time linear in the passages.
 */
final class Evidence {

    private static final int SHORTEST_BEGINNING = 5;
    private static final int LONGEST_ENDING = 3;
    private static final int RUN = 3;
    private static final int MOST_MATCHES = 5;

    private final Set<String> words = new HashSet<>();
    private final Set<String> speakers = new HashSet<>();
    private final Map<String, String> beginnings = new HashMap<>();
    private final Set<Long> runs = new HashSet<>();
    private final Map<String, List<Integer>> postings = new HashMap<>();
    private final List<String> sentences = new ArrayList<>();

    private Evidence() {}

    static Evidence of(List<Passage> passages) {
        Evidence evidence = new Evidence();
        for (Passage passage : passages) {
            passage.title().ifPresent(evidence::add);
            passage.heading().ifPresent(evidence::add);
            String text = passage.text();
            for (TextSpan span : Sentences.split(text)) {
                evidence.add(span.of(text));
            }
        }
        return evidence;
    }

    static Evidence ofTexts(List<String> texts) {
        Evidence evidence = new Evidence();
        for (String text : texts) {
            for (TextSpan span : Sentences.split(text)) {
                evidence.add(span.of(text));
            }
        }
        return evidence;
    }

    private void add(String sentence) {
        int number = sentences.size();
        sentences.add(sentence);
        List<Words.Token> tokens = Words.tokens(sentence);
        Set<String> own = new HashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            Words.Token token = tokens.get(i);
            String word = word(token);
            own.add(word);
            if (Claim.isSpeaker(token)) {
                speakers.add(token.written());
            }
            if (i + RUN <= tokens.size()) {
                runs.add(run(tokens, i));
            }
        }
        for (String word : own) {
            if (words.add(word)) {
                forBeginnings(
                        word,
                        beginning -> beginnings.merge(
                                beginning, word, (one, other) -> one.compareTo(other) <= 0 ? one : other));
            }
            postings.computeIfAbsent(word, key -> new ArrayList<>()).add(number);
        }
    }

    boolean hasSentences() {
        return !sentences.isEmpty();
    }

    /** Returns the word of the passages that a word stands for, or nothing. */
    @Nullable String known(Words.Token token) {
        String word = word(token);
        if (words.contains(word)) {
            return word;
        }
        if (Words.isNumber(word)) {
            return null;
        }
        String[] found = new String[1];
        forBeginnings(word, beginning -> {
            if (found[0] == null) {
                found[0] = beginnings.get(beginning);
            }
        });
        return found[0];
    }

    boolean hasNumber(String value) {
        return words.contains(value);
    }

    boolean hasSpeaker(Words.Token token) {
        return speakers.contains(token.written());
    }

    boolean hasRun(List<Words.Token> tokens, int from) {
        return runs.contains(run(tokens, from));
    }

    /** Returns the sentences that have at least a share of some words, the fullest first, at most five. */
    List<Match> closest(Set<String> knownWords, int of, double share) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (String word : knownWords) {
            for (int sentence : postings.getOrDefault(word, List.of())) {
                counts.merge(sentence, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .map(entry -> new Match(entry.getKey(), entry.getValue() / (double) of))
                .filter(match -> match.share() >= share)
                .sorted(Comparator.comparingDouble(Match::share).reversed().thenComparingInt(Match::sentence))
                .limit(MOST_MATCHES)
                .toList();
    }

    String sentence(int number) {
        return Objects.requireNonNull(sentences.get(number));
    }

    /** Numbers compare by value, so that "1,000" is "1000" and "two" is "2". */
    private static String word(Words.Token token) {
        String value = Quantity.value(token);
        return value.isEmpty() ? token.word() : value;
    }

    private static void forBeginnings(String word, Consumer<String> each) {
        if (word.length() >= SHORTEST_BEGINNING && !Words.isNumber(word)) {
            for (int end = word.length(); end >= Math.max(SHORTEST_BEGINNING, word.length() - LONGEST_ENDING); end--) {
                each.accept(word.substring(0, end));
            }
        }
    }

    private static long run(List<Words.Token> tokens, int from) {
        long hash = 1;
        for (int i = from; i < from + RUN; i++) {
            hash = hash * 0x9E3779B97F4A7C15L + word(tokens.get(i)).hashCode();
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /**
     * A sentence of the passages that has words of a claim.
     *
     * @param sentence its number
     * @param share the share of the claim's words that it has
     */
    record Match(int sentence, double share) {}
}
