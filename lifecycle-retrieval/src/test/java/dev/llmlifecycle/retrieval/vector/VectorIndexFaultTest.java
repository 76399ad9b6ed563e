package dev.llmlifecycle.retrieval.vector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.VectorWritingProcess.Model;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What the world does to a vector index: it is killed, its files are damaged, two processes want to write. */
@NullMarked
class VectorIndexFaultTest {

    /** The profile {@code faults} sets 500. */
    private static final int KILLS = Integer.getInteger("vector.kills", 8);

    private static final long SEED = 20_261_125;
    private static final int LONGEST_LIFE_MILLIS = 300;

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void directory() {
        directory = temporary.resolve("index");
    }

    @Test
    void aKilledIndexLosesNothingAcknowledgedAndBringsNothingBack() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Model model = new Model();
        for (int kill = 0; kill < KILLS; kill++) {
            String what = "kill " + kill + " of seed " + SEED;
            Process process = start(SEED + kill);
            long acknowledged = model.version();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(out.readLine()).as(what).isEqualTo(VectorWritingProcess.READY);
                int life = random.nextInt(LONGEST_LIFE_MILLIS);
                Thread killer = new Thread(() -> killAfter(process, life));
                killer.start();
                acknowledged = Math.max(acknowledged, lastAcknowledged(out, what));
                killer.join();
            }
            process.waitFor();

