package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import org.jspecify.annotations.Nullable;

/** A pool at one moment: its rows in the order of their ids, so that the smaller number is the smaller id. */
final class PoolState {

    private final Dataset dataset;
    private final List<PoolRow> rows;
    private final int[] positions;
    private final Map<String, Integer> byId;
    private final Vectors vectors;
    private final int fewestTokens;

    private PoolState(Dataset dataset, List<PoolRow> rows, Vectors vectors) {
        this.dataset = dataset;
        this.rows = List.copyOf(rows);
        this.vectors = vectors;
        this.byId = new HashMap<>();
        int fewest = Integer.MAX_VALUE;
        for (int row = 0; row < rows.size(); row++) {
            byId.put(rows.get(row).example().id(), row);
            fewest = Math.min(fewest, rows.get(row).tokens());
        }
        this.fewestTokens = fewest;
        this.positions = new int[rows.size()];
        for (int position = 0; position < dataset.size(); position++) {
            positions[
                    Objects.requireNonNull(
                            byId.get(dataset.examples().get(position).id()))] = position;
        }
    }

    /**
     * Puts a pool together from what an earlier one knew and what is new.
     *
     * @param dataset the examples
     * @param earlier the pool before, whose rows are taken as they are
     * @param fresh rows that it does not have, by id
     * @param vectors of the fresh ones, by id; none without embeddings
     */
    static PoolState of(
            Dataset dataset, @Nullable PoolState earlier, Map<String, PoolRow> fresh, Map<String, float[]> vectors) {
        List<String> ids = dataset.examples().stream()
                .map(Example::id)
                .sorted(Comparator.naturalOrder())
                .toList();
        int dimension = vectors.values().stream()
                .findFirst()
                .map(vector -> vector.length)
                .orElse(earlier == null ? 0 : earlier.vectors.dimension());
        Vectors all = new Vectors(ids.size(), dimension);
        List<PoolRow> rows = new ArrayList<>(ids.size());
        for (int row = 0; row < ids.size(); row++) {
            String id = ids.get(row);
            PoolRow added = fresh.get(id);
            if (added != null) {
                rows.add(added);
                float[] vector = vectors.get(id);
                if (vector != null) {
                    all.put(row, vector);
                }
            } else {
                PoolState before = Objects.requireNonNull(earlier, "earlier");
                int old = before.row(id);
                rows.add(before.rows.get(old));
                if (dimension > 0) {
                    all.put(row, before.vectors, old);
                }
            }
        }
        return new PoolState(dataset, rows, all);
    }

    Dataset dataset() {
        return dataset;
    }

    int size() {
        return rows.size();
    }

    PoolRow at(int row) {
        return rows.get(row);
    }

    List<PoolRow> rows() {
        return rows;
    }

    Vectors vectors() {
        return vectors;
    }

    /** Returns where a row stands in the data set. */
    int position(int row) {
        return positions[row];
    }

    /** Returns the row with an id, or -1. */
    int row(String id) {
        return byId.getOrDefault(id, -1);
    }

    boolean has(String id) {
        return byId.containsKey(id);
    }

    /** Returns what the shortest example takes, the largest number when there is none. */
    int fewestTokens() {
        return fewestTokens;
    }
}
