package dev.llmlifecycle.core.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.contract.ReleaseStoreContract;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.release.internal.JournalLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.llmlifecycle.core.release.Releases.next;
import static dev.llmlifecycle.core.release.Releases.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class FileReleaseStoreTest extends ReleaseStoreContract {

    private static final String PRODUCTION = "production";

    @TempDir
    private Path temporary;

    @Override
    protected ReleaseStore create() {
        return store();
    }

    @Override
    protected Optional<ReleaseStore> reopen() {
        return Optional.of(store());
    }

    @Test
    void writesOneFileForEachReleaseAndOneLineForEachMove() throws IOException {
        FileReleaseStore store = store();
        Release first = release("1");
        store.save(first);
        store.append(next(store.journal(), PRODUCTION, first));
        JournalEntry move = store.journal().get(0);

        assertThat(Files.readString(journal()))
                .isEqualTo("{\"actor\":\"ada\",\"at\":\"2026-01-31T12:00:00Z\",\"format\":2,\"hash\":\"" + move.hash()
                        + "\",\"kind\":\"PROMOTE\",\"label\":\"production\",\"reason\":\"täglich\",\"revision\":1,"
                        + "\"to\":\"" + first.hash() + "\"}\n");
        assertThat(Files.readString(releaseFile(first))).startsWith("{\n  \"format\": 1,\n  \"inputValidators\": [],");
    }

    @Test
    void createsNothingBeforeTheFirstRelease() {
        FileReleaseStore store = store();

        assertThat(store.journal()).isEmpty();
        assertThat(store.deployment(PRODUCTION)).isEmpty();
        assertThat(temporary.resolve("store")).doesNotExist();
    }

    @Test
    void refusesAFileWhereADirectoryShouldBe() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> FileReleaseStore.builder(file).build())
                .withMessage("Opening the release store " + file + " failed: it is a file; name a directory");
    }

    @Test
    void namesADamagedReleaseAndReplacesItWhenItIsSavedAgain() throws IOException {
        FileReleaseStore store = store();
        Release release = release("1");
        store.save(release);
        Files.writeString(
                releaseFile(release), Files.readString(releaseFile(release)).replace("\"1\"", "\"2\""));

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.find(release.hash()))
                .withMessageStartingWith(releaseFile(release) + ", the whole file: the content has the hash");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.append(next(List.of(), PRODUCTION, release)));
        assertThat(store.journal()).isEmpty();

        store.save(release);
        assertThat(store.find(release.hash())).contains(release);
    }

    @Test
    void survivesACrashAtEveryByteOfTheLastMove() throws IOException {
        FileReleaseStore store = store();
        Release one = release("1");
        Release two = release("2");
        store.save(one);
        store.save(two);
        store.append(next(store.journal(), PRODUCTION, one));
        int first = (int) Files.size(journal());
        store.append(next(store.journal(), PRODUCTION, two));
        byte[] whole = Files.readAllBytes(journal());
        List<JournalEntry> both = store.journal();

        for (int length = first; length <= whole.length; length++) {
            Files.write(journal(), Arrays.copyOf(whole, length));
            boolean secondIsThere = length >= whole.length - 1;

            FileReleaseStore reopened = store();
            assertThat(reopened.journal()).as("%d bytes", length).isEqualTo(secondIsThere ? both : both.subList(0, 1));
            assertThat(reopened.append(next(reopened.journal(), PRODUCTION, one)))
                    .as("%d bytes", length)
                    .isTrue();
            assertThat(store().journal()).as("%d bytes", length).hasSize(secondIsThere ? 3 : 2);
            assertThat(Files.readString(journal())).endsWith("}\n");
        }
    }

    @Test
    void survivesACrashAtEveryByteOfTheFirstMove() throws IOException {
        FileReleaseStore store = store();
        Release one = release("1");
        store.save(one);
        store.append(next(store.journal(), PRODUCTION, one));
        byte[] whole = Files.readAllBytes(journal());

        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(journal(), Arrays.copyOf(whole, length));
            assertThat(store().journal()).isEmpty();
            assertThat(store().append(next(List.of(), PRODUCTION, one))).isTrue();
            assertThat(Files.readAllBytes(journal())).isEqualTo(whole);
        }
    }

    @Test
    void namesTheLineOfEveryChangeInsideTheJournal() throws IOException {
        FileReleaseStore store = store();
        store.save(release("1"));
        for (int i = 0; i < 3; i++) {
            store.append(next(store.journal(), PRODUCTION, release("1")));
        }
        List<String> lines = Files.readAllLines(journal());

        assertDamaged(List.of(lines.get(0), lines.get(1).replace("ada", "eve"), lines.get(2)), 2, "has the hash");
        assertDamaged(List.of(lines.get(0), lines.get(1).substring(0, 50), lines.get(2)), 2, "it is not valid JSON");
        assertDamaged(List.of(lines.get(0), lines.get(2)), 2, "entry 3 of this line does not follow the line before");
        assertDamaged(List.of(lines.get(1), lines.get(2)), 1, "entry 2 of this line does not follow the line before");
        assertDamaged(List.of(lines.get(0), "", lines.get(1)), 2, "it is not a JSON object");
        assertDamaged(List.of(lines.get(0), lines.get(1), "{}"), 3, "the field 'format' is missing");

        Files.write(journal(), lines);
        assertThat(store.journal()).hasSize(3);
    }

    @Test
    void readsAndContinuesAJournalOfFormat1() throws IOException {
        copyFormat1();
        String written = Files.readString(journal());
        FileReleaseStore store = store();

        assertThat(store.journal())
                .hasSize(4)
                .extracting(JournalEntry::hash)
                .map(Hash::hex)
                .containsExactly(
                        "4adcc27cf349356280b0b8319bec494d0bc06ba3463b8423129428a47dffe8a7",
                        "985914d3235ffc6cec785ef3149caa641a319d2e8663f106bb13aa03f3484bd7",
                        "606eb0276c1fc846e1cb8ad738dd3823edf9bedc2cc7889c4d6b4760b131e1bd",
                        "aa78a1feae33c1c63e5e4b38fb49983b8b5d7dab7f700bc5abe5618a3a73ac41");
        assertThat(store.deployment(PRODUCTION))
                .map(Deployment::release)
                .contains(release("1").hash());
        assertThat(store.deployment("canary"))
                .map(Deployment::release)
                .contains(release("2").hash());
        assertThat(store.journal().get(2).event())
                .isEqualTo(new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE,
                        PRODUCTION,
                        Optional.of(release("1").hash()),
                        release("2").hash(),
                        Optional.of(new JournalEvent.Evidence(
                                new Hash("f85c8e60aa9a9a6962ac25336fa895019a5add2ec5adcaccd1b15d79e2c291b4"),
                                Optional.empty(),
                                Optional.empty()))));

        assertThat(store.append(next(store.journal(), "canary", release("1")))).isTrue();
        assertThat(store().journal()).hasSize(5);
        assertThat(Files.readString(journal())).startsWith(written);
    }

    @Test
    void takesALineOnlyAsItWasWritten() throws IOException {
        copyFormat1();
        List<String> lines = Files.readAllLines(journal());

        assertDamaged(
                List.of(lines.get(0), lines.get(1).replace("\"kind\"", "\"note\":\"seen by eve\",\"kind\"")),
                2,
                "it is not in the form that it was written in");
        assertDamaged(
                List.of(lines.get(0).replace("\"format\":1", "\"format\":3")),
                1,
                "it has the format 3 and this version");
        JournalEntry first = next(List.of(), PRODUCTION, release("1"));
        JournalEntry approved = JournalEntry.after(
                Optional.of(first),
                first.at(),
                "bob",
                "read it",
                new JournalEvent.Approved(
                        PRODUCTION, Optional.empty(), release("1").hash()));
        assertDamaged(
                List.of(
                        JournalLines.write(first),
                        JournalLines.write(approved).replace("\"format\":2", "\"format\":1")),
                2,
                "it has the format 1, which knows no such entry");
    }

    @Test
    void namesTheLineOfBytesThatAreNotText() throws IOException {
        FileReleaseStore store = store();
        store.save(release("1"));
        store.append(next(store.journal(), PRODUCTION, release("1")));
        byte[] whole = Files.readAllBytes(journal());
        whole[10] = (byte) 0xFF;
        Files.write(journal(), whole);

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(store::journal)
                .withMessage(journal() + ", line 1: byte 11 is not UTF-8; restore the file from a backup");
    }

    @Test
    void seesAtOnceWhatAnotherStoreOnTheSameDirectoryMoved() {
        FileReleaseStore one = store();
        FileReleaseStore two = store();
        one.save(release("1"));
        assertThat(two.deployment(PRODUCTION)).isEmpty();

        JournalEntry move = next(List.of(), PRODUCTION, release("1"));
        assertThat(one.append(move)).isTrue();

        assertThat(two.deployment(PRODUCTION)).isEqualTo(move.deployment());
        assertThat(two.append(move)).isFalse();
        assertThat(two.append(next(two.journal(), "canary", release("1")))).isTrue();
        assertThat(one.deployment("canary")).isPresent();
    }

    @Test
    void losesNoMoveToAnotherProcess() throws Exception {
        FileReleaseStore store = store();
        store.save(release("1"));
        int each = 10;
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Mover.class.getName(),
                        temporary.resolve("store").toString(),
                        Integer.toString(each))
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
        try {
            while (other.isAlive() && store.journal().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            Mover.move(store, "here", each);
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue())
                    .as(Files.readString(temporary.resolve("output")))
                    .isZero();
        } finally {
            other.destroyForcibly();
        }
        assertThat(store.journal()).hasSize(2 * each);
    }

    @Test
    void leavesNoTemporaryFileBehind() throws IOException {
        FileReleaseStore store = store();
        store.save(release("1"));
        store.append(next(store.journal(), PRODUCTION, release("1")));

        try (Stream<Path> files = Files.walk(temporary)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".lock", "deployments.jsonl", release("1").hash() + ".json");
        }
    }

    private void assertDamaged(List<String> lines, int line, String problem) throws IOException {
        Files.write(journal(), lines, StandardOpenOption.TRUNCATE_EXISTING);
        FileReleaseStore store = store();

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.deployment(PRODUCTION))
                .withMessageStartingWith(journal() + ", line " + line + ": ")
                .withMessageContaining(problem);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.append(next(List.of(), PRODUCTION, release("1"))));
    }

    private FileReleaseStore store() {
        return FileReleaseStore.builder(temporary.resolve("store")).build();
    }

    /** A store as the first format of the journal left it. */
    private void copyFormat1() throws IOException {
        Path written = Path.of("src/test/resources/dev/llmlifecycle/core/release/format-1");
        try (Stream<Path> files = Files.walk(written)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = temporary.resolve("store").resolve(written.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private Path journal() {
        return temporary.resolve("store").resolve("deployments.jsonl");
    }

    private Path releaseFile(Release release) {
        return temporary.resolve("store").resolve("releases").resolve(release.hash() + ".json");
    }

    /** What the other process runs. */
    static final class Mover {

        private Mover() {}

        public static void main(String[] arguments) {
            move(FileReleaseStore.builder(Path.of(arguments[0])).build(), "there", Integer.parseInt(arguments[1]));
        }

        static void move(FileReleaseStore store, String label, int times) {
            for (int i = 0; i < times; i++) {
                boolean done = false;
                while (!done) {
                    done = store.append(next(store.journal(), label, release("1")));
                }
            }
        }
    }
}