            try (VectorIndex index = open()) {
                assertThat(index.snapshot().id()).as(what).isBetween(acknowledged, acknowledged + 1);
                model.reach(index.snapshot().id());
                assertHolds(index, model.entries(), random, what);
            }
        }
    }

    @Test
    void anotherProcessThatWritesIsNamedAndReadersWorkBesideIt() throws Exception {
        Process process = start(SEED);
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo(VectorWritingProcess.READY);
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(this::open)
                    .withMessageContaining("process " + process.pid() + " has been writing there since ");
            SplittableRandom random = new SplittableRandom(SEED);
            Model model = new Model();
            try (VectorIndex reader =
                    VectorWritingProcess.builder(directory).readOnly().build()) {
                for (int i = 0; i < 20; i++) {
                    model.reach(reader.snapshot().id());
                    assertHolds(reader, model.entries(), random, "refresh " + i);
                    reader.refresh();
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        open().close();
    }

    @Test
    void everyFileFlippedOrCutIsNamedOrTheAnswersAreRight() throws IOException {
        Model model = new Model();
        try (VectorIndex index = open()) {
            for (int step = 0; step < 55; step++) {
                model.stepWith(index);
            }
            index.compact();
            for (int step = 55; step < 59; step++) {
                model.stepWith(index);
            }
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int named = 0;
        for (Path file : files()) {
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < 40; i++) {
                byte[] bytes = whole.clone();
                int position = random.nextInt(bytes.length);
                if (i % 3 == 0) {
                    bytes = Arrays.copyOf(bytes, position);
                } else {
                    bytes[position] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(file, bytes);
                String what = file + (i % 3 == 0 ? " cut at " : " flipped at ") + position + ", seed " + SEED;
                try (VectorIndex index =
                        VectorWritingProcess.builder(directory).readOnly().build()) {
                    assertHolds(index, model.entries(), random, what);
                } catch (DamagedDataException e) {
                    named++;
                    assertThat(e.source()).as(what).isEqualTo(file.toString());
                }
            }
            Files.write(file, whole);
        }
        assertThat(named).isGreaterThan(80);
        try (VectorIndex index = open()) {
            assertHolds(index, model.entries(), random, "whole again");
        }
    }

    @Test
    void aDamagedChangeIsNamedByVerifyAndTheStateBeforeItCanBeRead() throws IOException {
        Model model = new Model();
        Path log = directory.resolve("log-1.batches");
        try (VectorIndex index = open()) {
            model.stepWith(index);
            model.stepWith(index);
            assertThat(index.verify()).isEmpty();
            byte[] bytes = Files.readAllBytes(log);
            bytes[bytes.length - 10]++;
            Files.write(log, bytes);
            assertThat(index.verify()).extracting(DamagedDataException::source).containsExactly(log.toString());
        }
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(this::open)
                .withMessageStartingWith(log + ", record at byte ");
        try (VectorIndex index =
                VectorWritingProcess.builder(directory).readOnlyUpToDamage().build()) {
            Model before = new Model();
            before.reach(1);
            assertThat(index.damage().orElseThrow().source()).isEqualTo(log.toString());
            assertHolds(index, before.entries(), new SplittableRandom(SEED), "before the damage");
        }
    }

    @Test
    void aBackupIsAnIndexAndTheOriginalGoesOn() {
        Model model = new Model();
        SplittableRandom random = new SplittableRandom(SEED);
        Path copy = temporary.resolve("copy");
        try (VectorIndex index = open()) {
            for (int step = 0; step < 40; step++) {
                model.stepWith(index);
            }
            index.backup(copy);
            try (VectorIndex copied = VectorWritingProcess.builder(copy).build()) {
                assertHolds(copied, model.entries(), random, "copy");
            }
            index.compact();
            model.stepWith(index);
            assertHolds(index, model.entries(), random, "original");
        }
    }

    @Test
    void anIndexInMemoryHasNoFiles() {
        try (VectorIndex index = VectorIndex.builder(2).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(index::verify)
                    .withMessage("the vector index is in memory and has no files; build it with a directory");
            assertThat(index.damage()).isEmpty();
        }
    }

    private static void assertHolds(
            VectorIndex index, Map<String, VectorEntry> expected, SplittableRandom random, String what) {
        assertThat(index.size()).as(what).isEqualTo(expected.size());
        for (int i = 0; i < VectorWritingProcess.IDS; i++) {
            String id = "id " + i;
            assertThat(index.get(id).map(VectorIndexFaultTest::values))
                    .as("%s, %s", what, id)
                    .isEqualTo(Stream.ofNullable(expected.get(id))
                            .map(VectorIndexFaultTest::values)
                            .findFirst());
        }
        float[] query = VectorWritingProcess.vector(random);
        assertThat(index.search(VectorQuery.builder(query).k(7).exact(true).build())
                        .matches())
                .as(what)
                .extracting(VectorMatch::id)
                .isEqualTo(nearest(query, expected.values().stream()));
        assertThat(index.search(VectorQuery.builder(query)
                                .k(7)
                                .filter(new IsEqualTo("kind", 3))
                                .exact(true)
                                .build())
                        .matches())
                .as(what)
                .extracting(VectorMatch::id)
                .isEqualTo(nearest(
                        query,
                        expected.values().stream()
                                .filter(entry -> Integer.valueOf(3)
                                        .equals(entry.metadata().getInteger("kind")))));
        assertThat(index.search(VectorQuery.of(query, 7)).matches())
                .as(what)
                .hasSize(Math.min(7, expected.size()))
                .allMatch(match -> expected.containsKey(match.id()));
    }

    private static List<Object> values(VectorEntry entry) {
        return List.of(
                entry.id(),
                Arrays.toString(entry.vector()),
                entry.text(),
                entry.metadata().toMap());
    }

    private static List<String> nearest(float[] query, Stream<VectorEntry> entries) {
        return entries.sorted(Comparator.comparingDouble((VectorEntry entry) -> -product(query, entry.vector()))
                        .thenComparing(VectorEntry::id))
                .limit(7)
                .map(VectorEntry::id)
                .toList();
    }

    private static double product(float[] first, float[] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += (double) first[i] * second[i];
        }
        return sum;
    }

    private static long lastAcknowledged(BufferedReader out, String what) throws IOException {
        long last = 0;
        @Nullable String line;
        while ((line = out.readLine()) != null) {
            assertThat(line).as(what).matches("\\d+|" + VectorWritingProcess.READY);
            if (!line.equals(VectorWritingProcess.READY)) {
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

    private Process start(long seed) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        VectorWritingProcess.class.getName(),
                        directory.toString(),
                        Long.toString(seed))
                .redirectErrorStream(true)
                .start();
    }

    private VectorIndex open() {
        return VectorWritingProcess.builder(directory).build();
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("vectors.lock")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
