package dev.llmlifecycle.retrieval.hybrid;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.api.retrieval.Passage;

/** Scores of one ranking on a scale from 0 to 1. */
final class Scaling {

    static final Comparator<Passage> BEST_FIRST =
            Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id);

    private Scaling() {}

    /** Returns the scores so that the lowest is 0 and the highest is 1; 1 where they are all the same. */
    static double[] scaled(List<Passage> passages) {
        double lowest = passages.stream().mapToDouble(Passage::score).min().orElse(0);
        double highest = passages.stream().mapToDouble(Passage::score).max().orElse(0);
        return passages.stream()
                .mapToDouble(passage -> scaled(passage.score(), lowest, highest))
                .toArray();
    }

    static double scaled(double score, double lowest, double highest) {
        // Halved, so that the range of very large scores does not overflow.
        double range = highest / 2 - lowest / 2;
        return range > 0 ? (score / 2 - lowest / 2) / range : 1.0;
    }

    static String show(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
