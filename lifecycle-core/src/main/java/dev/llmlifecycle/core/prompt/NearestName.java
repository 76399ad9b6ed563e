package dev.llmlifecycle.core.prompt;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that someone may have meant. */
final class NearestName {

    private NearestName() {}

    /** Returns the candidate within a third of the name's length in edits, the alphabetically first of equals. */
    static Optional<String> of(String name, Collection<String> candidates) {
        record Scored(String name, int distance) {}
        int furthest = Math.max(1, name.length() / 3);
        return candidates.stream()
                .map(candidate -> new Scored(
                        candidate, distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT))))
                .filter(scored -> scored.distance() <= furthest)
                .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
                .map(Scored::name);
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
