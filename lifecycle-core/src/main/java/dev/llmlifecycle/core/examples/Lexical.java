package dev.llmlifecycle.core.examples;

/** Scores all rows of a pool by what they have in common with a question, in time linear in both. */
final class Lexical {

    private Lexical() {}

    /** Returns the scores of BM25, where a word counts once however often the question has it. */
    static float[] bm25(PoolState pool, Terms question, double k1, double b) {
        int[] frequency = new int[question.size()];
        long words = 0;
        for (PoolRow row : pool.rows()) {
            Terms terms = row.terms();
            words += terms.total();
            for (int i = 0; i < terms.size(); i++) {
                int place = question.find(terms.value(i));
                if (place >= 0) {
                    frequency[place]++;
                }
            }
        }
        double mean = Math.max(1, (double) words / Math.max(1, pool.size()));
        double[] weight = new double[question.size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = StrictMath.log(1 + (pool.size() - frequency[i] + 0.5) / (frequency[i] + 0.5));
        }
        float[] scores = new float[pool.size()];
        for (int row = 0; row < scores.length; row++) {
            Terms terms = pool.at(row).terms();
            double score = 0;
            for (int i = 0; i < terms.size(); i++) {
                int place = question.find(terms.value(i));
                if (place >= 0) {
                    double count = terms.count(i);
                    score += weight[place] * count * (k1 + 1) / (count + k1 * (1 - b + b * terms.total() / mean));
                }
            }
            scores[row] = (float) score;
        }
        return scores;
    }

    /** Returns Dice's coefficients of the different n-grams. */
    static float[] dice(PoolState pool, Terms question) {
        float[] scores = new float[pool.size()];
        for (int row = 0; row < scores.length; row++) {
            Terms terms = pool.at(row).terms();
            int both = terms.size() + question.size();
            scores[row] = both == 0 ? 0 : (float) (2.0 * terms.shared(question) / both);
        }
        return scores;
    }
}
