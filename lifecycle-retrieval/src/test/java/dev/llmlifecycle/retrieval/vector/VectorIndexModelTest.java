package dev.llmlifecycle.retrieval.vector;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever is done to an index, it holds and finds what a map does. {@code -Dvector.steps=1000000} goes on for longer.
 *
 * <p>Vectors have small whole numbers, so that scores are the same however they are added up, and many are equal.
 */
@NullMarked
final class VectorIndexModelTest {

    private static final int STEPS = Integer.getInteger("vector.steps", 10_000);
    private static final long SEED = Long.getLong("vector.seed", 20_260_102);
    private static final int DIMENSION = 4;
    private static final int IDS = 500;
    private static final int GROUPS = 20;

    private final Map<String, VectorEntry> model = new TreeMap<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private int answeredByGraphs;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(names = {"EUCLIDEAN", "INNER_PRODUCT"})
    void anIndexHoldsAndFindsWhatAMapDoes(VectorSimilarity similarity) {
        VectorIndex index = open(similarity);
        try {
            for (int step = 0; step < STEPS / 2; step++) {
                String where = "seed " + SEED + ", step " + step;
                if (random.nextInt(STEPS / 40) == 0) {
                    index.close();
                    index = open(similarity);
                    assertSameContent(index, where + ", opened again");
                }
                change(index, where);
                assertThat(index.size()).as(where).isEqualTo(model.size());
                if (random.nextInt(3) == 0) {
                    assertFinds(index, similarity, where);
                }
            }
            index.awaitBackground();
            assertSameContent(index, "seed " + SEED + ", at the end");
            assertThat(answeredByGraphs).isGreaterThan(STEPS / 200);
        } finally {
            index.close();
        }
    }

    private VectorIndex open(VectorSimilarity similarity) {
        return VectorIndex.builder(DIMENSION)
                .similarity(similarity)
                .directory(directory)
                .neverForce()
                .exactLimit(80)
                .graph(8, 30)
                .width(3)
                .build();
    }

    private void change(VectorIndex index, String where) {
        int what = random.nextInt(1000);
        if (what < 600) {
            VectorEntry entry = entry(random.nextInt(IDS));
            index.add(entry);
            model.put(entry.id(), entry);
        } else if (what < 700) {
            List<VectorEntry> entries = random.ints(random.nextInt(30), 0, IDS)
                    .distinct()
                    .mapToObj(this::entry)
                    .toList();
            index.addAll(entries);
            entries.forEach(entry -> model.put(entry.id(), entry));
        } else if (what < 950) {
            List<String> ids = random.ints(random.nextInt(6), 0, IDS)
                    .mapToObj(i -> "id-" + i)
                    .toList();
            Set<String> there = new HashSet<>(ids);
            there.retainAll(model.keySet());
            assertThat(index.remove(ids)).as(where).isEqualTo(there.size());
            model.keySet().removeAll(there);
        } else if (what < 980) {
            Filter filter = metadataKey("group").isEqualTo(random.nextInt(GROUPS));
            int before = model.size();
            model.values().removeIf(entry -> filter.test(entry.metadata()));
            assertThat(index.remove(filter)).as(where).isEqualTo(before - model.size());
        } else if (what < 981) {
            index.compact();
        } else if (what < 985) {
            index.awaitBackground();
        } else if (random.nextInt(20) == 0) {
            assertThat(index.removeAll()).as(where).isEqualTo(model.size());
            model.clear();
        }
    }

    private VectorEntry entry(int id) {
        float[] vector = vector();
        return VectorEntry.of("id-" + id, vector, new Metadata().put("group", random.nextInt(GROUPS)));
    }

    private float[] vector() {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = random.nextInt(-4, 5);
        }
        return vector;
    }

    private Optional<Filter> filter() {
        return switch (random.nextInt(3)) {
            case 0 -> Optional.of(metadataKey("group").isEqualTo(random.nextInt(GROUPS)));
            case 1 -> Optional.of(metadataKey("group").isLessThan(random.nextInt(GROUPS)));
            default -> Optional.empty();
        };
    }

    private void assertFinds(VectorIndex index, VectorSimilarity similarity, String where) {
        float[] vector = vector();
        boolean exact = random.nextBoolean();
        int k = 1 + random.nextInt(5);
        Optional<Filter> filter = filter();
        VectorQuery.Builder query = VectorQuery.builder(vector).k(k).exact(exact);
        filter.ifPresent(query::filter);
        VectorSearchResult result = index.search(query.build());

        List<VectorEntry> nearest = nearest(vector, similarity, filter);
        List<VectorEntry> expected = nearest.subList(0, Math.min(k, nearest.size()));
        if (result.explanation().exact()) {
            assertThat(result.matches())
                    .as(where)
                    .extracting(VectorMatch::id)
                    .containsExactlyElementsOf(
                            expected.stream().map(VectorEntry::id).toList());
        } else {
            answeredByGraphs++;
            assertThat(exact).as(where).isFalse();
            assertThat(result.matches()).as(where).hasSameSizeAs(expected).isSortedAccordingTo(order());
        }
        Set<String> ids = new HashSet<>();
        for (VectorMatch match : result.matches()) {
            VectorEntry entry = model.get(match.id());
            assertThat(entry).as(where).isNotNull();
            assertThat(ids.add(match.id())).as(where).isTrue();
            assertThat(match.score()).as(where).isEqualTo(score(vector, entry.vector(), similarity));
            assertThat(filter.map(asked -> asked.test(match.metadata())).orElse(true))
                    .as(where)
                    .isTrue();
        }
    }

    private static Comparator<VectorMatch> order() {
        return Comparator.comparingDouble(VectorMatch::score).reversed().thenComparing(VectorMatch::id);
    }

    private List<VectorEntry> nearest(float[] vector, VectorSimilarity similarity, Optional<Filter> filter) {
        List<VectorEntry> nearest = new ArrayList<>(model.values());
        nearest.removeIf(
                entry -> !filter.map(asked -> asked.test(entry.metadata())).orElse(true));
        nearest.sort(Comparator.comparingDouble((VectorEntry entry) -> score(vector, entry.vector(), similarity))
                .reversed()
                .thenComparing(VectorEntry::id));
        return nearest;
    }

    private static double score(float[] a, float[] b, VectorSimilarity similarity) {
        double dot = 0;
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return similarity == VectorSimilarity.EUCLIDEAN ? 1 / (1 + squares) : dot;
    }

    private void assertSameContent(VectorIndex index, String where) {
        Map<String, List<Object>> found = new TreeMap<>();
        index.snapshot()
                .entries()
                .forEach(entry -> assertThat(found.put(entry.id(), content(entry)))
                        .as(where)
                        .isNull());
        Map<String, List<Object>> expected = new TreeMap<>();
        model.forEach((id, entry) -> expected.put(id, content(entry)));
        assertThat(found).as(where).isEqualTo(expected);
        expected.forEach((id, content) -> assertThat(index.get(id).map(VectorIndexModelTest::content))
                .as(where)
                .contains(content));
    }

    private static List<Object> content(VectorEntry entry) {
        List<Object> content = new ArrayList<>();
        for (float value : entry.vector()) {
            content.add(value);
        }
        content.add(entry.text());
        content.add(entry.metadata().toMap());
        return content;
    }
}
