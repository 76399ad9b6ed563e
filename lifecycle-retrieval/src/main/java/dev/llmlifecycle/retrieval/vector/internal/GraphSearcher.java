package dev.llmlifecycle.retrieval.vector.internal;

import org.jspecify.annotations.Nullable;

/**
 * Walks the graph of a sealed segment towards the query (Yu. A. Malkov and D. A. Yashunin, "Efficient and robust
 * approximate nearest neighbor search using Hierarchical Navigable Small World graphs", 2016), or compares all allowed
 * rows where that is cheaper.
 *
 * <p>With a filter that allows much the walk goes through all rows and collects the allowed ones. With one that allows
 * less it compares allowed rows only, and goes through a neighbour that is not allowed to that one's allowed neighbours
 * without comparing it (L. Patel, P. Kraft, C. Guestrin and M. Zaharia, "ACORN: Performant and Predicate-Agnostic
 * Search Over Vector Embeddings and Structured Data", 2024). Where very few rows are allowed they are out of each
 * other's reach, and where they are far from the query the walk can be longer than can be told beforehand. So a
 * filtered walk begins only when it is expected to be cheap, has a budget, and gives way to comparing all allowed rows
 * when that is spent. It does so too when it ends with fewer rows than are wanted, since parts of a graph can be out of
 * reach.
 */
final class GraphSearcher implements SegmentSearcher {

    /** How many rows a walk compares for each row of its width, about, in graphs of 16 links. */
    private static final int COMPARED_FOR_EACH_WIDTH = 16;

    /** The same with a filter; what reading the neighbours of neighbours costs is in it. */
    private static final int COMPARED_WITH_FILTER = 32;

    /** With so many rows to compare a filtered walk goes on without neighbours of neighbours. */
    static final int ENOUGH_NEIGHBOURS = 32;

    /** Up to one row of so many, a walk compares the allowed rows only. */
    private static final long FEW = 3;

    /** Lists of neighbours that are read at the cost of comparing one row, about. */
    private static final int LISTS_FOR_A_ROW = 4;

    /** Allowed rows that are to be expected among the neighbours of neighbours, so that a filtered walk gets on. */
    private static final int LEAST_ALLOWED_NEAR = 16;

    /**
     * About what a row costs in a walk, when one in a scan costs one: it is not in the cache, and the heaps come on
     * top.
     */
    private static final int WALK_COST = 4;

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final GraphContent graph;
    private final RowSource rows;
    private final int size;
    private final int length;
    private final Metric metric;
    private final VectorMath math;
    private final ExactSearcher exact;
    private final int reach;
    private final GraphScratch.Pool pool;

    GraphSearcher(
            GraphContent graph,
            RowSource rows,
            int size,
            int dimension,
            Metric metric,
            VectorMath math,
            ExactSearcher exact) {
        this.graph = graph;
        this.rows = rows;
        this.size = size;
        this.length = Rows.length(dimension);
        this.metric = metric;
        this.math = math;
        this.exact = exact;
        int maxDegree = 0;
        for (int level = 0; level <= graph.topLevel(); level++) {
            maxDegree = Math.max(maxDegree, graph.maxDegree(level));
        }
        int degree = graph.maxDegree(0);
        this.reach = degree * degree;
        this.pool = new GraphScratch.Pool(size, maxDegree, rows.scratchFloats(length));
    }

    @Override
    public void search(float[] query, int width, @Nullable Bits allowed, NearestRows nearest, SearchProgress progress) {
        int budget = budget(allowed == null ? size : allowed.cardinality(), width);
        if (budget == 0) {
            exact.search(query, width, allowed, nearest, progress);
            return;
        }
        // A scratch that a failing search does not give back is garbage, no more.
        GraphScratch scratch = pool.take();
        scratch.begin();
        boolean arrived =
                walk(query, width, allowed, budget, scratch, progress) && scratch.found.size() >= nearest.capacity();
        if (arrived) {
            progress.graphSegment();
            for (int i = 0; i < scratch.found.size(); i++) {
                long ranked = scratch.found.get(i);
                nearest.offer(Ranked.row(ranked), Ranked.closeness(ranked));
            }
        }
        pool.giveBack(scratch);
        if (!arrived) {
            exact.search(query, width, allowed, nearest, progress);
        }
    }

    /**
     * Returns how many rows a walk may compare: none when comparing the allowed ones at once is expected to cost less.
     *
     * <p>Where few are allowed, a walk may take half as long again as expected. Else one that is expected to cost half
     * of the scan may take twice as long; any other one only as much as keeps walk and scan together within 1.2 times
     * the scan, or 3 times the walk without a filter.
     */
    private int budget(int allowed, int width) {
        long walk = Math.min((long) width * COMPARED_FOR_EACH_WIDTH, size);
        if (allowed == size) {
            return WALK_COST * walk < size ? UNLIMITED : 0;
        }
        if (allowsFew(allowed)) {
            long expected = (long) width * COMPARED_WITH_FILTER;
            boolean getsOn = (long) reach * allowed >= (long) LEAST_ALLOWED_NEAR * size;
            return getsOn && WALK_COST * expected <= allowed ? (int) (expected + expected / 2) : 0;
        }
        // The walk goes on until it has collected its width of allowed rows.
        long expected = walk * size / allowed;
        long most = Math.max(allowed / 5 / WALK_COST, 3 * walk - allowed / WALK_COST);
        if (2 * WALK_COST * expected <= allowed) {
            most = Math.max(most, 2 * expected);
        }
        return expected <= most ? (int) Math.min(most, UNLIMITED) : 0;
    }

