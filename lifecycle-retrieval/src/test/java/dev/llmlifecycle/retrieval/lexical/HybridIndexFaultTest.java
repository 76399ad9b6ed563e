package dev.llmlifecycle.retrieval.lexical;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.lexical.HybridWritingProcess.Model;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Whatever happens to the process or the words, both sides are in step when the index is opened again. */
@NullMarked
class HybridIndexFaultTest {

    /** The profile {@code faults} sets 200. */
    private static final int KILLS = Integer.getInteger("hybrid.kills", 5);

    private static final long SEED = 20_261_125;
    private static final int LONGEST_LIFE_MILLIS = 400;

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void directory() {
        directory = temporary.resolve("index");
    }

    @Test
    void aKilledIndexIsInStepAndLosesNothingAcknowledged() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Model model = new Model();
        for (int kill = 0; kill < KILLS; kill++) {
            String what = "kill " + kill + " of seed " + SEED;
            Process process = start();
            long acknowledged = model.version();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                String ready = out.readLine();
                assertThat(ready).as(() -> what + ": " + errors()).isEqualTo(HybridWritingProcess.READY);
                int life = random.nextInt(LONGEST_LIFE_MILLIS);
                Thread killer = new Thread(() -> killAfter(process, life));
                killer.start();
                acknowledged = Math.max(acknowledged, lastAcknowledged(out, what));
                killer.join();
            }
            process.waitFor();

