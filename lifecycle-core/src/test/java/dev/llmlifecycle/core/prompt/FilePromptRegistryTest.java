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
import java.util.Optional;
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

        assertThat(Files.readString(file("0001.json"))).isEqualTo("""
                        {
                          "author": "ada",
                          "createdAt": "2026-01-31T12:00:00Z",
                          "format": 1,
                          "hash": "%s",
                          "message": "first",
                          "number": 1,
                          "template": {
                            "name": "support-answer",
                            "parameters": {},
                            "parts": [
                              {
                                "role": "SYSTEM",
                                "template": "Be kind."
                              },
                              {
                                "role": "USER",
                                "template": "{{question}}"
                              }
                            ],
                            "type": "chat-prompt-template",
                            "variables": []
                          },
                          "type": "prompt-version"
                        }
                        """.formatted(version.hash()));
        assertThat(Files.readString(file("labels.json"))).isEqualTo("""
                        {
                          "format": 1,
                          "labels": {
                            "draft": {
                              "hash": "%1$s",
                              "number": 1
                            },
                            "reviewed": {
                              "hash": "%1$s",
                              "number": 1
                            }
                          }
                        }
                        """.formatted(version.hash()));
        try (Stream<Path> files = Files.list(prompts().resolve(NAME))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("0001.json", "labels.json");
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
        String second = Files.readString(file("0002.json"));
        Files.writeString(file("0002.json"), second.replace("two", "twö"));

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 2))
                .withMessageStartingWith(file("0002.json") + ", the whole file: the content has the hash ")
                .withMessageEndingWith("as recorded; restore the file from version control or a backup");
        assertThat(registry.find(NAME, 1)).contains(first);
        assertThat(registry.find(NAME, 3)).contains(third);
        assertThat(registry.history(NAME)).containsExactly(first, third);
        assertThat(registry.register(template("four"), "ada", "fourth").number())
                .isEqualTo(4);

        Files.writeString(file("0002.json"), second);
        assertThat(registry.history(NAME)).hasSize(4);
    }

    @Test
    void takesNoVersionThatIsCutAtAnyByte() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("é"), "ada", "first");
        byte[] whole = Files.readAllBytes(file("0001.json"));
        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file("0001.json"), Arrays.copyOf(whole, length));

            assertThatExceptionOfType(DamagedDataException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> registry.find(NAME, 1));
        }
        Files.write(file("0001.json"), Arrays.copyOf(whole, whole.length - 1));
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
                temporary.resolve("other").resolve(NAME).resolve("0001.json"),
                file("0001.json"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 2))
                .withMessageContaining("0002.json, the whole file: it follows another version");
    }

    @Test
    void seesFilesThatAreMissingMovedOrOfAnotherFormat() throws IOException {
        FilePromptRegistry registry = registry();
        registry.register(template("one"), "ada", "first");
        PromptVersion second = registry.register(template("two"), "ada", "second");
        String whole = Files.readString(file("0001.json"));

        Files.delete(file("0001.json"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("0001.json, the whole file: the file is missing");
        assertThat(registry.find(NAME, 2)).contains(second);

        Files.copy(file("0002.json"), file("0001.json"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("it holds version 2 of prompt 'support-answer'");

        Files.writeString(file("0001.json"), whole.replace("\"format\": 1", "\"format\": 2"));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("it has the format 2 and this version of the library reads up to 1");
        Files.delete(file("0001.json"));
        Files.createDirectory(file("0001.json"));
        assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> registry.find(NAME, 1));
    }

    @Test
    void refusesAChainThatIsBrokenAtItsEnds() throws IOException {
        FilePromptRegistry registry = registry();
        PromptVersion first = registry.register(template("one"), "ada", "first");
        Files.writeString(
                file("0001.json"),
                PromptFiles.write(new PromptVersion(
                        first.template(), 1, Optional.of(first.hash()), "ada", "first", CLOCK.instant())));
        Files.writeString(
                file("0002.json"),
                PromptFiles.write(
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
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        prompts().toString(),
                        Integer.toString(each))
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("output").toFile())
                .start();
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

    /** What the other process runs. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) {
            FilePromptRegistry registry =
                    FilePromptRegistry.builder(Path.of(arguments[0])).build();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                registry.register(template("there/" + i), "bob", "change");
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
