package dev.llmlifecycle.retrieval.vector.internal;

/** The values that the rows of a segment have for one key. */
interface Column {

    /**
     * Finds rows by their values.
     *
     * @param comparison what is asked of the values; whether it is negated does not matter
     * @param candidates the rows that are considered
     * @return the rows that pass, and those for which the filter itself has to be asked; others than candidates may be
     *     among them
     */
    Selection select(Comparison comparison, Bits candidates);

    /**
     * What values can say.
     *
     * @param passed the rows whose values pass
     * @param undecided the rows for which the filter itself has to be asked
     */
    record Selection(Bits passed, Bits undecided) {}
}