            try (HybridIndex index = open()) {
                long version = index.read(state -> state.vectors().id());
                assertThat(version).as(what).isBetween(acknowledged, acknowledged + 1);
                model.reach(version);
                assertHolds(index, model, what);
            }
        }
    }

    private static void assertHolds(HybridIndex index, Model model, String what) {
        List<String> words =
                index.read(state -> state.words().ids()).stream().sorted().toList();
        assertThat(words).as(what).isEqualTo(List.copyOf(model.entries().keySet()));
        assertThat(index.size()).as(what).isEqualTo(words.size());
        model.entries().forEach((id, entry) -> {
            assertThat(index.get(id).orElseThrow().text()).as(what).isEqualTo(entry.text());
            TextSegment worded =
                    index.read(state -> state.words().get(id)).orElseThrow().segment();
            assertThat(worded.text()).as(what).isEqualTo(entry.text().orElseThrow());
            assertThat(worded.metadata()).as(what).isEqualTo(entry.metadata());
        });
    }

    @Test
    void wordsThatMissedChangesAreBroughtIntoStep() {
        write();
        try (VectorIndex alone =
                VectorIndex.builder(2).directory(directory.resolve("vectors")).build()) {
            alone.add(entry(3, "changed"));
            alone.add(entry(100, "new"));
            alone.remove(List.of("id 5", "id 6"));
        }
        try (HybridIndex index = small().build()) {
            assertInStep(index, 49);
            assertThat(index.search(LexicalQuery.of("changed new", 5)).matches())
                    .extracting(LexicalMatch::id)
                    .containsExactlyInAnyOrder("id 3", "id 100");
            assertThat(index.search(LexicalQuery.of("word5 word6 word3", 5)).matches())
                    .isEmpty();
        }
    }

    @Test
    void wordsThatAreInStepAreNotWrittenAgain() throws IOException {
        write();
        List<Path> before = files("words");
        small().build().close();

        assertThat(files("words")).isEqualTo(before);
    }

    @Test
    void damagedMissingOrOtherwiseAnalysedWordsAreMadeAnew() throws IOException {
        write();
        for (String kind : List.of("segments_", ".si", ".cfe", ".cfs")) {
            Path file = files("words").stream()
                    .filter(any -> any.getFileName().toString().contains(kind))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 4;
            Files.write(file, bytes);
            try (HybridIndex index = small().build()) {
                assertInStep(index, 50);
            }
        }
        for (Path file : files("words")) {
            Files.delete(file);
        }
        try (HybridIndex index = small().build()) {
            assertInStep(index, 50);
        }
        try (HybridIndex index =
                small().words(words -> words.language(Locale.ENGLISH)).build()) {
            assertInStep(index, 50);
            assertThat(index.search(LexicalQuery.of("texts", 100)).matches()).hasSize(50);
        }
    }

    @Test
    void aChangeThatTheWordsCannotFollowIsSeenOnNeitherSideUntilOpenedAgain() throws IOException {
        try (HybridIndex index = small().build()) {
            index.add(entry(1, "before"));
            for (Path file : files("words")) {
                Files.delete(file);
            }
            Files.delete(directory.resolve("words"));

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> index.add(entry(2, "after")))
                    .withMessage(
                            "Changing the words of a hybrid index failed after its vectors were changed; searches see"
                                    + " the state before; close it and open it again, which brings both into step");
            HybridSearchResult both =
                    index.search(VectorQuery.of(new float[] {1, 1}, 5), LexicalQuery.of("before after", 5));
            assertThat(both.vectors().matches()).extracting(VectorMatch::id).containsExactly("id 1");
            assertThat(both.words().matches()).extracting(LexicalMatch::id).containsExactly("id 1");
            assertThatIllegalStateException()
                    .isThrownBy(() -> index.add(entry(3, "later")))
                    .withMessage("the hybrid index stopped halfway in a change; close it and open it again");
        }
        try (HybridIndex index = small().build()) {
            assertInStep(index, 2);
            assertThat(index.search(LexicalQuery.of("after", 5)).matches()).hasSize(1);
        }
    }

    @Test
    void vectorsThatAreGoneTakeTheirWordsWithThem() throws IOException {
        write();
        for (Path file : files("vectors")) {
            Files.delete(file);
        }
        try (HybridIndex index = small().build()) {
            assertInStep(index, 0);
        }
    }

    @Test
    void aSecondWriterIsTold() {
        try (HybridIndex index = small().build()) {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> small().build())
                    .withMessageContaining("another index of this process has been writing there");
            index.add(entry(1, "still works"));
        }
    }

    @Test
    void readersSeeWholeStatesBesideAWriter() {
        try (HybridIndex writer = small().build();
                HybridIndex reader = small().readOnly().build()) {
            assertInStep(reader, 0);
            writer.addAll(List.of(entry(1, "first word"), entry(2, "second word")));
            writer.remove(List.of("id 1"));

            assertInStep(reader, 0);
            assertThat(reader.refresh()).isTrue();
            assertInStep(reader, 1);
            assertThat(reader.search(LexicalQuery.of("first second", 5)).matches())
                    .extracting(LexicalMatch::id)
                    .containsExactly("id 2");
            assertThat(reader.snapshotId()).isEqualTo(writer.snapshotId());
            assertThat(reader.refresh()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> reader.add(entry(3, "word")))
                    .withMessage("the hybrid index was opened for reading; open it without readOnly() to change it");
            assertThatIllegalStateException().isThrownBy(writer::refresh).withMessageContaining("always fresh");
        }
    }

    @Test
    void vectorsWithoutATextAreRefused() {
        try (VectorIndex alone =
                VectorIndex.builder(2).directory(directory.resolve("vectors")).build()) {
            alone.add(VectorEntry.of("bare", new float[] {1, 0}));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small().build())
                .withMessageStartingWith("the entry 'bare' has no text");
    }

    private void write() {
        try (HybridIndex index = small().build()) {
            index.addAll(IntStream.range(0, 50)
                    .mapToObj(i -> entry(i, "text word" + i))
                    .toList());
        }
    }

    private static void assertInStep(HybridIndex index, int size) {
        assertThat(index.size()).isEqualTo(size);
        List<String> words = index.read(state -> state.words().ids());
        assertThat(words)
                .hasSize(size)
                .allSatisfy(id -> assertThat(index.get(id)).isPresent());
    }

    private static VectorEntry entry(int i, String text) {
        return VectorEntry.of("id " + i, new float[] {1, i}, TextSegment.from(text));
    }

    private HybridIndex.Builder small() {
        return HybridIndex.builder(2).directory(directory);
    }

    private List<Path> files(String side) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(side))) {
            return files.sorted().toList();
        }
    }

    private HybridIndex open() {
        return HybridWritingProcess.builder(directory).build();
    }

    private static long lastAcknowledged(BufferedReader out, String what) throws IOException {
        long last = 0;
        @Nullable String line;
        while ((line = out.readLine()) != null) {
            assertThat(line).as(what).matches("\\d+|" + HybridWritingProcess.READY);
            if (!line.equals(HybridWritingProcess.READY)) {
                last = Math.max(last, Long.parseLong(line));
            }
        }
        return last;
    }

    private static void killAfter(Process process, int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Unlike that of the process, this leaves what it printed readable.
        process.toHandle().destroyForcibly();
    }

    private String errors() {
        try {
            return Files.readString(temporary.resolve("errors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        HybridWritingProcess.class.getName(),
                        directory.toString())
                // Lucene warns there of newer JVMs.
                .redirectError(temporary.resolve("errors").toFile())
                .start();
    }
}
