package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.contract.PromptRegistryContract;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.InterProcessLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class FilePromptRegistryTest extends PromptRegistryContract {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    private static final String NAME = "support-answer";
    private static final String FIRST = "0001.prompt.md";
    private static final String SECOND = "0002.prompt.md";

    @TempDir
    private Path temporary;

    @Override
    protected PromptRegistry create() {
        return registry();
    }

    @Override
    protected Optional<PromptRegistry> reopen() {
        return Optional.of(registry());
    }

    @Test
    void writesOneReadableFileForEachVersionAndOneForTheLabels() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion version = registry.register(template("Be kind."), "ada", "first");
        registry.label(NAME, "reviewed", 1);
        registry.label(NAME, "draft", 1);

        assertThat(Files.readString(file(FIRST))).isEqualTo("""
                        ---
                        format: 2
                        name: support-answer
                        number: 1
                        author: ada
                        message: first
                        createdAt: 2026-01-31T12:00:00Z
                        hash: %s
                        ---
                        === system ===
                        Be kind.

                        === user ===
                        {{question}}
                        """.formatted(version.hash()));
        assertThat(Files.readString(file("labels.json"))).isEqualTo("""
                        {
                          "format": 1,
                          "labels": {
                            "draft": {"number": 1, "hash": "%1$s"},
                            "reviewed": {"number": 1, "hash": "%1$s"}
                          }
                        }
                        """.formatted(version.hash()));
        try (Stream<Path> files = Files.list(prompts().resolve(NAME))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(FIRST, "labels.json");
        }
    }

    @Test
    void createsNothingBeforeTheFirstRegistration() {
        FilePromptRegistry registry = registry();
        registry.names();
        registry.find(NAME, 1);

        assertThat(prompts()).doesNotExist();
    }

    @Test
    void refusesAFileWhereADirectoryShouldBe() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> FilePromptRegistry.builder(file).build())
                .withMessage("Opening the prompt registry " + file + " failed: it is a file; name a directory");
    }

    @Test
    void losesADamagedVersionAloneAndNamesItsFile() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        registry.register(template("two"), "ada", "second");
        PromptVersion third = registry.register(template("three"), "ada", "third");
        String second = Files.readString(file(SECOND));
        Files.writeString(file(SECOND), second.replace("two", "twö"));

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 2))
                .withMessageStartingWith(file(SECOND) + ", the whole file: the content has the hash ")
                .withMessageEndingWith("as recorded; restore the file from version control or a backup");
        assertThat(registry.find(NAME, 1)).contains(first);
        assertThat(registry.find(NAME, 3)).contains(third);
        assertThat(registry.history(NAME)).containsExactly(first, third);
        assertThat(registry.register(template("four"), "ada", "fourth").number())
                .isEqualTo(4);

        Files.writeString(file(SECOND), second);
        assertThat(registry.history(NAME)).hasSize(4);
    }

    @Test
    void takesNoVersionThatIsCutAtAnyByte() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("é"), "ada", "first");
        byte[] whole = Files.readAllBytes(file(FIRST));
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file(FIRST), Arrays.copyOf(whole, length));

            assertThatExceptionOfType(DamagedDataException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> registry.find(NAME, 1));
        }
        Files.write(file(FIRST), Arrays.copyOf(whole, whole.length - 1));
        assertThat(registry.find(NAME, 1)).contains(first);
    }

    @Test
    void seesAVersionThatFollowsAnotherOneThanTheFileBefore() throws IOException {
        FilePromptRegistry registry = registry();
        registry.register(template("one"), "ada", "first");
        registry.register(template("two"), "ada", "second");
        FilePromptRegistry other = FilePromptRegistry.builder(temporary.resolve("other"))
                .clock(CLOCK)
                .build();
        other.register(template("another"), "eve", "first");
        Files.copy(
                temporary.resolve("other").resolve(NAME).resolve(FIRST),
                file(FIRST),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 2))
                .withMessageContaining(SECOND + ", the whole file: it follows another version");
    }

    @Test
    void seesFilesThatAreMissingMovedOrOfAnotherFormat() throws IOException {
        FilePromptRegistry registry = registry();
        registry.register(template("one"), "ada", "first");
        PromptVersion second = registry.register(template("two"), "ada", "second");
        String whole = Files.readString(file(FIRST));

        Files.delete(file(FIRST));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining(FIRST + ", the whole file: the file is missing");
        assertThat(registry.find(NAME, 2)).contains(second);

        Files.copy(file(SECOND), file(FIRST));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("it holds version 2 of prompt 'support-answer'");

        Files.writeString(file(FIRST), whole.replace("format: 2", "format: 3"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("it has the format 3 and this version of the library reads up to 2");
        Files.delete(file(FIRST));
        Files.createDirectory(file(FIRST));
        assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> registry.find(NAME, 1));
    }

    @Test
    void refusesAChainThatIsBrokenAtItsEnds() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        Files.writeString(
                file(FIRST),
                PromptText.write(new PromptVersion(
                        first.template(), 1, Optional.of(first.hash()), "ada", "first", CLOCK.instant())));
        Files.writeString(
                file(SECOND),
                PromptText.write(
                        new PromptVersion(first.template(), 2, Optional.empty(), "ada", "second", CLOCK.instant())));

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("the first version names a version before it");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 2))
                .withMessageContaining("it does not name the version before it");
    }

    @Test
    void seesLabelsThatAreDamagedOrPointToAVersionThatWasChanged() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        registry.label(NAME, "reviewed", 1);
        String labels = Files.readString(file("labels.json"));

        Files.writeString(
                file("labels.json"),
                labels.replace(first.hash().hex(), first.template().hash().hex()));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.labelled(NAME, "reviewed"))
                .withMessageContaining("the label 'reviewed' is on a version 1 that is not there or was changed");

        Files.writeString(file("labels.json"), labels.substring(0, labels.length() / 2));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.labelled(NAME, "reviewed"))
                .withMessageContaining("labels.json, the whole file: it is not valid JSON");
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> registry.label(NAME, "draft", 1));
        assertThat(registry.find(NAME, 1)).contains(first);
    }

    @Test
    void readsVersionsOfTheFormatBeforeAndWritesTheNextOnesBesideThem() throws Exception {
        Path old = Path.of(FilePromptRegistryTest.class.getResource("format-1").toURI());
        Files.createDirectories(prompts().resolve(NAME));
        try (Stream<Path> files = Files.list(old.resolve(NAME))) {
            for (Path file : files.toList()) {
                Files.copy(file, file(file.getFileName().toString()));
            }
        }
        FilePromptRegistry registry = registry();

        assertThat(registry.history(NAME)).extracting(PromptVersion::number).containsExactly(1, 2);
        assertThat(registry.labels(NAME)).containsExactly(Map.entry("draft", 2), Map.entry("reviewed", 1));
        PromptVersion second = registry.labelled(NAME, "draft").orElseThrow();
        assertThat(second.template().outputSchema()).contains("{\"type\": \"object\"}");

        PromptVersion third = registry.register(second.template(), "bob", "tagged", Set.of("v2"));
        registry.label(NAME, "draft", 3);

        assertThat(third.number()).isEqualTo(3);
        assertThat(third.parent()).contains(second.hash());
        assertThat(file("0003.prompt.md")).exists();
        assertThat(file("0003.json")).doesNotExist();
        assertThat(registry.labelled(NAME, "draft")).contains(third);
        assertThat(registry.verify()).isEmpty();

        Files.copy(file("0003.prompt.md"), file(SECOND));
        assertThat(registry.verify())
                .extracting(FilePromptRegistry.Damage::file)
                .contains(file("0002.json"));
    }

    @Test
    void verifiesEveryVersionTheChainsAndTheLabels() throws IOException {
        FilePromptRegistry registry = registry();
        for (String text : List.of("one", "two", "three", "four", "five")) {
            registry.register(template(text), "ada", "change");
        }
        registry.register(ChatPromptTemplate.builder("other").user("Hello").build(), "ada", "first");
        registry.label(NAME, "draft", 5);
        registry.label("other", "draft", 1);
        assertThat(registry.verify()).isEmpty();

        Files.writeString(file(SECOND), Files.readString(file(SECOND)).replace("two", "2"));
        Files.delete(file("0004.prompt.md"));
        Files.writeString(file("0005.prompt.md"), "not a prompt");
        Files.writeString(prompts().resolve("other").resolve("labels.json"), "{");

        assertThat(registry.verify())
                .extracting(damage -> prompts().relativize(damage.file()).toString())
                .containsExactly(
                        "other/labels.json",
                        NAME + "/" + SECOND,
                        NAME + "/0004.prompt.md",
                        NAME + "/0005.prompt.md",
                        NAME + "/labels.json");
        assertThat(registry.verify().get(3))
                .hasToString(file("0005.prompt.md") + ", line 1: the file does not begin with a line of three hyphens;"
                        + " write front matter first; restore the file from version control or a backup");
        assertThat(registry.history(NAME)).extracting(PromptVersion::number).containsExactly(1, 3);
    }

    @Test
    void changesOneLineOfTheFileWhereOneLineOfAMessageChanged() throws IOException {
        FilePromptRegistry registry = registry();
        registry.register(template("one\ntwo\nthree"), "ada", "first");
        registry.register(template("one\n2\nthree"), "ada", "second");

        List<String> before = Files.readAllLines(file(FIRST));
        List<String> after = new ArrayList<>(Files.readAllLines(file(SECOND)));
        assertThat(after)
                .contains("2")
                .filteredOn(line -> !before.contains(line))
                .hasSize(5);
        after.removeAll(before);
        assertThat(after)
                .extracting(line -> line.split(":", 2)[0])
                .containsExactly("number", "message", "parent", "hash", "2");
    }

    @Test
    void readsFilesThatVersionControlGaveOtherLineEnds() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("one\r\ntwo \nthree\n"), "ada", "first");

        Files.writeString(file(FIRST), Files.readString(file(FIRST)).replace("\n", "\r\n"));

        assertThat(registry.find(NAME, 1)).contains(first);
    }

    @Test
    void keepsWhatItAcknowledgedWhenAProcessIsKilled() throws Exception {
        Process other = writer(Integer.toString(Integer.MAX_VALUE));
        FilePromptRegistry registry = registry();
        List<Integer> acknowledged = new ArrayList<>();
        try {
            while (other.isAlive() && registry.history(NAME).size() < 5) {
                acknowledged.add(registry.register(template("here/" + acknowledged.size()), "ada", "change")
                        .number());
            }
        } finally {
            other.destroyForcibly();
        }
        other.waitFor(60, TimeUnit.SECONDS);
        try (Stream<String> lines = Files.lines(temporary.resolve("output"))) {
            lines.filter(line -> line.matches("[0-9]+ "))
                    .forEach(line -> acknowledged.add(Integer.valueOf(line.strip())));
        }

        assertThat(registry.verify()).isEmpty();
        assertThat(registry.history(NAME)).extracting(PromptVersion::number).containsAll(acknowledged);
        assertThat(registry.register(template("after"), "ada", "after").number())
                .isEqualTo(registry.history(NAME).size());
    }

    @Test
    void ignoresFilesThatAreNotItsOwn() throws IOException {
        FilePromptRegistry registry = registry();
        registry.register(template("one"), "ada", "first");
        Files.writeString(file("README.md"), "notes");
        Files.writeString(file(".0002.json.1-1-1.tmp"), "{");
        Files.writeString(file("2.json"), "{}");
        Files.createDirectories(prompts().resolve("empty"));
        Files.createDirectories(prompts().resolve(".git"));

        assertThat(registry.names()).containsExactly(NAME);
        assertThat(registry.history(NAME)).hasSize(1);
    }

    @Test
    void refusesATemplateThatCannotBeRendered() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry().register(template("{{qestion}}"), "ada", "first"));

        assertThat(prompts()).doesNotExist();
    }

    @Test
    void saysWhoIsInTheWayWhenTheLockIsHeld() {
        FilePromptRegistry registry = FilePromptRegistry.builder(prompts())
                .lockTimeout(Duration.ofMillis(20))
                .build();
        registry.register(template("one"), "ada", "first");
        InterProcessLock other = InterProcessLock.tryAcquire(prompts().resolve(".lock"), Duration.ZERO)
                .orElseThrow();
        try {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> registry.register(template("two"), "ada", "second"))
                    .withMessage("Locking " + prompts().resolve(".lock") + " took longer than PT0.02S; another process"
                            + " holds it: wait for it, or raise lockTimeout");
        } finally {
            other.close();
        }
        assertThat(registry.register(template("two"), "ada", "second").number()).isEqualTo(2);
    }

    @Test
    void sharesNoNumberBetweenTwoRegistriesOnOneDirectory() throws Exception {
        List<FilePromptRegistry> registries = List.of(registry(), registry());
        int threads = 6;
        int each = 5;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Integer>>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                futures.add(executor.submit(() -> IntStream.range(0, each)
                        .map(i -> registries
                                .get(number % 2)
                                .register(template(number + "/" + i), "ada", "change")
                                .number())
                        .boxed()
                        .toList()));
            }
            List<Integer> numbers = new ArrayList<>();
            for (Future<List<Integer>> future : futures) {
                numbers.addAll(future.get(60, TimeUnit.SECONDS));
            }
            assertThat(numbers)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, threads * each).boxed().toList());
        } finally {
            executor.shutdownNow();
        }
        assertThat(registry().history(NAME)).hasSize(threads * each);
    }

    @Test
    void sharesNoNumberWithAnotherProcess() throws Exception {
        int each = 10;
        Process other = writer(Integer.toString(each));
        try {
            FilePromptRegistry registry = registry();
            while (other.isAlive() && registry.history(NAME).isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            for (int i = 0; i < each; i++) {
                registry.register(template("here/" + i), "ada", "change");
            }
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.exitValue())
                    .as(Files.readString(temporary.resolve("output")))
                    .isZero();
            assertThat(registry.history(NAME)).hasSize(2 * each);
        } finally {
            other.destroyForcibly();
        }
    }

    private Process writer(String versions) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        prompts().toString(),
                        versions)
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
    }

    /** What the other process runs. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) {
            FilePromptRegistry registry =
                    FilePromptRegistry.builder(Path.of(arguments[0])).build();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                int number = registry.register(template("there/" + i), "bob", "change")
                        .number();
                System.out.println(number + " ");
            }
        }
    }

    private FilePromptRegistry registry() {
        return FilePromptRegistry.builder(prompts()).clock(CLOCK).build();
    }

    private Path prompts() {
        return temporary.resolve("prompts");
    }

    private Path file(String name) {
        return prompts().resolve(NAME).resolve(name);
    }

    private static ChatPromptTemplate template(String system) {
        return ChatPromptTemplate.builder(NAME)
                .system(system)
                .user("{{question}}")
                .build();
    }
}
