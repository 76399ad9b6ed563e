package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

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

/**
 * One search for the ten nearest by one thread, in the index and in its peers; the recall is printed before.
 *
 * <p>Engines with a graph take the smallest width that finds enough of what 500 queries should find; the recall is that
 * of 500 others, which are then measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g", "--add-modules", "jdk.incubator.vector"})
public class VectorSearchBenchmark {

    /** What is compared. */
    public enum Engine {
        /** The index of this library, as it is by default. */
        INDEX,
        /** LangChain4j's {@code InMemoryEmbeddingStore}. */
        IN_MEMORY,
        /** hnswlib-core as it is published, with its inner product. */
        HNSWLIB
    }

    /** The file of vectors; drawn ones when it is empty. */
    @Param("")
    public String vectors = "";

    /** How many vectors there are. */
    @Param({"20000", "100000"})
    public int size;

    /** What searches. */
    @Param
    public Engine engine = Engine.INDEX;

    private @Nullable VectorEngine searched;
    private List<float[]> queries = List.of();
    private int width;
    private int next;

    /**
     * Builds the engine and tells its recall.
     *
     * @throws IOException when the vectors cannot be read
     */
    @Setup(Level.Trial)
    public void build() throws IOException {
        VectorData data = VectorData.of(vectors, size);
        VectorEngine built = switch (engine) {
            case INDEX -> new VectorEngine.OfIndex(VectorEngine.index(data));
            case IN_MEMORY -> new VectorEngine.OfStore(data);
            case HNSWLIB -> new VectorEngine.OfHnswlib(data, size);
        };
        width = VectorEngine.width(built, data);
        queries = data.queries();
        double recall = VectorEngine.recall(built, width, queries, data.truth(queries, row -> true));
        System.out.printf(Locale.ROOT, "recall@10 %.3f at width %d%n", recall, width);
        searched = built;
    }

    /**
     * Searches.
     *
     * @return the numbers of the nearest
     */
    @Benchmark
    public List<Integer> search() {
        next = (next + 1) % queries.size();
        return searched == null ? List.of() : searched.search(queries.get(next), width);
    }

    /** Closes the engine. */
    @TearDown(Level.Trial)
    public void close() {
        if (searched != null) {
            searched.close();
        }
    }
}
