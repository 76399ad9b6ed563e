package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class GraphSearchTest {

    private static final int DIMENSION = 48;
    private static final long SEED = 20_260_101;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void findsNearlyAllThatAnExactSearchFinds() {
        List<float[]> centres = clustered(40, List.of(new float[DIMENSION]));
        List<float[]> vectors = clustered(3_000, centres);
        GraphSearch graph = GraphSearch.build(vectors, () -> true).orElseThrow();
        ExactSearch exact = new ExactSearch(vectors, any -> true);

        int found = 0;
        int queries = 200;
        for (float[] query : clustered(queries, centres)) {
            Set<Integer> expected = set(exact.nearest(query, 10));
            expected.retainAll(set(graph.nearest(query, 10)));
            found += expected.size();
        }

        assertThat(found / (10.0 * queries)).as("recall@10, seed %d", SEED).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void servesMoreThreadsThanProcessors() {
        List<float[]> vectors = clustered(500, List.of(new float[DIMENSION]));
        GraphSearch graph = GraphSearch.build(vectors, () -> true).orElseThrow();
        List<CompletableFuture<int[]>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            float[] query = vectors.get(i);
            answers.add(CompletableFuture.supplyAsync(() -> graph.nearest(query, 1), task -> new Thread(task).start()));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(answers.get(i).join()).containsExactly(i);
        }
    }

    @Test
    void anInterruptedThreadIsAnsweredAndKeepsItsFlag() {
        List<float[]> vectors = clustered(100, List.of(new float[DIMENSION]));
        GraphSearch graph = GraphSearch.build(vectors, () -> true).orElseThrow();
        Thread.currentThread().interrupt();

        assertThat(graph.nearest(vectors.get(7), 1)).containsExactly(7);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void givesUpWhenItIsNoLongerWanted() {
        assertThat(GraphSearch.build(clustered(10, List.of(new float[DIMENSION])), () -> false))
                .isEmpty();
    }

    private List<float[]> clustered(int count, List<float[]> centres) {
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] vector = centres.get(random.nextInt(centres.size())).clone();
            for (int j = 0; j < vector.length; j++) {
                vector[j] += (float) random.nextDouble(-0.15, 0.15);
            }
            vectors.add(Vectors.normalise(vector));
        }
        return vectors;
    }

    private static Set<Integer> set(int[] positions) {
        return new HashSet<>(Arrays.stream(positions).boxed().toList());
    }
}
