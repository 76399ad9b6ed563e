package dev.llmlifecycle.core.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore.Erasure;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The log in several files: rotation, compression, retention, erasure, the queue, crashes. */
final class InteractionLogFilesTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Optional<String> NO_TENANT = Optional.empty();

    private final MovableClock clock = new MovableClock(NOON);

    @TempDir
    private Path directory;

    @Test
    void beginsAFileWhenOneIsFullAndReadsAllOfThem() {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(1024))) {
            record(log, 1, 20);

            assertThat(ids(log)).containsExactlyElementsOf(ids(1, 20));
        }

        assertThat(names()).hasSizeBetween(5, 20).startsWith("interactions.jsonl");
        assertThat(JsonLinesInteractionLog.read(file()).interactions()).hasSize(20);
        try (Stream<RecordedInteraction> read = JsonLinesInteractionLog.stream(file())) {
            assertThat(read).hasSize(20);
        }
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            record(log, 21, 1);
            awaitUpkeep(log);
            assertThat(ids(log)).containsExactlyElementsOf(ids(1, 21));
            List<String> full = names().subList(1, names().size());
            assertThat(full.subList(0, full.size() - 1)).allMatch(name -> name.endsWith(".gz"));
        }
    }

    @Test
    void givesALineThatIsLongerThanAFileMayBeAFileOfItsOwn() {
        try (JsonLinesInteractionLog log =
                open(settings -> settings.maxFileBytes(1024).compress(false))) {
            record(log, 1, 1);
            log.record(Interaction.builder("i-2", NOON, "x".repeat(3000)).build());
            record(log, 3, 1);

            assertThat(ids(log)).containsExactly("i-1", "i-2", "i-3");
        }
        assertThat(names()).hasSize(3);
    }

    @Test
    void beginsAFileEachDay() {
        try (JsonLinesInteractionLog log =
                open(settings -> settings.rotateDaily(true).compress(false))) {
            record(log, 1, 2);
            clock.advance(Duration.ofHours(12));
            log.record(interaction("i-3", "ada", clock.instant()));
            log.record(interaction("i-4", "ada", clock.instant()));
        }
        assertThat(names()).containsExactly("interactions.jsonl", "interactions.jsonl.20260201T000000000Z");

        clock.advance(Duration.ofDays(1));
        try (JsonLinesInteractionLog log =
                open(settings -> settings.rotateDaily(true).compress(false))) {
            log.record(interaction("i-5", "ada", clock.instant()));
            assertThat(ids(log)).containsExactlyElementsOf(ids(1, 5));
        }
        assertThat(names()).hasSize(3);
    }

    @Test
    void keepsTheOrderOfFilesWhenTheClockGoesBack() {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(1024))) {
            record(log, 1, 7);
            clock.advance(Duration.ofDays(-400));
            record(log, 8, 7);

            assertThat(ids(log)).containsExactlyElementsOf(ids(1, 14));
        }
    }

    @Test
    void takesNoFileOfAnotherLog() throws IOException {
        for (String other : List.of("interactions-2.jsonl", "interactions.jsonl.old", "interactions.jsonl.2026.gz")) {
            Files.writeString(directory.resolve(other), "notes");
        }
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            record(log, 1, 1);
            assertThat(ids(log)).containsExactly("i-1");
            log.erase(NO_TENANT, "ada");
        }
        assertThat(directory.resolve("interactions.jsonl.old")).hasContent("notes");
    }

    @Test
    void removesFilesThatAreOld() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxAge(Duration.ofDays(2)))) {
            for (int day = 0; day < 7; day++) {
                clock.advance(Duration.ofDays(1));
                log.record(interaction("i-" + day, "ada", clock.instant()));
            }
            awaitUpkeep(log);
        }
        assertThat(JsonLinesInteractionLog.read(file()).interactions())
                .extracting(Interaction::id)
                .containsExactly("i-3", "i-4", "i-5", "i-6");

        // By when they were written, not by when they are put aside.
        Files.setLastModifiedTime(file(), FileTime.from(clock.instant()));
        clock.advance(Duration.ofDays(100));
        try (JsonLinesInteractionLog log = open(settings -> settings.maxAge(Duration.ofDays(2)))) {
            awaitUpkeep(log);
            assertThat(ids(log)).isEmpty();
        }
        assertThat(names()).containsExactly("interactions.jsonl");
    }

    @Test
    void removesTheOldestFilesWhenThereIsTooMuch() {
        try (JsonLinesInteractionLog log =
                open(settings -> settings.maxFileBytes(1024).maxTotalBytes(4096).compress(false))) {
            record(log, 1, 100);
        }

        long total = names().stream()
                .mapToLong(name -> sizeOf(directory.resolve(name)))
                .sum();
        assertThat(total).isBetween(2048L, 4096L);
        List<Interaction> left = JsonLinesInteractionLog.read(file()).interactions();
        assertThat(left).extracting(Interaction::id).endsWith("i-100").doesNotContain("i-1");
        assertThat(ids(100 - left.size() + 1, left.size()))
                .containsExactlyElementsOf(left.stream().map(Interaction::id).toList());
    }

    @Test
    void readsOnWhileFilesArePutAsideAndCompressed() {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(4096))) {
            record(log, 1, 50);
            try (Stream<RecordedInteraction> stream = log.read()) {
                Iterator<RecordedInteraction> read = stream.iterator();
                List<String> seen =
                        new ArrayList<>(List.of(read.next().interaction().id()));
                record(log, 51, 50);
                read.forEachRemaining(each -> seen.add(each.interaction().id()));
                assertThat(seen).containsExactlyElementsOf(ids(1, 50));
            }
        }
    }

    @Test
    void letsOthersReadAtAnyMoment() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(2048))) {
            record(log, 1, 1);
            Future<?> writing = executor.submit(() -> record(log, 2, 400));
            int most = 0;
            while (most < 401) {
                boolean last = writing.isDone();
                List<Interaction> read = JsonLinesInteractionLog.read(file()).interactions();
                assertThat(read).extracting(Interaction::id).containsExactlyElementsOf(ids(1, read.size()));
                assertThat(read.size()).isGreaterThanOrEqualTo(last ? 401 : most);
                most = read.size();
            }
            writing.get(60, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void joinsFeedbackAcrossFilesGroupByGroup() {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(1024))) {
            log.record(feedback("i-30", "before"));
            record(log, 1, 30);
            IntStream.rangeClosed(1, 30).forEach(i -> log.record(feedback("i-" + i, "after")));
            log.read().close();

            for (int group : new int[] {1, 7, 1000}) {
                LogScan scan = new LogScan(new LogFiles(file()), 1 << 20, damage -> {});
                try (Stream<RecordedInteraction> read = scan.joined(new TimeSpan(Instant.MIN, Instant.MAX), group)) {
                    List<RecordedInteraction> all = read.toList();
                    assertThat(all).extracting(each -> each.interaction().id()).containsExactlyElementsOf(ids(1, 30));
                    assertThat(all)
                            .extracting(each -> each.feedback().size())
                            .startsWith(1, 1)
                            .endsWith(1, 2);
                }
            }
        }
    }

    @Test
    void erasesFromFilesThatAreCompressedAndFromTheQueue() throws IOException {
        try (JsonLinesInteractionLog log =
                open(settings -> settings.maxFileBytes(1024).patience(Duration.ZERO))) {
            for (int i = 1; i <= 30; i++) {
                log.record(interaction("i-" + i, i % 3 == 0 ? "ada" : "bob", NOON));
                log.record(feedback("i-" + i, "fine"));
            }

            assertThat(log.erase(NO_TENANT, "ada")).isEqualTo(new Erasure(10, 10, 0));

            assertThat(ids(log)).hasSize(20).doesNotContain("i-3", "i-30");
        }
        for (String name : names()) {
            assertThat(text(directory.resolve(name))).doesNotContain("\"ada\"").doesNotContain("\"i-3\"");
        }
        assertThat(directory.resolve("interactions.jsonl.erasing")).doesNotExist();
    }

    @Test
    void erasesAroundDamageAndSaysSo() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            log.record(interaction("i-1", "ada", NOON));
            log.record(interaction("i-2", "ada", NOON));
            log.record(interaction("i-3", "bob", NOON));
        }
        String whole = Files.readString(file());
        Files.writeString(file(), whole.replace("\"i-2\"", "\"i-9\""));

        try (JsonLinesInteractionLog log = open(settings -> settings.compress(false))) {
            assertThat(log.erase(NO_TENANT, "ada")).isEqualTo(new Erasure(1, 0, 1));
            assertThat(ids(log)).containsExactly("i-3");
            assertThat(log.damage()).extracting(Damage::line).containsExactly(1L);
            assertThat(log.damage().get(0).toString()).endsWith("Z, line 1: its checksum does not fit");
        }
    }

    @Test
    void namesAFileThatCannotBeInflatedAndReadsTheOthers() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(1024))) {
            record(log, 1, 12);
        }
        Path first = directory.resolve(names().get(1));
        byte[] whole = Files.readAllBytes(first);
        for (int length : new int[] {0, 5, whole.length / 2, whole.length - 1}) {
            Files.write(first, Arrays.copyOf(whole, length));

            JsonLinesInteractionLog.Contents contents = JsonLinesInteractionLog.read(file());

            assertThat(contents.damage()).extracting(Damage::file).containsExactly(first);
            assertThat(contents.interactions())
                    .extracting(Interaction::id)
                    .endsWith("i-12")
                    .doesNotHaveDuplicates();
        }
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            assertThat(log.erase(NO_TENANT, "ada").unreadable()).isEqualTo(1);
            assertThat(ids(log)).isEmpty();
        }
    }

    @Test
    void losesAndDoublesNothingWhenACrashInterruptsCompression() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            record(log, 1, 3);
            awaitUpkeep(log);
            awaitUpkeep(log);
        }
        String compressed = names().get(1);
        Path plain = directory.resolve(compressed.replace(".gz", ""));
        String text = text(directory.resolve(compressed));
        byte[] gzip = Files.readAllBytes(directory.resolve(compressed));

        for (int length = 0; length <= gzip.length; length++) {
            Files.deleteIfExists(directory.resolve(compressed));
            Files.writeString(plain, text);
            Files.write(directory.resolve("." + compressed + ".1-1-1.tmp"), Arrays.copyOf(gzip, length));
            assertThat(JsonLinesInteractionLog.read(file()).interactions()).hasSize(3);
            try (JsonLinesInteractionLog log = open(settings -> settings)) {
                assertThat(ids(log)).as("%d bytes", length).containsExactly("i-1", "i-2", "i-3");
                awaitUpkeep(log);
            }
            assertThat(names()).as("%d bytes", length).containsExactly("interactions.jsonl", compressed);
        }
        Files.writeString(plain, text);
        assertThat(JsonLinesInteractionLog.read(file()).interactions()).hasSize(3);
        open(settings -> settings).close();
        assertThat(names()).containsExactly("interactions.jsonl", compressed);
    }

    @Test
    void finishesAnErasureThatACrashInterrupted() throws IOException {
        UnaryOperator<JsonLinesInteractionLog.Builder> settings = each -> each.maxFileBytes(1024);
        try (JsonLinesInteractionLog log = open(settings)) {
            for (int i = 1; i <= 12; i++) {
                log.record(interaction("i-" + i, i % 2 == 0 ? "ada" : "bob", NOON));
            }
            IntStream.rangeClosed(1, 12).forEach(i -> log.record(feedback("i-" + i, "fine")));
            awaitUpkeep(log);
            awaitUpkeep(log);
        }
        Path before = copy("before");
        Path after = copy("after");
        LogErasure.erase(new LogFiles(after.resolve("interactions.jsonl")), new Person(NO_TENANT, "ada"));
        List<String> full = names().subList(1, names().size());
        assertThat(full).hasSizeGreaterThan(4);
        String note =
                "{\"format\": 1, \"user\": \"ada\", \"interactions\": [\"i-2\",\"i-4\",\"i-6\",\"i-8\",\"i-10\",\"i-12\"]}";

        for (int rewritten = 0; rewritten <= full.size(); rewritten++) {
            for (int i = 0; i < full.size(); i++) {
                Path from = i < rewritten ? after : before;
                Files.write(directory.resolve(full.get(i)), Files.readAllBytes(from.resolve(full.get(i))));
            }
            Files.writeString(directory.resolve("interactions.jsonl.erasing"), note);
            Files.writeString(directory.resolve("." + full.get(0) + ".1-1-1.tmp"), "half");

            try (JsonLinesInteractionLog log = open(settings)) {
                assertThat(ids(log))
                        .as("%d files", rewritten)
                        .containsExactly("i-1", "i-3", "i-5", "i-7", "i-9", "i-11");
            }
            assertThat(JsonLinesInteractionLog.read(file()).feedback())
                    .as("%d files", rewritten)
                    .extracting(Feedback::interactionId)
                    .containsExactly("i-1", "i-3", "i-5", "i-7", "i-9", "i-11");
            assertThat(directory.resolve("interactions.jsonl.erasing")).doesNotExist();
            assertThat(names()).hasSize(full.size() + 1);
        }
    }

    @Test
    void finishesAnErasureThatFailedBeforeItBeginsAnother() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            log.record(interaction("i-1", "ada", NOON));
            log.record(interaction("i-2", "bob", NOON));
            log.record(feedback("i-0", "its interaction is gone already"));
            Files.writeString(
                    directory.resolve("interactions.jsonl.erasing"),
                    "{\"format\": 1, \"user\": \"bob\", \"interactions\": [\"i-0\"]}");

            assertThat(log.erase(NO_TENANT, "ada")).isEqualTo(new Erasure(1, 0, 0));

            assertThat(ids(log)).isEmpty();
            assertThat(JsonLinesInteractionLog.read(file()).feedback()).isEmpty();
            assertThat(directory.resolve("interactions.jsonl.erasing")).doesNotExist();
        }
    }

    @Test
    void undoesAnErasureThatWasNotWrittenDown() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            record(log, 1, 2);
        }
        Files.writeString(directory.resolve(".interactions.jsonl.erasing.1-1-1.tmp"), "{\"format\": 1, \"us");
        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            assertThat(ids(log)).containsExactly("i-1", "i-2");
        }
        assertThat(names()).containsExactly("interactions.jsonl");

        Files.writeString(directory.resolve("interactions.jsonl.erasing"), "{\"format\": 1, \"us");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> open(settings -> settings))
                .withMessageEndingWith("remove it, open the log and erase the user again");
    }

    @Test
    void takesNoLongerThanItsPatienceAndCountsWhatItDrops() {
        try (JsonLinesInteractionLog log = open(settings ->
                settings.patience(Duration.ofMillis(5)).maxLineBytes(1024).queueBytes(2048))) {
            clock.hold();
            List<String> taken = new ArrayList<>();
            int dropped = 0;
            for (int i = 1; i <= 12; i++) {
                try {
                    log.record(interaction("i-" + i, "ada", NOON));
                    taken.add("i-" + i);
                } catch (LifecycleException e) {
                    assertThat(e)
                            .hasMessage("Recording interaction i-" + i + " in " + file() + " failed: the queue of"
                                    + " records to write is full; look for a slow disk, or raise queueBytes");
                    dropped++;
                }
            }
            assertThat(taken).hasSizeBetween(2, 11);
            assertThat(log.dropped()).isEqualTo(dropped);
            clock.release();
            assertThat(ids(log)).isEqualTo(taken);
        }
    }

    @Test
    void writesWhatIsQueuedWhenItIsClosed() {
        JsonLinesInteractionLog log =
                open(settings -> settings.patience(Duration.ZERO).fsync(Fsync.never()));
        record(log, 1, 200);
        log.close();

        assertThat(JsonLinesInteractionLog.read(file()).interactions()).hasSize(200);
    }

    @Test
    void waitsForTheDiskInTheBackground() throws InterruptedException {
        try (JsonLinesInteractionLog log = open(
                settings -> settings.fsync(Fsync.every(Duration.ofMillis(1))).maxFileBytes(2048))) {
            for (int i = 1; i <= 10; i++) {
                record(log, i, 1);
                TimeUnit.MILLISECONDS.sleep(2);
            }
            assertThat(ids(log)).hasSize(10);
        }
    }

    @Test
    void goesOnWhenAFileCannotBePutAside() throws IOException {
        try (JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(1024))) {
            record(log, 1, 3);
            Files.delete(file());
            record(log, 4, 10);

            assertThat(ids(log)).endsWith("i-13");
            assertThat(log.dropped()).isZero();
        }
    }

    @Test
    void failsAndCountsWhatCannotBeWritten() throws IOException {
        Path folder = directory.resolve("log");
        try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(folder.resolve("interactions.jsonl"))
                .maxFileBytes(1024)
                .patience(Duration.ofSeconds(30))
                .build()) {
            record(log, 1, 2);
            Files.move(folder, directory.resolve("elsewhere"));
            Files.writeString(folder, "in the way");

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> record(log, 3, 20))
                    .withMessageStartingWith("Recording interaction i-");
            assertThat(log.dropped()).isEqualTo(1);

            Files.delete(folder);
            Files.move(directory.resolve("elsewhere"), folder);
            record(log, 30, 1);
            assertThat(ids(log)).startsWith("i-1", "i-2").endsWith("i-30");
        }
    }

    @Test
    void refusesSettingsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(settings -> settings.queueBytes(1000)))
                .withMessage("queueBytes of the interaction log " + file() + " must be at least maxLineBytes, 4194304,"
                        + " but was 1000; raise it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(settings -> settings.patience(Duration.ofMillis(-1))));
        assertThatIllegalArgumentException().isThrownBy(() -> open(settings -> settings.maxAge(Duration.ZERO)));
        assertThatIllegalArgumentException().isThrownBy(() -> open(settings -> settings.maxFileBytes(10)));
        assertThatIllegalArgumentException().isThrownBy(() -> open(settings -> settings.maxTotalBytes(10)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fsync.every(Duration.ZERO))
                .withMessage("the interval between two waits for the disk must be more than zero but was PT0S; use"
                        + " eachRecord() to wait always");
    }

    static Stream<?> seeds() {
        return Seeds.some().limit(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithAStoreInMemoryWhateverIsDone(SplittableRandom random) {
        List<String> users = List.of("ada", "bob", "cem");
        try (InMemoryInteractionStore expected =
                InMemoryInteractionStore.builder().build()) {
            JsonLinesInteractionLog log = open(settings -> settings.maxFileBytes(1500));
            for (int i = 0; i < 80; i++) {
                int what = random.nextInt(20);
                if (what < 12) {
                    Interaction interaction =
                            interaction("i-" + i, users.get(random.nextInt(3)), NOON.plusSeconds(random.nextInt(100)));
                    log.record(interaction);
                    expected.record(interaction);
                } else if (what < 17) {
                    Feedback feedback = feedback("i-" + random.nextInt(100), "because " + i);
                    log.record(feedback);
                    expected.record(feedback);
                } else if (what < 18) {
                    String user = users.get(random.nextInt(3));
                    assertThat(log.erase(NO_TENANT, user)).isEqualTo(expected.erase(NO_TENANT, user));
                } else if (what < 19) {
                    log.close();
                    log = open(settings -> settings.maxFileBytes(1500));
                } else {
                    Instant from = NOON.plusSeconds(random.nextInt(100));
                    try (Stream<RecordedInteraction> read = log.read(from, from.plusSeconds(30));
                            Stream<RecordedInteraction> same = expected.read(from, from.plusSeconds(30))) {
                        assertThat(read.toList()).isEqualTo(same.toList());
                    }
                }
            }
            try (Stream<RecordedInteraction> read = log.read();
                    Stream<RecordedInteraction> same = expected.read()) {
                assertThat(read.toList()).isEqualTo(same.toList());
            }
            log.close();
        }
    }

    @Test
    void losesNothingThatWasTakenWhenTheProcessIsKilled() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        file().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> taken = new ArrayList<>();
        try (var output = child.inputReader()) {
            for (String line = output.readLine(); line != null && taken.size() < 400; line = output.readLine()) {
                taken.add(line);
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(taken).hasSize(400);

        try (JsonLinesInteractionLog log = open(settings -> settings)) {
            List<String> ids = ids(log);
            assertThat(ids).doesNotHaveDuplicates();
            List<String> ofBob =
                    taken.stream().filter(id -> id.startsWith("bob")).toList();
            assertThat(new HashSet<>(ids)).containsAll(ofBob);
            assertThat(log.damage()).isEmpty();
            log.erase(NO_TENANT, "ada");
            assertThat(ids(log)).allMatch(id -> id.startsWith("bob"));
        }
    }

    /** What the process does that is killed: it records, and erases one of two users again and again. */
    static final class Killed {

        private Killed() {}

        public static void main(String[] arguments) {
            try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(Path.of(arguments[0]))
                    .maxFileBytes(8192)
                    .patience(Duration.ofSeconds(30))
                    .build()) {
                for (int i = 0; true; i++) {
                    String user = i % 2 == 0 ? "ada" : "bob";
                    log.record(interaction(user + "-" + i, user, NOON));
                    System.out.println(user + "-" + i);
                    if (i % 100 == 99) {
                        log.erase(NO_TENANT, "ada");
                    }
                }
            }
        }
    }

    private JsonLinesInteractionLog open(UnaryOperator<JsonLinesInteractionLog.Builder> settings) {
        return settings.apply(JsonLinesInteractionLog.builder(file())
                        .clock(clock)
                        .patience(Duration.ofSeconds(30))
                        .fsync(Fsync.never()))
                .build();
    }

    private Path file() {
        return directory.resolve("interactions.jsonl");
    }

    /** Returns the names of the files of the log but its lock, the one that is written first. */
    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copy(String name) throws IOException {
        Path copy = Files.createDirectory(directory.resolve(name));
        for (String file : names()) {
            Files.copy(directory.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private static String text(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        try (var in = file.toString().endsWith(".gz")
                ? new GZIPInputStream(Files.newInputStream(file))
                : Files.newInputStream(file)) {
            text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the file aside that is written, and waits until what was due before is done. */
    private static void awaitUpkeep(JsonLinesInteractionLog log) {
        log.erase(NO_TENANT, "nobody");
    }

    private static void record(JsonLinesInteractionLog log, int first, int count) {
        ids(first, count).forEach(id -> log.record(interaction(id, "ada", NOON)));
    }

    private static List<String> ids(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(i -> "i-" + i).toList();
    }

    private static List<String> ids(JsonLinesInteractionLog log) {
        try (Stream<RecordedInteraction> read = log.read()) {
            return read.map(each -> each.interaction().id()).toList();
        }
    }

    private static Interaction interaction(String id, String user, Instant startedAt) {
        return Interaction.builder(id, startedAt, "How long does a refund take?")
                .user(Optional.of(user))
                .outcome("answered", "Five days.")
                .build();
    }

    private static Feedback feedback(String interactionId, String reason) {
        return new Feedback(interactionId, Feedback.Rating.DOWN, Optional.of(reason), Optional.empty(), NOON);
    }
}