    private boolean allowsFew(int allowed) {
        return FEW * allowed < size;
    }

    /** Returns whether the walk ended within the budget. */
    private boolean walk(
            float[] query,
            int width,
            @Nullable Bits allowed,
            int budget,
            GraphScratch scratch,
            SearchProgress progress) {
        LongHeap found = scratch.found;
        // The heap has its smallest on top, the frontier wants its nearest there: it holds complements.
        LongHeap frontier = scratch.frontier;
        long entry = descend(query, scratch, progress);
        scratch.visit(Ranked.row(entry));
        frontier.push(~entry);
        if (allowed == null || allowed.get(Ranked.row(entry))) {
            found.push(entry);
        }
        int spent = 0;
        @Nullable Bits few = allowed != null && allowsFew(allowed.cardinality()) ? allowed : null;
        int[] candidates = scratch.candidates;
        while (frontier.size() > 0) {
            long next = ~frontier.pop();
            if (found.size() == width && next < found.top()) {
                break;
            }
            int fresh = few == null ? neighbours(Ranked.row(next), scratch) : allowed(Ranked.row(next), few, scratch);
            for (int i = 0; i < fresh; i++) {
                int row = candidates[i];
                long ranked = Ranked.of(closeness(query, row, scratch), row);
                boolean full = found.size() == width;
                if (full && ranked < found.top()) {
                    continue;
                }
                frontier.push(~ranked);
                if (allowed == null || few != null || allowed.get(row)) {
                    if (full) {
                        found.replaceTop(ranked);
                    } else {
                        found.push(ranked);
                    }
                }
            }
            progress.compared(fresh);
            spent += fresh;
            if (spent + scratch.lists / LISTS_FOR_A_ROW > budget) {
                return false;
            }
        }
        return true;
    }

    /** Collects the neighbours of a row that were not visited. */
    private int neighbours(int of, GraphScratch scratch) {
        int[] candidates = scratch.candidates;
        int degree = graph.neighbours(0, of, candidates);
        int fresh = 0;
        for (int i = 0; i < degree; i++) {
            if (scratch.visit(candidates[i])) {
                candidates[fresh++] = candidates[i];
            }
        }
        return fresh;
    }

    /**
     * Collects the allowed neighbours of a row that were not visited, and if they are few, those of its neighbours that
     * are not allowed.
     */
    private int allowed(int of, Bits allowed, GraphScratch scratch) {
        int[] neighbours = scratch.neighbours;
        int[] candidates = scratch.candidates;
        int fresh = 0;
        int bridges = 0;
        int degree = graph.neighbours(0, of, neighbours);
        for (int i = 0; i < degree; i++) {
            int row = neighbours[i];
            if (!allowed.get(row)) {
                neighbours[bridges++] = row;
            } else if (scratch.visit(row)) {
                candidates[fresh++] = row;
            }
        }
        int[] further = scratch.further;
        for (int i = 0; i < bridges && fresh < ENOUGH_NEIGHBOURS; i++) {
            if (!scratch.visit(neighbours[i])) {
                continue;
            }
            scratch.lists++;
            int count = graph.neighbours(0, neighbours[i], further);
            for (int j = 0; j < count; j++) {
                // One that is not allowed stays unvisited, so that the walk can go through it from a nearer row.
                if (allowed.get(further[j]) && scratch.visit(further[j])) {
                    candidates[fresh++] = further[j];
                }
            }
        }
        return fresh;
    }

    /** Goes from the entry point down to level 1, on each level as near to the query as it gets. */
    private long descend(float[] query, GraphScratch scratch, SearchProgress progress) {
        int row = graph.entryPoint();
        long best = Ranked.of(closeness(query, row, scratch), row);
        int[] neighbours = scratch.neighbours;
        for (int level = graph.topLevel(); level > 0; level--) {
            long before;
            do {
                before = best;
                int degree = graph.neighbours(level, Ranked.row(best), neighbours);
                for (int i = 0; i < degree; i++) {
                    best = Math.max(best, Ranked.of(closeness(query, neighbours[i], scratch), neighbours[i]));
                }
                progress.compared(degree);
            } while (best != before);
        }
        return best;
    }

    private float closeness(float[] query, int row, GraphScratch scratch) {
        return metric.closeness(math, query, 0, rows.read(row, 1, scratch.row), rows.offset(row), length);
    }
}
