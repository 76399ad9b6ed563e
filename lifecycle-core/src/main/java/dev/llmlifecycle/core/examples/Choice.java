package dev.llmlifecycle.core.examples;

/** What a rule chooses from, for one question. */
final class Choice {

    private final PoolState pool;
    private final String question;
    private final float[] relevance;
    private final boolean[] barred;
    private final float above;
    private final int most;
    private final int budget;

    /**
     * Describes what there is.
     *
     * @param pool the pool
     * @param question the question
     * @param relevance of every row
     * @param barred rows that the firewall refuses
     * @param above a row must be more relevant than this
     * @param most how many may be chosen
     * @param budget how many tokens they may take together
     */
    Choice(PoolState pool, String question, float[] relevance, boolean[] barred, float above, int most, int budget) {
        this.pool = pool;
        this.question = question;
        this.relevance = relevance;
        this.barred = barred;
        this.above = above;
        this.most = most;
        this.budget = budget;
    }

    PoolState pool() {
        return pool;
    }

    String question() {
        return question;
    }

    float relevance(int row) {
        return relevance[row];
    }

    boolean barred(int row) {
        return barred[row];
    }

    int most() {
        return most;
    }

    int budget() {
        return budget;
    }

    int tokens(int row) {
        return pool.at(row).tokens();
    }

    /** Returns the rows that may be chosen, the most relevant first. */
    RankedRows ranked() {
        return new RankedRows(relevance, barred, above);
    }

    /** Returns the rows that the firewall lets pass by numbers other than their relevance, the largest first. */
    RankedRows ranked(float[] numbers) {
        return new RankedRows(numbers, barred, Float.NEGATIVE_INFINITY);
    }

    /** Returns the same without one row. */
    Choice without(int row) {
        boolean[] more = barred.clone();
        more[row] = true;
        return new Choice(pool, question, relevance, more, above, most, budget);
    }
}
