package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.VectorSearchResult;

/**
 * How long a new JVM takes from opening an index on disk to the first answer.
 *
 * <p>{@code java -Xmx4g --add-modules jdk.incubator.vector -cp benchmarks.jar
 * dev.llmlifecycle.samples.benchmarks.VectorOpen --directory DIR --vectors words.fvecs --size 300000}: builds the index
 * when the directory is not there, then opens it in five JVMs one after the other, with 256 MB of heap.
 */
public final class VectorOpen {

    private static final int RUNS = 5;
    private static final String CHILD = "--open";

    private VectorOpen() {}

    /**
     * Measures.
     *
     * @param arguments {@code --directory DIR}, {@code --vectors FILE}, {@code --size N}
     * @throws IOException when the vectors cannot be read, or no JVM started
     * @throws InterruptedException when waiting is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 3 && arguments[0].equals(CHILD)) {
            open(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            return;
        }
        Arguments given = Arguments.of(arguments);
        VectorData data = VectorData.of(given.text("vectors", ""), given.number("size", 300_000));
        Path directory = Path.of(given.text("directory", "vector-open"));
        if (!Files.exists(directory)) {
            build(directory, data);
        }
        for (int run = 0; run < RUNS; run++) {
            List<String> command = List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx256m",
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path"),
                    VectorOpen.class.getName(),
                    CHILD,
                    directory.toString(),
                    Integer.toString(data.dimension()));
            new ProcessBuilder(command).inheritIO().start().waitFor();
        }
    }

    static void build(Path directory, VectorData data) {
        try (VectorIndex index =
                VectorIndex.builder(data.dimension()).directory(directory).build()) {
            index.addAll(IntStream.range(0, data.base().size())
                    .mapToObj(row -> VectorEngine.entry(data, row))
                    .toList());
            index.awaitBackground();
        }
    }

    private static void open(Path directory, int dimension) {
        float[] query = new float[dimension];
        query[0] = 1;
        long start = System.nanoTime();
        try (VectorIndex index =
                VectorIndex.builder(dimension).directory(directory).build()) {
            long opened = System.nanoTime();
            VectorSearchResult result = index.search(VectorQuery.of(query, VectorData.K));
            long answered = System.nanoTime();
            long life = System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime();
            System.out.printf(
                    Locale.ROOT,
                    "%d vectors: open %.0f ms, first answer %.0f ms later, %d ms after the JVM began; %d found%n",
                    index.size(),
                    (opened - start) / 1e6,
                    (answered - opened) / 1e6,
                    life,
                    result.matches().size());
        }
    }
}
