package dev.llmlifecycle.retrieval.vector.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** Items, graphs and batches that depend on a seed or number only, and how they are compared. */
@NullMarked
final class Contents {

    static final int DIMENSION = 5;
    private static final int IDS = 120;

    private Contents() {}

    /** What a batch does. */
    record Change(List<String> removed, List<VectorItem> upserts) {

        void applyTo(Map<String, VectorItem> model) {
            removed.forEach(model::remove);
            upserts.forEach(item -> model.put(item.id(), item));
        }
    }

    /** Returns the batch that leads to a version; every state of an index is known by its version. */
    static Change change(long version) {
        SplittableRandom random = new SplittableRandom(version);
        List<String> removed = random.ints(random.nextInt(4), 0, IDS)
                .mapToObj(Contents::id)
                .distinct()
                .toList();
        List<VectorItem> upserts = random.ints(random.nextInt(6), 0, IDS)
                .distinct()
                .mapToObj(i -> item(id(i), random.split()))
                .toList();
        return new Change(removed, upserts);
    }

    /** Returns what an index holds at a version. */
    static Map<String, VectorItem> at(long version) {
        Map<String, VectorItem> model = new TreeMap<>();
        for (long i = 1; i <= version; i++) {
            change(i).applyTo(model);
        }
        return model;
    }

    static String id(int i) {
        return "id-é-" + i + (i % 7 == 0 ? "\uD800" : "");
    }

    static VectorItem item(String id, SplittableRandom random) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        String text = random.nextInt(4) == 0 ? null : "text 𝄞 " + random.nextLong();
        return new VectorItem(id, vector, text, metadata(random));
    }

    private static Metadata metadata(SplittableRandom random) {
        Metadata metadata = new Metadata();
        if (random.nextInt(3) > 0) {
            metadata.put("string", "value " + random.nextInt(5));
            metadata.put("int", random.nextInt());
            metadata.put("long", random.nextLong());
            metadata.put("float", (float) random.nextDouble());
            metadata.put("double", random.nextDouble());
            metadata.put("uuid", new UUID(random.nextLong(), random.nextLong()));
        }
        return metadata;
    }

    /** Returns a graph of two or three levels whose links have no meaning. */
    static GraphContent graph(int size) {
        List<HeapGraph.Level> levels = new ArrayList<>();
        for (int step = 1; levels.isEmpty() || (step < size && levels.size() < 3); step *= 4) {
            int stride = step;
            int[] rows = IntStream.range(0, size).filter(i -> i % stride == 0).toArray();
            int[] starts = new int[rows.length + 1];
            List<Integer> neighbours = new ArrayList<>();
            for (int i = 0; i < rows.length; i++) {
                for (int n = 0; n < Math.min(rows.length, (i * 7 + stride) % 5); n++) {
                    neighbours.add(rows[(i * 3 + n) % rows.length]);
                }
                starts[i + 1] = neighbours.size();
            }
            levels.add(new HeapGraph.Level(
                    step == 1 ? new int[0] : rows,
                    starts,
                    neighbours.stream().mapToInt(Integer::intValue).toArray()));
        }
        return new HeapGraph(0, levels.toArray(HeapGraph.Level[]::new));
    }

    static VectorItem item(SegmentContent segment, int ordinal) {
        float[] row = new float[Rows.length(segment.dimension())];
        segment.readRows(ordinal, 1, row, 0);
        return new VectorItem(
                segment.id(ordinal),
                Arrays.copyOf(row, segment.dimension()),
                segment.text(ordinal).orElse(null),
                segment.metadata(ordinal));
    }

    static void assertSame(Map<String, VectorItem> found, Map<String, VectorItem> expected, String description) {
        assertThat(found.keySet()).as(description).isEqualTo(expected.keySet());
        expected.forEach((id, item) -> assertSame(found.get(id), item, description + ", " + id));
    }

    static void assertSame(@Nullable VectorItem found, VectorItem expected, String description) {
        assertThat(found).as(description).isNotNull();
        assertThat(values(found)).as(description).isEqualTo(values(expected));
    }

    private static List<Object> values(@Nullable VectorItem item) {
        if (item == null) {
            return List.of();
        }
        List<Object> vector = new ArrayList<>();
        for (float value : item.vector()) {
            vector.add(value);
        }
        return List.of(item.id(), vector, item.text(), item.metadata().toMap());
    }

    /** Compares all that can be asked of two segments. */
    static void assertSame(SegmentContent found, SegmentContent expected) {
        assertThat(found.size()).isEqualTo(expected.size());
        assertThat(found.dimension()).isEqualTo(expected.dimension());
        for (int i = 0; i < expected.size(); i++) {
            assertSame(item(found, i), item(expected, i), "row " + i);
            assertThat(found.ordinal(expected.id(i))).isEqualTo(i);
        }
        assertThat(found.ordinal("never")).isEqualTo(-1);
        assertThat(found.graph().map(graph -> links(graph, found.size())))
                .isEqualTo(expected.graph().map(graph -> links(graph, expected.size())));
    }

    private static List<Object> links(GraphContent graph, int size) {
        List<Object> links = new ArrayList<>(List.of(graph.entryPoint(), graph.topLevel()));
        for (int level = 0; level <= graph.topLevel(); level++) {
            links.add(graph.maxDegree(level));
            for (int i = 0; i < size; i++) {
                if (graph.level(i) >= level) {
                    int[] target = new int[graph.maxDegree(level)];
                    int count = graph.neighbours(level, i, target);
                    links.add(IntStream.of(target).limit(count).boxed().toList());
                }
            }
        }
        return links;
    }

    static HeapSegment segment(int size, SplittableRandom random, boolean withGraph, MetadataIndexing indexing) {
        List<VectorItem> items =
                IntStream.range(0, size).mapToObj(i -> item(id(i), random)).toList();
        return new HeapSegment(DIMENSION, items, withGraph ? Optional.of(graph(size)) : Optional.empty(), indexing);
    }
}
