package dev.llmlifecycle.retrieval.lexical;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.internal.RandomFilters;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A filter means the same to words, to vectors and to itself. */
@NullMarked
class LexicalIndexFilterPropertyTest {

    private static final int ROWS = 120;
    private static final int FILTERS = 150;
    private static final float[] VECTOR = {1, 0};

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void wordsVectorsAndTheFilterItselfAgree(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomFilters filters = new RandomFilters(random);
        List<TextSegment> segments = filters.rows(ROWS).stream()
                .map(metadata -> TextSegment.from("word", Objects.requireNonNullElseGet(metadata, Metadata::new)))
                .toList();
        LexicalIndex.Builder builder = LexicalIndex.builder();
        if (random.nextBoolean()) {
            builder.directory(directory);
        }
        try (LexicalIndex words = builder.build();
                VectorIndex vectors = VectorIndex.builder(2).build()) {
            for (int from = 0; from < ROWS; from += 40) {
                add(segments, from, words, vectors);
            }
            List<String> gone = List.of("id 3", "id 44", "id 117");
            words.remove(gone);
            vectors.remove(gone);

            for (int i = 0; i < FILTERS; i++) {
                Filter filter = filters.filter(3);
                Outcome expected = outcome(() -> {
                    Set<String> ids = new TreeSet<>();
                    for (int row = 0; row < ROWS; row++) {
                        if (!gone.contains("id " + row)
                                && filter.test(segments.get(row).metadata())) {
                            ids.add("id " + row);
                        }
                    }
                    return ids;
                });
                String what = "seed " + seed + ", filter " + filter;

                assertThat(outcome(() -> found(words, filter))).as(what).isEqualTo(expected);
                assertThat(outcome(() -> found(vectors, filter))).as(what).isEqualTo(expected);
            }
        }
    }

    private static void add(List<TextSegment> segments, int from, LexicalIndex words, VectorIndex vectors) {
        List<LexicalEntry> entries = new ArrayList<>();
        List<VectorEntry> embedded = new ArrayList<>();
        for (int row = from; row < from + 40; row++) {
            entries.add(new LexicalEntry("id " + row, segments.get(row)));
            embedded.add(VectorEntry.of("id " + row, VECTOR, segments.get(row)));
        }
        words.addAll(entries);
        vectors.addAll(embedded);
    }

    private static Set<String> found(LexicalIndex index, Filter filter) {
        Set<String> ids = new TreeSet<>();
        index.search(LexicalQuery.builder("word").k(ROWS).filter(filter).build())
                .matches()
                .forEach(match -> ids.add(match.id()));
        return ids;
    }

    private static Set<String> found(VectorIndex index, Filter filter) {
        Set<String> ids = new TreeSet<>();
        index.search(VectorQuery.builder(VECTOR).k(ROWS).filter(filter).build()).matches().stream()
                .map(VectorMatch::id)
                .forEach(ids::add);
        return ids;
    }

    /** Which ids were found, or that a filter was asked about a type that does not fit. */
    private record Outcome(Set<String> ids, boolean refused) {}

    private static Outcome outcome(Supplier<Set<String>> search) {
        try {
            return new Outcome(search.get(), false);
        } catch (IllegalArgumentException | ClassCastException e) {
            return new Outcome(new TreeSet<>(), true);
        }
    }
}
