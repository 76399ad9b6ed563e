package dev.llmlifecycle.eval.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU: how many runs of one to four words a text shares with references, with a penalty for brevity.
 *
 * <p>{@code min(1, e^(1 - r/c)) · (p₁p₂p₃p₄)^¼}, with {@code p_n} the n-grams of all texts that a reference of theirs
 * has, each counted at most as often as there, by all their n-grams, c the words of all texts and r those of the
 * references closest in length, the shorter of two equally close (K. Papineni, S. Roukos, T. Ward and W.-J. Zhu, "BLEU:
 * a Method for Automatic Evaluation of Machine Translation", ACL 2002). Texts come as tokens, since the score depends
 * on how they are made; name your tokenizer where you quote a figure.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Bleu {

    private static final int ORDER = 4;

    private Bleu() {}

    /**
     * Returns the BLEU of a corpus.
     *
     * @param texts the tokens of each text, at least one text
     * @param references for each text the tokens of each reference, at least one for each
     * @return in [0, 1], 0 where no run of four words is shared
     */
    public static double corpus(List<List<String>> texts, List<List<List<String>>> references) {
        if (texts.isEmpty() || texts.size() != references.size()) {
            throw new IllegalArgumentException("BLEU needs texts and references for each but got " + texts.size()
                    + " texts and " + references.size() + " sets of references; match them row by row");
        }
        Totals totals = new Totals();
        for (int i = 0; i < texts.size(); i++) {
            totals.add(texts.get(i), references.get(i));
        }
        return totals.score(0);
    }

    /**
     * Returns the BLEU of a single text, smoothed by adding one to both counts of runs of two or more words (C.-Y. Lin
     * and F. J. Och, "ORANGE: a Method for Evaluating Automatic Evaluation Metrics for Machine Translation", COLING
     * 2004). The mean over texts is not the BLEU of the corpus.
     *
     * @param text the tokens
     * @param references the tokens of each reference, at least one
     * @return in [0, 1]
     */
    public static double sentence(List<String> text, List<List<String>> references) {
        Totals totals = new Totals();
        totals.add(text, references);
        return totals.score(1);
    }

    private static final class Totals {

        private final long[] shared = new long[ORDER];
        private final long[] all = new long[ORDER];
        private long length;
        private long referenceLength;

        void add(List<String> text, List<List<String>> references) {
            if (references.isEmpty()) {
                throw new IllegalArgumentException(
                        "BLEU needs a reference for each text but one has none; add it or " + "leave the text out");
            }
            length += text.size();
            referenceLength += closest(text.size(), references);
            for (int n = 1; n <= ORDER; n++) {
                Map<List<String>, Integer> most = new HashMap<>();
                for (List<String> reference : references) {
                    TextScores.counts(reference, n).forEach((run, count) -> most.merge(run, count, Math::max));
                }
                shared[n - 1] += TextScores.overlap(TextScores.counts(text, n), most);
                all[n - 1] += Math.max(0, text.size() - n + 1);
            }
        }

        double score(int smoothing) {
            double log = 0;
            for (int n = 0; n < ORDER; n++) {
                int add = n == 0 ? 0 : smoothing;
                if (shared[n] + add == 0) {
                    return 0;
                }
                log += Math.log((shared[n] + add) / (double) (all[n] + add)) / ORDER;
            }
            return Math.exp(Math.min(0, 1 - referenceLength / (double) length) + log);
        }

        private static int closest(int length, List<List<String>> references) {
            int best = references.get(0).size();
            for (List<String> reference : references) {
                int distance = Math.abs(reference.size() - length);
                int bestDistance = Math.abs(best - length);
                if (distance < bestDistance || (distance == bestDistance && reference.size() < best)) {
                    best = reference.size();
                }
            }
            return best;
        }
    }
}
