package dev.llmlifecycle.core.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.release.FileReleaseStore;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Two processes that write the same prompts, labels and deployments are killed. */
@NullMarked
class RegistryFaultTest {

    /** The profile {@code faults} sets 200. */
    private static final int KILLS = Integer.getInteger("kills", 3);

    private static final int KILLS_IN_ONE_DIRECTORY = 5;
    private static final int LONGEST_LIFE_MILLIS = 400;

    @TempDir
    Path temporary;

    @Test
    void nothingAcknowledgedIsLostAndAllIsReadable() throws Exception {
        SplittableRandom random = new SplittableRandom(20_261_125);
        Acknowledged acknowledged = new Acknowledged();
        for (int kill = 0; kill < KILLS; kill++) {
            if (kill % KILLS_IN_ONE_DIRECTORY == 0) {
                acknowledged = new Acknowledged();
            }
            Path directory = temporary.resolve("store-" + kill / KILLS_IN_ONE_DIRECTORY);
            try (Writer ada = new Writer(directory, "ada");
                    Writer ben = new Writer(directory, "ben")) {
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                ada.kill();
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS / 4));
                ben.kill();
                acknowledged.read(ada);
                acknowledged.read(ben);
            }
            acknowledged.check(directory, "kill " + kill);
        }
    }

    @Test
    void aVersionThatTheDiskHasNoRoomForIsRefusedAndTheOthersStay() throws Exception {
        Path shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell), "this system has no /bin/sh that limits the size of files");
        Path directory = temporary.resolve("full");
        Process process = new ProcessBuilder(
                        shell.toString(),
                        "-c",
                        "ulimit -f 16; exec \"$@\"", // 16 blocks of 512 or 1024 bytes
                        "limited",
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:-UsePerfData",
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        FullDiskWriter.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();

        assertThat(output.lines().filter(line -> !line.startsWith("SLF4J")))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("registered 10"),
                        second -> assertThat(second)
                                .startsWith("Writing ")
                                .contains(" failed")
                                .contains("; check"),
                        third -> assertThat(third).isEqualTo("registered 20"));
        FilePromptRegistry prompts = FilePromptRegistry.builder(directory).build();
        assertThat(prompts.verify()).isEmpty();
        assertThat(prompts.history(RegistryWriter.PROMPT))
                .extracting(PromptVersion::message)
                .containsExactly("of 10", "of 20");
        try (Stream<Path> files = Files.list(directory.resolve(RegistryWriter.PROMPT))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("nothing half-written stays")
                    .containsExactlyInAnyOrder("0001.prompt.md", "0002.prompt.md");
        }
    }

    /** What the writers were told is done. */
    private static final class Acknowledged {

        private final Map<Integer, String> versions = new HashMap<>();
        private final Map<Long, String> moves = new HashMap<>();
        private final Map<String, Integer> labels = new HashMap<>();

        void read(Writer writer) throws IOException {
            for (String line : writer.lines()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "version" ->
                        assertThat(versions.put(Integer.parseInt(words[1]), words[2]))
                                .as("version %s acknowledged before", words[1])
                                .isNull();
                    case "label" -> labels.put(writer.name, Integer.parseInt(words[1]));
                    case "move" ->
                        assertThat(moves.put(Long.parseLong(words[1]), words[2]))
                                .as("move %s acknowledged before", words[1])
                                .isNull();
                    default -> throw new AssertionError("the writer failed: " + line);
                }
            }
        }

        void check(Path directory, String as) {
            FilePromptRegistry prompts =
                    FilePromptRegistry.builder(directory.resolve("prompts")).build();
            List<PromptVersion> history = prompts.history(RegistryWriter.PROMPT);
            assertThat(history)
                    .as(as)
                    .extracting(PromptVersion::number)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, history.size()).boxed().toList());
            versions.forEach((number, hash) ->
                    assertThat(history.get(number - 1).hash().hex()).as(as).isEqualTo(hash));
            labels.forEach((label, number) -> assertThat(
                            prompts.labelled(RegistryWriter.PROMPT, label).orElseThrow())
                    .as(as)
                    .extracting(PromptVersion::number)
                    // One that was not acknowledged may stand after the one that was.
                    .matches(standing -> standing >= number));

            FileReleaseStore releases =
                    FileReleaseStore.builder(directory.resolve("releases")).build();
            List<JournalEntry> journal = releases.journal();
            moves.forEach((revision, release) -> assertThat(journal.get(Math.toIntExact(revision - 1))
                            .deployment()
                            .orElseThrow()
                            .release()
                            .hex())
                    .as(as)
                    .isEqualTo(release));
            journal.forEach(entry -> assertThat(
                            releases.find(entry.deployment().orElseThrow().release()))
                    .as(as)
                    .isPresent());
        }
    }

    private static final class Writer implements AutoCloseable {

        private final String name;
        private final Process process;
        private final Path output;

        Writer(Path directory, String name) throws IOException, InterruptedException {
            this.name = name;
            Files.createDirectories(directory);
            output = directory.resolve(name + ".out");
            Files.writeString(output, "");
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            classPath,
                            RegistryWriter.class.getName(),
                            directory.toString(),
                            name)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            while (lines().isEmpty() && process.isAlive()) {
                Thread.sleep(5);
            }
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /** Returns the lines that the kill did not cut short. */
        List<String> lines() throws IOException {
            String text = Files.readString(output);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
