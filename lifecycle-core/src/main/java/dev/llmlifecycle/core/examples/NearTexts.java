package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Finds a text that shares most of its shingles with another: MinHash in bands proposes, Jaccard's coefficient decides.
 *
 * @see "Broder 1997, On the resemblance and containment of documents"
 */
final class NearTexts {

    private static final int BANDS = 32;
    private static final int IN_BAND = 4;

    private final List<Terms> texts;
    private final double jaccard;
    private final Map<Long, List<Integer>> bands = new HashMap<>();

    NearTexts(List<Terms> texts, double jaccard) {
        this.texts = List.copyOf(texts);
        this.jaccard = jaccard;
        for (int text = 0; text < texts.size(); text++) {
            for (long band : bands(texts.get(text))) {
                bands.computeIfAbsent(band, key -> new ArrayList<>(1)).add(text);
            }
        }
    }

    /** Returns the first text that reaches the threshold. */
    OptionalInt near(Terms text) {
        Set<Integer> seen = new HashSet<>();
        int first = Integer.MAX_VALUE;
        for (long band : bands(text)) {
            for (int other : bands.getOrDefault(band, List.of())) {
                if (other < first
                        && seen.add(other)
                        && text.mayReach(jaccard, texts.get(other))
                        && text.jaccard(texts.get(other)) >= jaccard) {
                    first = other;
                }
            }
        }
        return first == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(first);
    }

    private static long[] bands(Terms text) {
        if (text.size() == 0) {
            return new long[0];
        }
        long[] bands = new long[BANDS];
        for (int band = 0; band < BANDS; band++) {
            long key = band;
            for (int i = 0; i < IN_BAND; i++) {
                long function = Terms.mix((long) band * IN_BAND + i + 1);
                long least = Long.MAX_VALUE;
                for (int term = 0; term < text.size(); term++) {
                    least = Math.min(least, Terms.mix(text.value(term) ^ function));
                }
                key = Terms.mix(key * 31 + least);
            }
            bands[band] = key;
        }
        return bands;
    }
}
