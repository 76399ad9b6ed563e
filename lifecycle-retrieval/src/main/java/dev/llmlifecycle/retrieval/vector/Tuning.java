package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.List;

/** Chooses the width of searches by one half of sample queries, and measures it by the other. */
final class Tuning {

    private static final int FEWEST_QUERIES = 20;
    private static final int WIDEST = 4096;

    private final VectorSnapshot snapshot;
    private final double target;
    private final List<Sample> choosing = new ArrayList<>();
    private final List<Sample> measuring = new ArrayList<>();

    /** A query and its true answer. */
    private record Sample(VectorQuery query, VectorSearchResult exact) {}

    Tuning(VectorSnapshot snapshot, double target, List<VectorQuery> queries) {
        if (!(target > 0 && target <= 1)) {
            throw new IllegalArgumentException("tuning a vector index to a recall of " + target
                    + " cannot be done; give a share above 0, at most 1");
        }
        if (queries.size() < FEWEST_QUERIES) {
            throw new IllegalArgumentException("tuning a vector index by " + queries.size()
                    + " queries would say little; give at least " + FEWEST_QUERIES);
        }
        this.snapshot = snapshot;
        this.target = target;
        for (int i = 0; i < queries.size(); i++) {
            VectorQuery exact = queries.get(i).asExact();
            (i % 2 == 0 ? choosing : measuring).add(new Sample(queries.get(i), snapshot.search(exact)));
        }
    }

    RecallEstimate run() {
        int width = snapshot.hasGraph() ? choose() : snapshot.width();
        return measure(measuring, width).estimate(width);
    }

    /** Returns the smallest width, to about a tenth, that reaches the target; recall rises with the width. */
    private int choose() {
        int enough = 10;
        int tooSmall = 0;
        while (enough < WIDEST && measure(choosing, enough).recall() < target) {
            tooSmall = enough;
            enough = Math.min(WIDEST, 2 * enough);
        }
        while (enough - tooSmall > Math.max(1, enough / 10)) {
            int middle = (enough + tooSmall) / 2;
            if (measure(choosing, middle).recall() < target) {
                tooSmall = middle;
            } else {
                enough = middle;
            }
        }
        return enough;
    }

    private RecallMeter measure(List<Sample> samples, int width) {
        RecallMeter meter = new RecallMeter();
        for (Sample sample : samples) {
            meter.add(snapshot.search(sample.query().withWidth(width)), sample.exact());
        }
        return meter;
    }
}
