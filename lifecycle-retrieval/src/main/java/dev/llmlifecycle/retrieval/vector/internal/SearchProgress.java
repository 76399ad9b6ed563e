package dev.llmlifecycle.retrieval.vector.internal;

/** What one search has cost so far, and whether it may go on; not thread-safe. */
public final class SearchProgress {

    private static final int UNCHECKED = 512;

    private final Runnable check;
    private long distances;
    private long checked;
    private int exactSegments;
    private int graphSegments;

    /**
     * Begins a search.
     *
     * @param check is run now and then, and throws when the search is to end
     */
    public SearchProgress(Runnable check) {
        this.check = check;
    }

    /** Counts vectors that are compared with the query, and checks now and then. */
    void compared(int count) {
        distances += count;
        if (distances - checked >= UNCHECKED) {
            checked = distances;
            check.run();
        }
    }

    void exactSegment() {
        exactSegments++;
    }

    void graphSegment() {
        graphSegments++;
    }

    /** Returns how many vectors were compared with the query. */
    public long distances() {
        return distances;
    }

    /** Returns how many segments were read through. */
    public int exactSegments() {
        return exactSegments;
    }

    /** Returns how many segments were searched by their graphs. */
    public int graphSegments() {
        return graphSegments;
    }
}
