package dev.llmlifecycle.retrieval.vector;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/vector-index.md. */
@NullMarked
final class VectorIndexGuideTest {

    private final float[] vector = {0.1f, 0.9f, 0.2f};
    private final float[] query = {0.2f, 0.8f, 0.1f};

    @TempDir
    private Path directory;

    @Test
    void firstUse() {
        // docs:begin first
        try (VectorIndex index = VectorIndex.builder(3).build()) {
            index.add(VectorEntry.of(
                    "refunds-1", vector, TextSegment.from("Refunds take five days.", Metadata.from("lang", "en"))));

            VectorSearchResult result = index.search(VectorQuery.of(query, 5));

            VectorMatch best = result.matches().get(0);
            String answer = best.text().orElseThrow() + " " + best.score();
            // docs:end first
            assertThat(answer).startsWith("Refunds take five days. 0.9");
        }
    }

    @Test
    void directory() {
        // docs:begin directory
        try (VectorIndex index = VectorIndex.builder(3).directory(directory).build()) {
            index.addAll(
                    List.of(VectorEntry.of("a", new float[] {1, 0, 0}), VectorEntry.of("b", new float[] {0, 1, 0})));
            index.remove(List.of("a"));
        }
        try (VectorIndex reader =
                VectorIndex.builder(3).directory(directory).readOnly().build()) {
            reader.refresh(); // shows what a writer has added since
            // docs:end directory
            assertThat(reader.size()).isEqualTo(1);
        }
    }

    @Test
    void filters() {
        try (VectorIndex index = VectorIndex.builder(3).build()) {
            index.add(VectorEntry.of("en", vector, Metadata.from("lang", "en")));
            index.add(VectorEntry.of("de", query, Metadata.from("lang", "de")));
            // docs:begin filter
            VectorSearchResult result = index.search(VectorQuery.builder(query)
                    .k(5)
                    .filter(metadataKey("lang").isEqualTo("en"))
                    .minScore(0.5)
                    .deadline(Instant.now().plusMillis(500))
                    .build());

            int removed = index.remove(metadataKey("lang").isEqualTo("de"));
            // docs:end filter
            assertThat(result.matches()).extracting(VectorMatch::id).containsExactly("en");
            assertThat(removed).isEqualTo(1);
        }
    }

    @Test
    void tuning() {
        ClusteredVectors vectors = new ClusteredVectors(3, 5, 1);
        List<VectorQuery> sampleQueries = IntStream.range(0, 20)
                .mapToObj(i -> VectorQuery.of(vectors.next(), 10))
                .toList();
        try (VectorIndex index =
                VectorIndex.builder(3).exactLimit(500).probeEvery(1_000).build()) {
            index.addAll(IntStream.range(0, 600)
                    .mapToObj(i -> VectorEntry.of("id-" + i, vectors.next()))
                    .toList());
            // docs:begin tune
            index.awaitBackground(); // until graphs are built
            RecallEstimate estimate = index.tune(0.95, sampleQueries);
            String measured = "width " + estimate.width() + " finds " + estimate.recall() + ", " + estimate.interval();
            // docs:end tune
            assertThat(measured).startsWith("width ");
        }
    }

    @Test
    void states() {
        try (VectorIndex index = VectorIndex.builder(3).build()) {
            List<String> forgotten = new ArrayList<>();
            // docs:begin states
            index.addListener(change -> forgotten.addAll(change.removed()));
            index.add(VectorEntry.of("a", vector));
            VectorSnapshot before = index.snapshot();
            index.removeAll();

            int then = before.search(VectorQuery.of(query, 5)).matches().size(); // 1
            int now = index.search(VectorQuery.of(query, 5)).matches().size(); // 0
            // docs:end states
            assertThat(then).isEqualTo(1);
            assertThat(now).isZero();
            assertThat(forgotten).containsExactly("a");
        }
    }
}
