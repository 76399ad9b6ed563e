package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Vectors of length one to search in and others to search for, which are not among them; and what a search should find.
 *
 * <p>From a file ({@link VectorFile}), or drawn from a seed: clusters of a hundred, with their centres as far apart as
 * chance has it.
 */
final class VectorData {

    /** How many are to be found. */
    static final int K = 10;

    private static final long SEED = 20_260_102;
    private static final int QUERIES = 500;
    private static final int DIMENSION = 100;
    private static final int CLUSTER = 100;
    private static final double SPREAD = 0.7;

    private final List<float[]> base;
    private final List<float[]> tuning;
    private final List<float[]> queries;

    private VectorData(List<float[]> vectors, int size) {
        this.base = List.copyOf(vectors.subList(0, size));
        this.tuning = List.copyOf(vectors.subList(size, size + QUERIES));
        this.queries = List.copyOf(vectors.subList(size + QUERIES, size + 2 * QUERIES));
    }

    /**
     * Makes the data.
     *
     * @param file the first vectors of a file, or drawn ones when it is empty
     * @param size how many to search in
     */
    static VectorData of(String file, int size) throws IOException {
        int count = size + 2 * QUERIES;
        List<float[]> vectors = new ArrayList<>(file.isEmpty() ? drawn(count) : VectorFile.read(Path.of(file), count));
        vectors.replaceAll(VectorData::normalised);
        Collections.shuffle(vectors, new Random(SEED));
        return new VectorData(vectors, size);
    }

    /** Returns what is searched in. */
    List<float[]> base() {
        return base;
    }

    /** Returns what a width may be chosen by; recall is told of {@link #queries} alone. */
    List<float[]> tuning() {
        return tuning;
    }

    /** Returns what is searched for. */
    List<float[]> queries() {
        return queries;
    }

    int dimension() {
        return base.get(0).length;
    }

    /** Returns what each of some queries should find among the rows that are allowed. */
    List<Set<Integer>> truth(List<float[]> queries, IntPredicate allowed) {
        return queries.stream().map(query -> nearest(query, allowed)).toList();
    }

    /** Returns the share of what queries should find that a search finds. */
    static double recall(List<float[]> queries, List<Set<Integer>> truth, Function<float[], List<Integer>> search) {
        int found = 0;
        int wanted = 0;
        for (int i = 0; i < queries.size(); i++) {
            Set<Integer> nearest = truth.get(i);
            wanted += nearest.size();
            for (int row : search.apply(queries.get(i))) {
                found += nearest.contains(row) ? 1 : 0;
            }
        }
        return (double) found / wanted;
    }

    private Set<Integer> nearest(float[] query, IntPredicate allowed) {
        record Scored(int row, double score) {}
        PriorityQueue<Scored> nearest = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
        for (int row = 0; row < base.size(); row++) {
            if (allowed.test(row)) {
                nearest.add(new Scored(row, dot(query, base.get(row))));
                if (nearest.size() > K) {
                    nearest.poll();
                }
            }
        }
        Set<Integer> rows = new HashSet<>();
        nearest.forEach(scored -> rows.add(scored.row()));
        return rows;
    }

    static double dot(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
        }
        return dot;
    }

    private static List<float[]> drawn(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<float[]> centres = new ArrayList<>();
        for (int i = 0; i < Math.max(1, count / CLUSTER); i++) {
            centres.add(gaussian(random, 1));
        }
        List<float[]> vectors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] vector = gaussian(random, SPREAD);
            float[] centre = centres.get(random.nextInt(centres.size()));
            for (int j = 0; j < DIMENSION; j++) {
                vector[j] += centre[j];
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private static float[] gaussian(SplittableRandom random, double deviation) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (deviation * random.nextGaussian());
        }
        return vector;
    }

    private static float[] normalised(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        float[] result = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            result[i] = (float) (vector[i] / length);
        }
        return result;
    }
}
