package dev.llmlifecycle.retrieval.cache;

import java.util.Set;

/** What of two questions tells how likely one answer serves both. */
final class PairFeatures {

    /** How many there are. */
    static final int COUNT = 8;

    private PairFeatures() {}

    static double[] of(double similarity, QuestionMarks one, QuestionMarks other) {
        Set<String> a = one.content();
        Set<String> b = other.content();
        long common = a.stream().filter(b::contains).count();
        long onlyA = a.size() - common;
        long onlyB = b.size() - common;
        double union = common + onlyA + onlyB;
        double lengths = Math.log((one.tokens() + 1.0) / (other.tokens() + 1.0));
        boolean exchanged = onlyA == onlyB && onlyA > 0 && onlyA <= 2;
        boolean added = (onlyA == 0) != (onlyB == 0);
        double cosine = Math.max(-1, Math.min(1, similarity));
        return new double[] {
            cosine,
            // The angle tells near vectors apart where the cosine is flat.
            Math.acos(cosine),
            union == 0 ? 1 : common / union,
            Math.min(onlyA, onlyB),
            // Nearly the same words and one exchanged is another question more often than a rewording.
            exchanged ? common / union : 0,
            added ? common / union : 0,
            Math.abs(lengths),
            Math.log1p(Math.min(a.size(), b.size()))
        };
    }
}
