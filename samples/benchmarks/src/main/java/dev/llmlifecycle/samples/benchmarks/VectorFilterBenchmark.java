package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;

/**
 * One search among the rows that a filter allows, the exact scan of those rows alone, and the search without a filter.
 *
 * <p>The width is the smallest that finds enough without a filter; with one, the recall is printed before.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g", "--add-modules", "jdk.incubator.vector"})
public class VectorFilterBenchmark {

    private static final int BUCKETS = 1_000;

    /** The file of vectors; drawn ones when it is empty. */
    @Param("")
    public String vectors = "";

    /** How many vectors there are. */
    @Param("100000")
    public int size;

    /** How many of a thousand rows the filter allows. */
    @Param({"500", "100", "10", "1"})
    public int allowed;

    private @Nullable VectorIndex index;
    private @Nullable VectorIndex matching;
    private List<float[]> queries = List.of();
    private Filter filter = metadataKey("bucket").isLessThan(0);
    private int width;
    private int next;

    /**
     * Builds the index, and one of the matching rows alone.
     *
     * @throws IOException when the vectors cannot be read
     */
    @Setup(Level.Trial)
    public void build() throws IOException {
        VectorData data = VectorData.of(vectors, size);
        VectorIndex all = VectorEngine.index(data);
        width = VectorEngine.width(new VectorEngine.OfIndex(all), data);
        filter = metadataKey("bucket").isLessThan(allowed);
        queries = data.queries();
        double recall = VectorData.recall(
                queries,
                data.truth(queries, row -> row % BUCKETS < allowed),
                query -> VectorEngine.OfIndex.rows(all, filtered(query)));
        System.out.printf(Locale.ROOT, "recall@10 %.3f at width %d%n", recall, width);
        index = all;
        matching = VectorIndex.builder(data.dimension()).exactLimit(size).build();
        matching.addAll(IntStream.range(0, size)
                .filter(row -> row % BUCKETS < allowed)
                .mapToObj(row -> VectorEngine.entry(data, row))
                .toList());
    }

    private VectorQuery filtered(float[] query) {
        return VectorQuery.builder(query)
                .k(VectorData.K)
                .width(width)
                .filter(filter)
                .build();
    }

    /**
     * Searches with the filter.
     *
     * @return the numbers of the nearest
     */
    @Benchmark
    public List<Integer> filtered() {
        return rows(index, filtered(query()));
    }

    /**
     * Compares each of the matching rows.
     *
     * @return the numbers of the nearest
     */
    @Benchmark
    public List<Integer> exactScanOfMatching() {
        return rows(
                matching,
                VectorQuery.builder(query()).k(VectorData.K).exact(true).build());
    }

    /**
     * Searches without a filter.
     *
     * @return the numbers of the nearest
     */
    @Benchmark
    public List<Integer> unfiltered() {
        return rows(
                index, VectorQuery.builder(query()).k(VectorData.K).width(width).build());
    }

    private float[] query() {
        next = (next + 1) % queries.size();
        return queries.get(next);
    }

    private static List<Integer> rows(@Nullable VectorIndex index, VectorQuery query) {
        return index == null ? List.of() : VectorEngine.OfIndex.rows(index, query);
    }

    /** Closes the indexes. */
    @TearDown(Level.Trial)
    public void close() {
        if (index != null) {
            index.close();
        }
        if (matching != null) {
            matching.close();
        }
    }
}
