package dev.llmlifecycle.retrieval.vector.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
class NearestRowsTest {

    static Stream<Named<SplittableRandom>> seeds() {
        return Seeds.some().limit(50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void keepsWhatSortingWouldPutFirst(SplittableRandom random) {
        int count = random.nextInt(60);
        int capacity = 1 + random.nextInt(20);
        // Few values, so that many rows are equally near; ids in another order than rows.
        float[] closeness = new float[count];
        for (int i = 0; i < count; i++) {
            closeness[i] = random.nextInt(-3, 4) / 2f;
        }
        Comparator<Integer> byId = Comparator.comparing(row -> Integer.toString(row * 7919 % 1000));
        NearestRows nearest = new NearestRows(capacity, byId::compare);
        List<Integer> rows = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        for (int row : rows) {
            nearest.offer(row, closeness[row]);
        }
        nearest.sort();

        rows.sort(Comparator.comparingDouble((Integer row) -> -closeness[row]).thenComparing(byId));
        assertThat(IntStream.range(0, nearest.size()).map(nearest::row))
                .containsExactlyElementsOf(rows.subList(0, Math.min(count, capacity)));
        assertThat(IntStream.range(0, nearest.size())).allMatch(i -> nearest.closeness(i) == closeness[nearest.row(i)]);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theHeapOfLongsDoesWhatAPriorityQueueDoes(SplittableRandom random) {
        LongHeap heap = new LongHeap();
        PriorityQueue<Long> model = new PriorityQueue<>();
        for (int i = 0; i < 500; i++) {
            long value = random.nextLong(-50, 50);
            if (model.isEmpty() || random.nextInt(3) > 0) {
                heap.push(value);
                model.add(value);
            } else if (random.nextBoolean()) {
                heap.replaceTop(value);
                model.poll();
                model.add(value);
            } else {
                assertThat(heap.pop()).isEqualTo(model.poll());
            }
            assertThat(heap.size()).isEqualTo(model.size());
            if (!model.isEmpty()) {
                assertThat(heap.top()).isEqualTo(model.peek());
            }
        }
    }

    @Test
    void aRowRanksByClosenessWhateverItsSign() {
        float[] rising = {
            Float.NEGATIVE_INFINITY, -Float.MAX_VALUE, -2, -1, -Float.MIN_VALUE, 0, Float.MIN_VALUE, 0.5f, 1, 1e30f
        };
        for (int i = 0; i < rising.length; i++) {
            long ranked = Ranked.of(rising[i], Integer.MAX_VALUE - i);
            assertThat(Ranked.closeness(ranked)).isEqualTo(rising[i]);
            assertThat(Ranked.row(ranked)).isEqualTo(Integer.MAX_VALUE - i);
            if (i > 0) {
                assertThat(ranked).isGreaterThan(Ranked.of(rising[i - 1], Integer.MAX_VALUE));
            }
        }
    }
}
