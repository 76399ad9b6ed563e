package dev.llmlifecycle.retrieval.lexical;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import org.jspecify.annotations.NullMarked;

/** A process that changes a hybrid index until it is killed, and prints what is acknowledged. */
@NullMarked
final class HybridWritingProcess {

    static final String READY = "ready";
    private static final int DIMENSION = 4;
    private static final int IDS = 120;

    private HybridWritingProcess() {}

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
        void stepWith(HybridIndex index) {
            long number = steps + 1;
            step();
            if (number % 50 == 0) {
                index.removeAll();
            } else if (number % 3 == 0) {
                index.remove(removed(number));
            } else {
                index.addAll(added(number));
            }
        }

        private void step() {
            steps++;
            boolean changed = true;
            if (steps % 50 == 0) {
                changed = !entries.isEmpty();
                entries.clear();
            } else if (steps % 3 == 0) {
                changed = entries.keySet().removeAll(removed(steps));
            } else {
                added(steps).forEach(entry -> entries.put(entry.id(), entry));
            }
            version += changed ? 1 : 0;
        }

        private static List<String> removed(long number) {
            return new SplittableRandom(number)
                    .ints(10, 0, IDS)
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
                            new float[] {i, number, random.nextInt(1, 100), 1},
                            TextSegment.from("word step" + number, Metadata.from("kind", "k" + i % 5)))));
            return added;
        }
    }

    /** Describes an index that seals vectors and commits words all the time. */
    static HybridIndex.Builder builder(Path directory) {
        return HybridIndex.builder(DIMENSION)
                .vectors(vectors -> vectors.exactLimit(20).graph(4, 20))
                .committedAfter(60)
                .directory(directory);
    }

    /** Takes the directory. */
    public static void main(String[] arguments) {
        Model model = new Model();
        while (true) {
            try (HybridIndex index = builder(Path.of(arguments[0])).build()) {
                model.reach(index.read(state -> state.vectors().id()));
                System.out.println(READY);
                for (int step = 0; step < 40; step++) {
                    model.stepWith(index);
                    System.out.println(model.version());
                }
            }
        }
    }
}
