package dev.llmlifecycle.retrieval.vector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import org.jspecify.annotations.NullMarked;

/** A process that changes a vector index until it is killed, and prints what is acknowledged. */
@NullMarked
final class VectorWritingProcess {

    static final String READY = "ready";
    static final int DIMENSION = 6;
    static final int IDS = 150;

    private VectorWritingProcess() {}

    /** What an index holds after so many steps, each of which depends on its number alone. */
    static final class Model {

        private final Map<String, VectorEntry> entries = new TreeMap<>();
        private long steps;
        private long version;

        Map<String, VectorEntry> entries() {
            return entries;
        }

        long version() {
            return version;
        }

        /** Goes on until an index of that version holds the same. */
        void reach(long wanted) {
            while (version < wanted) {
                step();
            }
        }

        /** Takes the next step here and there. */
        void stepWith(VectorIndex index) {
            long number = steps + 1;
            step();
            if (number % 60 == 0) {
                index.removeAll();
            } else if (number % 3 == 0) {
                index.remove(removed(number));
            } else {
                index.addAll(added(number));
            }
        }

        private void step() {
            steps++;
            boolean changed;
            if (steps % 60 == 0) {
                changed = !entries.isEmpty();
                entries.clear();
            } else if (steps % 3 == 0) {
                changed = entries.keySet().removeAll(removed(steps));
            } else {
                added(steps).forEach(entry -> entries.put(entry.id(), entry));
                changed = true;
            }
            version += changed ? 1 : 0;
        }

        private static Collection<String> removed(long number) {
            return new SplittableRandom(number)
                    .ints(12, 0, IDS)
                    .distinct()
                    .mapToObj(i -> "id " + i)
                    .toList();
        }

        private static List<VectorEntry> added(long number) {
            SplittableRandom random = new SplittableRandom(number);
            List<VectorEntry> added = new ArrayList<>();
            random.ints(1 + random.nextInt(20), 0, IDS)
                    .distinct()
                    .forEach(i -> added.add(VectorEntry.of(
                            "id " + i,
                            vector(random),
                            TextSegment.from("step " + number, new Metadata().put("kind", i % 5)))));
            return added;
        }
    }

    static float[] vector(SplittableRandom random) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
        }
        return vector;
    }

    /** Describes an index that seals, merges and builds graphs all the time. */
    static VectorIndex.Builder builder(Path directory) {
        return VectorIndex.builder(DIMENSION)
                .similarity(VectorSimilarity.INNER_PRODUCT)
                .exactLimit(20)
                .graph(4, 20)
                .directory(directory);
    }

    /** Takes the directory and a seed. */
    public static void main(String[] arguments) {
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
        Model model = new Model();
        while (true) {
            try (VectorIndex index = builder(Path.of(arguments[0])).build()) {
                model.reach(index.snapshot().id());
                System.out.println(READY);
                for (int step = 0; step < 80; step++) {
                    model.stepWith(index);
                    System.out.println(model.version());
                    if (random.nextInt(25) == 0) {
                        index.compact();
                    }
                }
            }
        }
    }
}
