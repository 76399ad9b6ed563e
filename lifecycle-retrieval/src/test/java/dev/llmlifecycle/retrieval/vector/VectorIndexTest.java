package dev.llmlifecycle.retrieval.vector;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class VectorIndexTest {

    @TempDir
    private Path directory;

    private static VectorIndex plane() {
        return VectorIndex.builder(2).similarity(VectorSimilarity.EUCLIDEAN).build();
    }

    private static VectorEntry entry(String id, float... vector) {
        return VectorEntry.of(id, vector);
    }

    private static List<String> ids(VectorSearchResult result) {
        return result.matches().stream().map(VectorMatch::id).toList();
    }

    private static VectorQuery at(float x, float y, int k) {
        return VectorQuery.of(new float[] {x, y}, k);
    }

    @Nested
    class Entries {

        @Test
        void whatIsAddedIsFoundWithItsTextAndMetadata() {
            try (VectorIndex index = plane()) {
                index.add(VectorEntry.of(
                        "a", new float[] {3, 4}, TextSegment.from("five away", Metadata.from("lang", "en"))));

                VectorMatch match = index.search(at(0, 0, 3)).matches().get(0);

                assertThat(match.id()).isEqualTo("a");
                assertThat(match.score()).isEqualTo(1.0 / 26);
                assertThat(match.vector()).containsExactly(3, 4);
                assertThat(match.text()).contains("five away");
                assertThat(match.metadata().toMap()).isEqualTo(Map.of("lang", "en"));
                assertThat(match.entry().id()).isEqualTo("a");
            }
        }

        @Test
        void anIdIsThereOnce() {
            try (VectorIndex index = plane()) {
                index.add(entry("a", 1, 0));
                index.add(entry("a", 0, 1));

                assertThat(index.size()).isEqualTo(1);
                assertThat(index.get("a").orElseThrow().vector()).containsExactly(0, 1);
                assertThat(index.remove(List.of("a", "a", "b"))).isEqualTo(1);
                assertThat(index.get("a")).isEmpty();
                assertThat(index.remove(List.of("a"))).isZero();
            }
        }

        @Test
        void whatIsEquallyNearIsOrderedById() {
            try (VectorIndex index = plane()) {
                index.addAll(List.of(entry("d", 1, 0), entry("b", 0, 1), entry("c", -1, 0), entry("a", 0, -1)));

                assertThat(ids(index.search(at(0, 0, 3)))).containsExactly("a", "b", "c");
            }
        }

        @Test
        void aFilterOfTheHostsOwnRemovesWhatItMatchesNow() {
            try (VectorIndex index = plane()) {
                index.add(VectorEntry.of("old", new float[] {1, 0}, Metadata.from("state", "old")));
                index.add(VectorEntry.of("renewed", new float[] {1, 1}, Metadata.from("state", "old")));
                Filter renewing = metadata -> {
                    index.add(VectorEntry.of("renewed", new float[] {2, 2}, Metadata.from("state", "new")));
                    return "old".equals(((Metadata) metadata).getString("state"));
                };

                assertThat(index.remove(renewing)).isEqualTo(1);

                assertThat(index.get("renewed").orElseThrow().metadata().getString("state"))
                        .isEqualTo("new");
                assertThat(index.size()).isEqualTo(1);
            }
        }

        @Test
        void allIsRemovedAtOnceAlsoFromADirectory() {
            try (VectorIndex index = VectorIndex.builder(2).directory(directory).build()) {
                index.addAll(List.of(entry("a", 1, 0), entry("b", 0, 1)));
                assertThat(index.removeAll()).isEqualTo(2);
                assertThat(index.removeAll()).isZero();
                index.add(entry("c", 1, 1));
            }
            try (VectorIndex index = VectorIndex.builder(2).directory(directory).build()) {
                assertThat(ids(index.search(at(1, 0, 9)))).containsExactly("c");
            }
        }
    }

    @Nested
    class Scores {

        @Test
        void aCosineHasNothingToDoWithLength() {
            try (VectorIndex index = VectorIndex.builder(2).build()) {
                index.addAll(List.of(entry("same", 10, 10), entry("aside", 0, 1), entry("away", -1, -1)));

                List<VectorMatch> matches = index.search(at(3, 3, 5)).matches();

                assertThat(matches).extracting(VectorMatch::id).containsExactly("same", "aside", "away");
                assertThat(matches.get(0).score()).isCloseTo(1, within(1e-6));
                assertThat(matches.get(1).score()).isCloseTo(Math.sqrt(0.5), within(1e-6));
                assertThat(matches.get(2).score()).isCloseTo(-1, within(1e-6));
            }
        }

        @Test
        void aMinimumScoreIsInclusive() {
            try (VectorIndex index = plane()) {
                index.addAll(List.of(entry("a", 1, 0), entry("b", 2, 0)));

                assertThat(ids(index.search(VectorQuery.builder(new float[] {0, 0})
                                .minScore(0.5)
                                .build())))
                        .containsExactly("a");
            }
        }
    }

    @Nested
    class States {

        @Test
        void aSnapshotStaysAsItWas() {
            VectorSnapshot before;
            try (VectorIndex index = plane()) {
                index.add(entry("a", 1, 0));
                before = index.snapshot();
                index.add(entry("b", 0, 0));
                index.remove(List.of("a"));

                assertThat(index.snapshot().id()).isGreaterThan(before.id());
                assertThat(ids(index.search(at(0, 0, 5)))).containsExactly("b");
            }
            assertThat(ids(before.search(at(0, 0, 5)))).containsExactly("a");
            assertThat(before.size()).isEqualTo(1);
        }

        @Test
        void whatChangesNothingIsNoNewState() {
            try (VectorIndex index = plane()) {
                index.add(entry("a", 1, 0));
                long id = index.snapshot().id();
                List<VectorChange> heard = new ArrayList<>();
                index.addListener(heard::add);

                index.addAll(List.of());
                index.remove(List.of("never"));
                index.remove(metadataKey("never").isEqualTo("x"));
                index.compact();

                assertThat(index.snapshot().id()).isEqualTo(id);
                assertThat(heard).isEmpty();
            }
        }

        @Test
        void listenersHearOfChangesThatCanBeSeenAndMaySearch() {
            try (VectorIndex index = plane()) {
                List<VectorChange> heard = new ArrayList<>();
                index.addListener(change -> {
                    throw new IllegalStateException("a listener that fails");
                });
                index.addListener(change -> {
                    assertThat(index.snapshot().id()).isEqualTo(change.snapshotId());
                    heard.add(change);
                });

                index.addAll(List.of(entry("a", 1, 0), entry("b", 0, 1)));
                index.remove(List.of("a", "c"));
                index.removeAll();

                assertThat(heard)
                        .containsExactly(
                                new VectorChange(1, List.of("a", "b"), List.of()),
                                new VectorChange(2, List.of(), List.of("a")),
                                new VectorChange(3, List.of(), List.of("b")));
            }
        }

        @Test
        void aReaderSeesWhatWasWrittenWhenItAsks() {
            try (VectorIndex writer =
                    VectorIndex.builder(2).directory(directory).exactLimit(20).build()) {
                writer.add(entry("a", 1, 0));
                try (VectorIndex reader =
                        VectorIndex.builder(2).directory(directory).readOnly().build()) {
                    assertThat(reader.refresh()).isFalse();
                    writer.addAll(IntStream.range(0, 30)
                            .mapToObj(i -> entry("b-" + i, 1, i))
                            .toList());
                    writer.awaitBackground();
                    writer.add(entry("c", 0, 1));
                    assertThat(reader.size()).isEqualTo(1);

                    assertThat(reader.refresh()).isTrue();

                    assertThat(reader.size()).isEqualTo(32);
                    assertThat(reader.snapshot().id())
                            .isEqualTo(writer.snapshot().id());
                    assertThatIllegalStateException()
                            .isThrownBy(() -> reader.add(entry("d", 1, 1)))
                            .withMessage("the vector index was opened for reading;"
                                    + " open it without readOnly() to change it");
                }
                assertThatIllegalStateException()
                        .isThrownBy(writer::refresh)
                        .withMessage("a vector index that is written to is always fresh;"
                                + " refresh is for those opened with readOnly()");
            }
        }

        @Test
        void searchesSeeWholeBatchesWhileThreadsAddRemoveAndMerge() throws Exception {
            int rounds = 150;
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try (VectorIndex index = VectorIndex.builder(2)
                    .similarity(VectorSimilarity.EUCLIDEAN)
                    .exactLimit(100)
                    .graph(4, 20)
                    .build()) {
                CountDownLatch writersLeft = new CountDownLatch(2);
                List<Future<?>> tasks = new ArrayList<>();
                for (String name : List.of("x", "y")) {
                    tasks.add(threads.submit(() -> {
                        for (int round = 0; round < rounds; round++) {
                            Metadata metadata = new Metadata().put("round", round);
                            index.addAll(List.of(
                                    VectorEntry.of(name + "-left", new float[] {round, 0}, metadata),
                                    VectorEntry.of(name + "-right", new float[] {-round, 0}, metadata),
                                    VectorEntry.of(name + "-" + round, new float[] {0, round + 1}, metadata)));
                            assertThat(index.get(name + "-" + round)).isPresent();
                            if (round % 3 == 0) {
                                index.remove(List.of(name + "-" + round / 3));
                            }
                        }
                        writersLeft.countDown();
                        return null;
                    }));
                    tasks.add(threads.submit(() -> {
                        long last = 0;
                        while (writersLeft.getCount() > 0) {
                            VectorSnapshot snapshot = index.snapshot();
                            assertThat(snapshot.id()).isGreaterThanOrEqualTo(last);
                            last = snapshot.id();
                            assertThat(snapshot.get(name + "-left")
                                            .map(entry -> entry.metadata().getInteger("round")))
                                    .isEqualTo(snapshot.get(name + "-right")
                                            .map(entry -> entry.metadata().getInteger("round")));
                            assertThat(snapshot.search(at(0, 0, 1000)).matches())
                                    .doesNotHaveDuplicates()
                                    .hasSize(snapshot.size());
                        }
                        return null;
                    }));
                }
                for (Future<?> task : tasks) {
                    task.get();
                }
                assertThat(index.size()).isEqualTo(2 * (2 + rounds - rounds / 3));
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Nested
    class WrongInput {

        @ParameterizedTest
        @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f})
        void numbersThatCannotBeCompared(float number) {
            try (VectorIndex index = plane()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.add(entry("a", 1, number)))
                        .withMessageStartingWith("Adding 'a' needs a vector of finite numbers");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.search(at(1, number, 1)))
                        .withMessageStartingWith("Searching needs a vector of finite numbers");
                assertThat(index.size()).isZero();
            }
        }

        @Test
        void aZeroVectorHasNoCosineButOtherSimilarities() {
            try (VectorIndex index = VectorIndex.builder(2).build()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.add(entry("a", 0, 0)))
                        .withMessage("Adding 'a' needs a vector with a direction, since the index compares by cosine,"
                                + " but all its numbers are zero; leave it out, or use"
                                + " VectorSimilarity.INNER_PRODUCT");
            }
            try (VectorIndex index = plane()) {
                index.add(entry("a", 0, 0));
                assertThat(index.search(at(0, 0, 1)).matches().get(0).score()).isEqualTo(1);
            }
        }

        @Test
        void aVectorOfAnotherDimension() {
            try (VectorIndex index = plane()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.add(entry("a", 1, 2, 3)))
                        .withMessage("Adding 'a' needs a vector of 2 dimensions, as the index has, but it has 3;"
                                + " use the embedding model that the index was made with");
            }
        }

        @Test
        void idsThatAreBlankOrThereTwiceChangeNothing() {
            try (VectorIndex index = plane()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> entry(" ", 1, 0))
                        .withMessage("the id of a vector entry is blank; give each entry an id of its own");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> index.addAll(List.of(entry("a", 1, 0), entry("a", 0, 1))))
                        .withMessage("Adding 2 entries at once found the id 'a' twice;"
                                + " leave out the one that is not to stay");
                assertThat(index.size()).isZero();
            }
        }

        @Test
        void queriesForNothing() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> at(0, 0, 0))
                    .withMessage("a query asks for 0 entries; ask for at least 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> VectorQuery.builder(new float[] {1, 0}).minScore(Double.NaN));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> VectorQuery.builder(new float[] {1, 0}).width(0));
        }

        @ParameterizedTest
        @EnumSource
        void anEmptyIndexFindsNothing(VectorSimilarity similarity) {
            try (VectorIndex index =
                    VectorIndex.builder(2).similarity(similarity).build()) {
                assertThat(index.search(at(1, 0, 5)).matches()).isEmpty();
                assertThat(index.search(at(1, 0, 5)).explanation().exact()).isTrue();
                index.compact();
            }
        }

        @Test
        void settingsThatMakeNoSense() {
            assertThatIllegalArgumentException().isThrownBy(() -> VectorIndex.builder(0));
            VectorIndex.Builder builder = VectorIndex.builder(2);
            assertThatIllegalArgumentException().isThrownBy(() -> builder.exactLimit(0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.graph(1, 200));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.graph(16, 0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.width(0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.probeEvery(0));
            assertThatIllegalArgumentException().isThrownBy(() -> builder.forceAfter(Duration.ofSeconds(-1)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> builder.readOnly().build());
            try (VectorIndex index = plane()) {
                assertThatIllegalArgumentException().isThrownBy(() -> index.tune(0, List.of()));
                assertThatIllegalArgumentException().isThrownBy(() -> index.tune(0.9, List.of(at(0, 0, 1))));
            }
        }

        @Test
        void aClosedIndexRefuses() {
            VectorIndex index = plane();
            index.add(entry("a", 1, 0));
            index.close();
            index.close();

            List<Runnable> calls = List.of(
                    index::size,
                    index::snapshot,
                    () -> index.get("a"),
                    () -> index.add(entry("b", 0, 1)),
                    () -> index.remove(List.of("a")),
                    index::removeAll,
                    () -> index.search(at(0, 0, 1)),
                    index::compact,
                    index::awaitBackground);
            assertThat(calls)
                    .allSatisfy(call -> assertThatIllegalStateException()
                            .isThrownBy(call::run)
                            .withMessage("the vector index is closed; build a new one"));
        }

        @Test
        void aDeadlineThatHasPassed() {
            Instant now = Instant.parse("2026-01-02T10:00:00Z");
            try (VectorIndex index = VectorIndex.builder(2)
                    .clock(Clock.fixed(now, ZoneOffset.UTC))
                    .build()) {
                index.add(entry("a", 1, 0));
                VectorQuery.Builder query = VectorQuery.builder(new float[] {1, 0});

                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> index.search(query.deadline(now).build()))
                        .withMessage("Searching 1 vectors ran out of time: the deadline was 2026-01-02T10:00:00Z;"
                                + " allow more time, or search less widely");
                assertThat(index.search(query.deadline(now.plusSeconds(1)).build())
                                .matches())
                        .hasSize(1);
            }
        }
    }
}
