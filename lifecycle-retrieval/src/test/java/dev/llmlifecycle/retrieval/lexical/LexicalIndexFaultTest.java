package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What the world does to a lexical index: files are damaged, two want to write, some read beside a writer. */
@NullMarked
class LexicalIndexFaultTest {

    @TempDir
    Path directory;

    @Test
    void whatWasAddedIsThereWhenOpenedAgain() {
        String snapshot;
        try (LexicalIndex index = open()) {
            index.addAll(entries(0, 50));
            index.remove(List.of("id 3"));
            snapshot = index.snapshotId();
        }
        try (LexicalIndex index = open()) {
            assertThat(index.size()).isEqualTo(49);
            assertThat(index.snapshotId()).isEqualTo(snapshot);
            assertThat(index.get("id 3")).isEmpty();
            assertThat(index.search(LexicalQuery.of("word7", 5)).matches())
                    .extracting(LexicalMatch::id)
                    .containsExactly("id 7");
        }
    }

    @Test
    void everyDamagedFileIsNamedAndNothingOfItServed() throws IOException {
        write();
        SplittableRandom random = new SplittableRandom(20_261_125);
        for (Path file : files(directory)) {
            byte[] intact = Files.readAllBytes(file);
            List<byte[]> damages = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                byte[] damaged = intact.clone();
                damaged[random.nextInt(intact.length)] ^= (byte) (1 << random.nextInt(8));
                damages.add(damaged);
            }
            damages.add(Arrays.copyOf(intact, intact.length - 1));
            damages.add(Arrays.copyOf(intact, intact.length / 2));
            damages.add(new byte[0]);
            for (byte[] damaged : damages) {
                Files.write(file, damaged);
                assertNamed(file);
            }
            Files.delete(file);
            assertNamed(file);
            Files.write(file, intact);
        }
        try (LexicalIndex index = open()) {
            assertThat(index.size()).isEqualTo(55);
        }
    }

    private void assertNamed(Path file) {
        String name = file.getFileName().toString();
        String expected = name.startsWith("segments_") ? "segments_" : name;
        assertThatExceptionOfType(DamagedDataException.class)
                .as(name)
                .isThrownBy(() -> open().close())
                .satisfies(damage -> assertThat(damage.source()).contains(expected));
        assertThatExceptionOfType(LifecycleException.class)
                .as(name)
                .isThrownBy(() -> builder().readOnly().build().close());
    }

    /** A crash leaves the files of the last commit, and what was written of the next one up to some byte. */
    @Test
    void aCrashAtAnyByteLeavesTheLastCommit() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        Path before = directory.resolve("before");
        Path after = directory.resolve("after");
        String snapshot;
        String next;
        try (LexicalIndex index = open("live")) {
            index.addAll(entries(0, 30));
            index.remove(List.of("id 3"));
            snapshot = index.snapshotId();
            copy(directory.resolve("live"), before);
            index.addAll(entries(20, 40));
            index.remove(List.of("id 25"));
            next = index.snapshotId();
            copy(directory.resolve("live"), after);
        }
        for (int crash = 0; crash < 25; crash++) {
            Path image = directory.resolve("crash " + crash);
            copy(before, image);
            for (Path file : files(after)) {
                String name = file.getFileName().toString();
                byte[] bytes = Files.readAllBytes(file);
                Path there = image.resolve(name.startsWith("segments_") ? "pending_" + name : name);
                if (!Files.exists(there) && random.nextInt(4) > 0) {
                    Files.write(there, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
                }
            }
            try (LexicalIndex index = open("crash " + crash)) {
                assertThat(index.snapshotId()).as("crash %d", crash).isEqualTo(snapshot);
                assertThat(index.search(LexicalQuery.of("word7", 5)).matches()).hasSize(1);
                index.addAll(entries(20, 40));
                index.remove(List.of("id 25"));
                assertThat(index.snapshotId()).isEqualTo(next);
            }
        }
    }

    private LexicalIndex open(String name) {
        return LexicalIndex.builder().directory(directory.resolve(name)).build();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    @Test
    void anIndexThatCannotBeWrittenSaysSoAndServesWhatItHad() throws IOException {
        try (LexicalIndex index = open("lost")) {
            index.addAll(entries(0, 3));
            String before = index.snapshotId();
            for (Path file : files(directory.resolve("lost"))) {
                Files.delete(file);
            }
            Files.delete(directory.resolve("lost").resolve("write.lock"));
            Files.delete(directory.resolve("lost"));

            assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> index.addAll(entries(3, 6)));
            assertThatIllegalStateException()
                    .isThrownBy(() -> index.addAll(entries(3, 6)))
                    .withMessage("the lexical index stopped halfway in a change; close it and open it again");
            assertThat(index.snapshotId()).isEqualTo(before);
            assertThat(index.search(LexicalQuery.of("text", 10)).matches()).hasSize(3);
        }
    }

    @Test
    void aDirectoryOfAnotherProgramIsRefused() throws IOException {
        try (IndexWriter other = new IndexWriter(FSDirectory.open(directory), new IndexWriterConfig())) {
            other.addDocument(new Document());
        }

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(this::open)
                .withMessage("Opening the lexical index in " + directory + " found an index of another program but this"
                        + " version reads format 1; use another directory");
    }

    @Test
    void aSecondWriterIsTold() {
        try (LexicalIndex index = open()) {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(this::open)
                    .withMessage("Opening the lexical index in " + directory
                            + " failed: another index, of this process or another one, writes there; close it first,"
                            + " or open with readOnly()");
            index.addAll(entries(0, 1));
        }
        open().close();
    }

    @Test
    void readersSeeWhatAWriterHasCommitted() {
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> builder().readOnly().build())
                .withMessageContaining("there is no index yet");
        try (LexicalIndex writer = open();
                LexicalIndex reader = builder().readOnly().build()) {
            assertThat(reader.size()).isZero();
            writer.addAll(entries(0, 10));
            writer.remove(List.of("id 1"));

            assertThat(reader.size()).isZero();
            assertThat(reader.refresh()).isTrue();
            assertThat(reader.size()).isEqualTo(9);
            assertThat(reader.snapshotId()).isEqualTo(writer.snapshotId());
            assertThat(reader.refresh()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> reader.addAll(entries(0, 1)))
                    .withMessage("the lexical index was opened for reading; open it without readOnly() to change it");
        }
    }

    @Test
    void anotherLanguageIsRefused() {
        write();

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> builder().language(Locale.GERMAN).build())
                .withMessage("Opening the lexical index in " + directory
                        + " found texts that were analysed with 'language any' but 'language de' was asked for; open"
                        + " it with the language it was made with, or index the texts anew");
    }

    @Test
    void searchersSeeWholeBatchesWhileWritersWrite() throws Exception {
        int each = 20;
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> failures = new ArrayList<>();
        try (LexicalIndex index = open()) {
            index.addAll(generation(0, each));
            List<Thread> searchers = IntStream.range(0, 3)
                    .mapToObj(i -> new Thread(() -> {
                        while (!done.get()) {
                            LexicalSearchResult result = index.search(LexicalQuery.of("word", 10 * each));
                            assertThat(result.matches()).hasSize(each);
                            assertThat(result.matches())
                                    .extracting(
                                            match -> match.segment().metadata().getInteger("generation"))
                                    .containsOnly(result.matches()
                                            .get(0)
                                            .segment()
                                            .metadata()
                                            .getInteger("generation"));
                        }
                    }))
                    .toList();
            searchers.forEach(thread -> {
                thread.setUncaughtExceptionHandler((any, failure) -> failures.add(failure));
                thread.start();
            });
            for (int generation = 1; generation <= 60; generation++) {
                index.addAll(generation(generation, each));
            }
            done.set(true);
            for (Thread thread : searchers) {
                thread.join();
            }
        }
        assertThat(failures).isEmpty();
    }

    private static List<LexicalEntry> generation(int generation, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new LexicalEntry(
                        "id " + i, TextSegment.from("word", new Metadata().put("generation", generation))))
                .toList();
    }

    private void write() {
        try (LexicalIndex index = open()) {
            index.addAll(entries(0, 30));
            index.addAll(entries(30, 60));
            index.remove(List.of("id 0", "id 1", "id 31", "id 32", "id 33"));
        }
    }

    private static List<LexicalEntry> entries(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> LexicalEntry.of("id " + i, "some text with word" + i))
                .toList();
    }

    private LexicalIndex.Builder builder() {
        return LexicalIndex.builder().directory(directory);
    }

    private LexicalIndex open() {
        return builder().build();
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith("write.lock")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
