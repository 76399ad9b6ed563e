package dev.llmlifecycle.retrieval.vector;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.retrieval.Passage;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the world does to an ingestion: it is killed, another process writes, the disk is full. */
@NullMarked
class FaultTest {

    /** The profile {@code faults} sets 50. */
    private static final int KILLS = Integer.getInteger("kills", 3);

    private static final int LONGEST_LIFE_MILLIS = 400;

    @TempDir
    Path temporary;

    @Test
    void anIngestionThatIsKilledLeavesAWholeIndexAndEmbedsNothingTwice() throws Exception {
        Path directory = temporary.resolve("index");
        Path log = temporary.resolve("embedded");
        List<String> whole = new ArrayList<>();
        whole.add(snapshotId(List.of()));
        for (int version = 0; version < IngestingProcess.VERSIONS; version++) {
            whole.add(snapshotId(IngestingProcess.documents(version)));
        }
        SplittableRandom random = new SplittableRandom(20_260_102);
        for (int kill = 0; kill < KILLS; kill++) {
            Set<String> paidFor = kept(directory);
            Files.deleteIfExists(log);
            Process process = start(directory, log, kill, 10);
            Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
            end(process, kill);

            List<String> embedded = Files.exists(log) ? Files.readAllLines(log) : List.of();
            // What a later ingestion of the same process leaves out may be embedded again by the one after it.
            assertThat(embedded.stream().takeWhile(line -> !line.equals(IngestingProcess.DONE)))
                    .as("kill %d", kill)
                    .doesNotHaveDuplicates()
                    .noneMatch(paidFor::contains);
            try (PassageIndex index = open(directory)) {
                assertThat(index.snapshotId()).as("kill %d", kill).isIn(whole);
            }
        }

        try (PassageIndex index = open(directory);
                PassageIndex clean = open(temporary.resolve("clean"))) {
            index.ingest(IngestingProcess.documents(0));
            clean.ingest(IngestingProcess.documents(0));
        }
        assertThat(directory.resolve(PassageFile.FILE))
                .hasSameBinaryContentAs(temporary.resolve("clean").resolve(PassageFile.FILE));
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder(PassageFile.FILE, PassageIndex.LOCK_FILE);
    }

    @Test
    void anotherProcessThatIngestsIsNamedAndItsEndSetsTheDirectoryFree() throws Exception {
        Path directory = temporary.resolve("index");
        Path log = temporary.resolve("embedded");
        Process process = start(directory, log, 0, 60_000);
        try (PassageIndex index = open(directory)) {
            await().until(() -> Files.exists(log));
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> index.ingest(IngestingProcess.documents(0)))
                    .withMessage("Locking " + directory.resolve(PassageIndex.LOCK_FILE)
                            + " failed: process " + process.pid() + " has been writing there since "
                            + Files.getLastModifiedTime(directory.resolve(PassageIndex.LOCK_FILE))
                            + "; wait until it is done or use another directory");
            end(process, 0);
            assertThat(index.ingest(IngestingProcess.documents(1)).passages()).isEqualTo(60);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aFullDiskLeavesTheOldIndexAndSaysSo() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        Path directory = temporary.resolve("index");
        try (PassageIndex index = open(directory)) {
            String before =
                    index.ingest(List.of(document("Refunds take five days."))).snapshotId();
            byte[] bytes = Files.readAllBytes(directory.resolve(PassageFile.FILE));

            for (String file : List.of(EmbeddingJournal.FILE, PassageFile.FILE + ".tmp")) {
                Path link = Files.createSymbolicLink(directory.resolve(file), full);
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> index.ingest(List.of(document("Parcels leave at noon."))))
                        .withMessageContaining("failed")
                        .withMessageContaining("check space and permissions")
                        .havingCause()
                        .withMessageContaining("No space left on device");
                assertThat(index.snapshotId()).isEqualTo(before);
                assertThat(Files.readAllBytes(directory.resolve(PassageFile.FILE)))
                        .isEqualTo(bytes);
                Files.deleteIfExists(link);
            }
            assertThat(index.ingest(List.of(document("Parcels leave at noon."))).added())
                    .isEqualTo(1);
        }
    }

    private static Process start(Path directory, Path log, int version, long millis) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        IngestingProcess.class.getName(),
                        directory.toString(),
                        log.toString(),
                        Integer.toString(version),
                        Long.toString(millis))
                .redirectErrorStream(true)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).isEqualTo(IngestingProcess.READY);
        return process;
    }

    /** Ends it as {@code kill -9} does, or, every second time, as Ctrl-C does. */
    private static void end(Process process, int kill) throws InterruptedException {
        if (kill % 2 == 0) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        process.waitFor();
    }

    /** Returns the hashes of all texts whose vectors an ingestion finds again. */
    private static Set<String> kept(Path directory) {
        Set<String> kept = new HashSet<>();
        if (Files.exists(directory.resolve(EmbeddingJournal.FILE))) {
            try (EmbeddingJournal journal = EmbeddingJournal.open(directory, TrigramModel.IDENTITY)) {
                journal.kept().forEach(text -> kept.add(text.key().hex()));
            }
        }
        try (PassageIndex index = open(directory)) {
            index.snapshot().embeddedTexts().keySet().forEach(key -> kept.add(key.hex()));
        }
        return kept;
    }

    private static String snapshotId(List<Document> documents) {
        try (PassageIndex index =
                PassageIndex.builder(new TrigramModel(), TrigramModel.IDENTITY).build()) {
            index.ingest(documents);
            return index.snapshotId();
        }
    }

    private static PassageIndex open(Path directory) {
        return PassageIndex.builder(new TrigramModel(), TrigramModel.IDENTITY)
                .directory(directory)
                .build();
    }

    private static Document document(String text) {
        return Document.from(text, Metadata.from(Passage.SOURCE, "a.md"));
    }
}
