package dev.llmlifecycle.core.validation.legal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Patch;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;

/**
 * Counts the words that two texts have in common, in order.
 *
 * <p>What both begin and end with is set aside; the rest is compared by Myers' algorithm ("An O(ND) difference
 * algorithm and its variations", 1986), word by word up to {@value #MOST} words a side, else sentence by sentence and
 * inside of sentences that differ, else it counts as replaced. So its time is bounded by the length and not by its
 * square.
 */
final class WordDiff {

    private static final int MOST = 2_000;

    private final Map<String, Integer> idOf = new HashMap<>();

    private WordDiff() {}

    /** Returns how many words of the first text stand in the second, in order. */
    static int kept(String before, String after) {
        WordDiff diff = new WordDiff();
        return diff.common(diff.sentences(before), diff.sentences(after));
    }

    private List<List<Integer>> sentences(String text) {
        List<List<Integer>> sentences = new ArrayList<>();
        for (TextSpan span : Sentences.split(text)) {
            WordSequence words = WordSequence.of(span.of(text));
            List<Integer> ids = new ArrayList<>(words.size());
            for (int i = 0; i < words.size(); i++) {
                ids.add(idOf.computeIfAbsent(words.word(i), word -> idOf.size()));
            }
            sentences.add(ids);
        }
        return sentences;
    }

    private int common(List<List<Integer>> before, List<List<Integer>> after) {
        Trimmed<Integer> words = Trimmed.of(flat(before), flat(after));
        if (words.isSmall()) {
            return words.same() + words(words);
        }
        Trimmed<List<Integer>> trimmed = Trimmed.of(before, after);
        int kept = size(before.subList(0, trimmed.prefix()))
                + size(before.subList(before.size() - trimmed.suffix(), before.size()));
        if (!trimmed.isSmall()) {
            return kept;
        }
        return kept + between(trimmed);
    }

    /** Counts sentences that are the same and, of those between them, the words that are. */
    private static int between(Trimmed<List<Integer>> sentences) {
        List<List<Integer>> before = sentences.before();
        List<List<Integer>> after = sentences.after();
        int kept = 0;
        int changedFrom = 0;
        int changedTo = 0;
        int from = 0;
        int to = 0;
        for (AbstractDelta<List<Integer>> delta : diff(sentences).getDeltas()) {
            // Sentences taken out and put in at one place come as two deltas and are one change.
            int same = delta.getSource().getPosition() - from;
            if (same > 0) {
                kept += changed(before.subList(changedFrom, from), after.subList(changedTo, to))
                        + size(before.subList(from, from + same));
                from += same;
                to += same;
                changedFrom = from;
                changedTo = to;
            }
            from += delta.getSource().size();
            to += delta.getTarget().size();
        }
        return kept
                + changed(before.subList(changedFrom, from), after.subList(changedTo, to))
                + size(before.subList(from, before.size()));
    }

    private static int changed(List<List<Integer>> before, List<List<Integer>> after) {
        Trimmed<Integer> words = Trimmed.of(flat(before), flat(after));
        return words.same() + (words.isSmall() ? words(words) : 0);
    }

    private static int words(Trimmed<Integer> trimmed) {
        int kept = trimmed.before().size();
        for (AbstractDelta<Integer> delta : diff(trimmed).getDeltas()) {
            kept -= delta.getSource().size();
        }
        return kept;
    }

    private static <T> Patch<T> diff(Trimmed<T> texts) {
        return DiffUtils.diff(texts.before(), texts.after(), new MyersDiffWithLinearSpace<>());
    }

    private static List<Integer> flat(List<List<Integer>> sentences) {
        return sentences.stream().flatMap(List::stream).toList();
    }

    private static int size(List<List<Integer>> sentences) {
        return sentences.stream().mapToInt(List::size).sum();
    }

    /** Two lists without what both begin and end with. */
    private record Trimmed<T>(List<T> before, List<T> after, int prefix, int suffix) {

        static <T> Trimmed<T> of(List<T> before, List<T> after) {
            int most = Math.min(before.size(), after.size());
            int prefix = 0;
            while (prefix < most && before.get(prefix).equals(after.get(prefix))) {
                prefix++;
            }
            int suffix = 0;
            while (suffix < most - prefix
                    && before.get(before.size() - 1 - suffix).equals(after.get(after.size() - 1 - suffix))) {
                suffix++;
            }
            return new Trimmed<>(
                    before.subList(prefix, before.size() - suffix),
                    after.subList(prefix, after.size() - suffix),
                    prefix,
                    suffix);
        }

        int same() {
            return prefix + suffix;
        }

        boolean isSmall() {
            return before.size() <= MOST && after.size() <= MOST;
        }
    }
}
