package dev.llmlifecycle.core.monitoring;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class JsonLinesInteractionLogTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456789Z");

    @TempDir
    private Path temporary;

    @Test
    void keepsEveryFieldOfAnInteraction() {
        Interaction everything = everything();
        try (JsonLinesInteractionLog log = open()) {
            log.record(everything);
        }

        JsonLinesInteractionLog.Contents contents = JsonLinesInteractionLog.read(file());

        assertThat(contents.damage()).isEmpty();
        assertThat(contents.interactions()).hasSize(1);
        assertThat(contents.interactions().get(0)).isEqualTo(everything);
        Map<String, Object> metadata = contents.interactions()
                .get(0)
                .passages()
                .get(0)
                .segment()
                .metadata()
                .toMap();
        assertThat(metadata)
                .isEqualTo(everything.passages().get(0).segment().metadata().toMap());
    }

    @Test
    void keepsAnInteractionThatHasAlmostNothing() {
        Interaction little = Interaction.builder("i-1", NOON, "?").build();
        try (JsonLinesInteractionLog log = open()) {
            log.record(little);

            assertThat(interactions(log).get(0)).isEqualTo(little);
        }
    }

    @Test
    void keepsFeedbackBesideTheInteractionsInOrder() {
        Feedback up = new Feedback("i-1", Feedback.Rating.UP, Optional.empty(), Optional.empty(), NOON);
        Feedback down = new Feedback(
                "i-2", Feedback.Rating.DOWN, Optional.of("zu lang\n\u2028"), Optional.of("Fünf Tage."), NOON);
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-1"));
            log.record(up);
            log.record(simple("i-2"));
            log.record(down);

            assertThat(JsonLinesInteractionLog.read(file()).feedback()).containsExactly(up, down);
            assertThat(interactions(log)).extracting(Interaction::id).containsExactly("i-1", "i-2");
        }
    }

    @Test
    void writesOneReadableLineForEachRecord() throws IOException {
        try (JsonLinesInteractionLog log = open()) {
            log.record(new Feedback("i-1", Feedback.Rating.UP, Optional.of("ä"), Optional.empty(), NOON));
        }

        assertThat(Files.readString(file()))
                .startsWith("{\"schemaVersion\":1,\"type\":\"feedback\",\"interactionId\":\"i-1\",\"rating\":\"UP\","
                        + "\"reason\":\"ä\",\"at\":\"2026-01-31T12:00:00.123456789Z\",\"crc32c\":\"")
                .matches("(?s).*\"crc32c\":\"[0-9a-f]{8}\"}\n");
    }

    @Test
    void recordsTextThatIsNoTextRatherThanLosingTheInteraction() {
        try (JsonLinesInteractionLog log = open()) {
            log.record(Interaction.builder("i-1", NOON, "half a pair \ud83d").build());

            assertThat(interactions(log)).extracting(Interaction::question).containsExactly("half a pair ?");
            assertThat(log.damage()).isEmpty();
        }
    }

    @Test
    void survivesACrashAtEveryByteOfTheLastRecord() throws IOException {
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-1"));
        }
        int first = (int) Files.size(file());
        try (JsonLinesInteractionLog log = open()) {
            log.record(everything());
        }
        byte[] whole = Files.readAllBytes(file());

        for (int length = first; length <= whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            int expected = length >= whole.length - 1 ? 2 : 1;
            JsonLinesInteractionLog.Contents cut = JsonLinesInteractionLog.read(file());
            assertThat(cut.interactions()).as("%d bytes", length).hasSize(expected);
            assertThat(cut.damage()).as("%d bytes", length).isEmpty();
            try (JsonLinesInteractionLog log = open()) {
                log.record(simple("i-3"));
                assertThat(interactions(log)).as("%d bytes", length).hasSize(expected + 1);
                assertThat(log.damage()).as("%d bytes", length).isEmpty();
            }
        }
    }

    @Test
    void survivesACrashAtEveryByteOfTheFirstRecord() throws IOException {
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-1"));
        }
        byte[] whole = Files.readAllBytes(file());

        for (int length = 0; length < whole.length - 1; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            try (JsonLinesInteractionLog log = open()) {
                assertThat(interactions(log)).as("%d bytes", length).isEmpty();
                log.record(simple("i-1"));
            }
            assertThat(Files.readAllBytes(file())).isEqualTo(whole);
        }
    }

    @Test
    void removesATornLineThatIsLongerThanABlock() throws IOException {
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-1"));
            log.record(Interaction.builder("i-2", NOON, "x".repeat(200_000)).build());
        }
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length - 10));

        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-3"));
            assertThat(interactions(log)).extracting(Interaction::id).containsExactly("i-1", "i-3");
        }
    }

    @Test
    void skipsADamagedLineNamesItAndLosesNothingElse() throws IOException {
        try (JsonLinesInteractionLog log = open()) {
            for (int i = 1; i <= 4; i++) {
                log.record(simple("i-" + i));
            }
        }
        byte[] whole = Files.readAllBytes(file());
        int second = new String(whole, StandardCharsets.UTF_8).indexOf("i-2");
        for (int flipped = 0; flipped < 8; flipped++) {
            byte[] damaged = whole.clone();
            damaged[second] ^= (byte) (1 << flipped);
            Files.write(file(), damaged);

            JsonLinesInteractionLog.Contents contents = JsonLinesInteractionLog.read(file());
            assertThat(contents.damage()).extracting(Damage::line).containsExactly(2L);
            assertThat(contents.interactions()).extracting(Interaction::id).containsExactly("i-1", "i-3", "i-4");
        }
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-5"));
            assertThat(log.damage()).extracting(Damage::line).containsExactly(2L);
            assertThat(interactions(log)).hasSize(4);
        }
    }

    @Test
    void readsWhatItKnowsOfLinesThatANewerVersionWrote() throws IOException {
        write(
                checked("{\"schemaVersion\":7,\"type\":\"interaction\",\"id\":\"i-1\",\"startedAt\":\"" + NOON
                        + "\",\"question\":\"q\",\"mood\":{\"a\":[1]},\"outcome\":\"answered\",\"answer\":\"a\","
                        + "\"inputTokens\":1,\"outputTokens\":2,\"duration\":\"PT1S\""),
                checked("{\"schemaVersion\":7,\"type\":\"weather\",\"sun\":true"),
                checked("{\"schemaVersion\":7,\"type\":\"feedback\",\"interactionId\":\"i-1\",\"rating\":\"SIDEWAYS\","
                        + "\"at\":\"" + NOON + "\""),
                checked("{\"schemaVersion\":1,\"type\":\"feedback\",\"interactionId\":\"i-1\",\"rating\":\"UP\","
                        + "\"at\":\"" + NOON + "\""));

        JsonLinesInteractionLog.Contents contents = JsonLinesInteractionLog.read(file());

        assertThat(contents.interactions()).extracting(Interaction::id).containsExactly("i-1");
        assertThat(contents.feedback()).hasSize(1);
        assertThat(contents.damage()).extracting(Damage::line).containsExactly(3L);
    }

    @Test
    void readsFindingsOfLinesFromBeforeTheyHadConfidenceAndOfRemediesThatItDoesNotKnow() throws IOException {
        String finding =
                "{\"validator\":\"v\",\"code\":\"c\",\"severity\":\"ERROR\",\"message\":\"m\",\"start\":0,\"end\":2";
        write(checked("{\"schemaVersion\":1,\"type\":\"interaction\",\"id\":\"i-1\",\"startedAt\":\"" + NOON
                + "\",\"question\":\"q\",\"outcome\":\"answered\",\"answer\":\"a\",\"findings\":[" + finding + "},"
                + finding + ",\"remedy\":{\"kind\":\"dance\",\"tempo\":3}}],"
                + "\"inputTokens\":1,\"outputTokens\":2,\"duration\":\"PT1S\""));

        Finding plain = new Finding("v", "c", Finding.Severity.ERROR, "m", Optional.of(new TextSpan(0, 2)));
        assertThat(JsonLinesInteractionLog.read(file()).interactions())
                .singleElement()
                .satisfies(interaction -> assertThat(interaction.findings()).containsExactly(plain, plain));
    }

    @Test
    void hasOneWriterAtATime() {
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-1"));

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(this::open)
                    .withMessage("Opening the interaction log " + file() + " failed: another writer, in this process or"
                            + " another, has it open; close that one, or give each its own file");
            assertThat(JsonLinesInteractionLog.read(file()).interactions()).hasSize(1);
        }
        open().close();
    }

    @Test
    void hasOneWriterAmongProcesses() throws Exception {
        try (JsonLinesInteractionLog log = open()) {
            log.record(simple("i-1"));
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Opener.class.getName(),
                            file().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(temporary.resolve("output").toFile())
                    .start();
            try {
                assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(other.exitValue())
                        .as(Files.readString(temporary.resolve("output")))
                        .isEqualTo(3);
            } finally {
                other.destroyForcibly();
            }
        }
    }

    @Test
    void cutsNoFileOfAnotherKind() throws IOException {
        Files.createDirectories(temporary.resolve("log"));
        Files.writeString(file(), "my notes\nwithout an end");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(this::open)
                .withMessage(
                        "Opening " + file() + " failed: it does not begin as a file of this kind does; name another"
                                + " file, or move this one away");
        assertThat(file()).hasContent("my notes\nwithout an end");
    }

    @Test
    void refusesALineThatIsTooLong() {
        try (JsonLinesInteractionLog log =
                JsonLinesInteractionLog.builder(file()).maxLineBytes(2000).build()) {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> log.record(
                            Interaction.builder("i-1", NOON, "x".repeat(3000)).build()))
                    .withMessageStartingWith("Recording interaction i-1 in " + file() + " failed: it has 3")
                    .withMessageEndingWith(" bytes and a line may have 2000; raise maxLineBytes or record less");
            log.record(simple("i-2"));
            assertThat(interactions(log)).hasSize(1);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonLinesInteractionLog.builder(file()).maxLineBytes(10));
    }

    @Test
    void namesALineThatIsLongerThanTheReaderTakes() {
        try (JsonLinesInteractionLog log = open()) {
            log.record(Interaction.builder("i-1", NOON, "x".repeat(3000)).build());
            log.record(simple("i-2"));
        }
        try (JsonLinesInteractionLog log =
                JsonLinesInteractionLog.builder(file()).maxLineBytes(2000).build()) {
            assertThat(log.damage()).extracting(Damage::line).containsExactly(1L);
            assertThat(interactions(log)).extracting(Interaction::id).containsExactly("i-2");
        }
    }

    @Test
    void isOfNoUseAfterItIsClosed() {
        JsonLinesInteractionLog log = open();
        log.close();
        log.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> log.record(simple("i-1")))
                .withMessage("the interaction log " + file() + " is closed; build a new one");
        assertThatIllegalStateException().isThrownBy(log::read);
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> JsonLinesInteractionLog.read(temporary.resolve("none.jsonl")))
                .withMessage("Reading " + temporary.resolve("none.jsonl") + " failed: there is no such file; check the"
                        + " path");
    }

    @Test
    void losesNothingWhenThreadsRecordAndOneIsInterrupted() throws Exception {
        int threads = 4;
        int each = 50;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(file())
                .fsync(Fsync.eachRecord())
                .build()) {
            List<Future<?>> futures = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                futures.add(executor.submit(() -> IntStream.range(0, each).forEach(i -> {
                    if (number == 0) {
                        Thread.currentThread().interrupt();
                    }
                    log.record(simple(number + "/" + i));
                })));
            }
            for (Future<?> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
            assertThat(interactions(log)).hasSize(threads * each);
            assertThat(log.damage()).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    /** What the other process runs. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] arguments) {
            try (JsonLinesInteractionLog log =
                    JsonLinesInteractionLog.builder(Path.of(arguments[0])).build()) {
                log.record(simple("i-2"));
            } catch (LifecycleException e) {
                System.exit(String.valueOf(e.getMessage()).contains("another writer") ? 3 : 4);
            }
        }
    }

    private static List<Interaction> interactions(JsonLinesInteractionLog log) {
        try (Stream<RecordedInteraction> read = log.read()) {
            return read.map(RecordedInteraction::interaction).toList();
        }
    }

    private JsonLinesInteractionLog open() {
        return JsonLinesInteractionLog.builder(file()).fsync(Fsync.never()).build();
    }

    private Path file() {
        return temporary.resolve("log").resolve("interactions.jsonl");
    }

    private void write(String... lines) throws IOException {
        Files.createDirectories(temporary.resolve("log"));
        Files.writeString(file(), String.join("\n", lines) + "\n");
    }

    private static String checked(String open) {
        CRC32C crc = new CRC32C();
        crc.update(open.getBytes(StandardCharsets.UTF_8));
        return open + String.format(",\"crc32c\":\"%08x\"}", crc.getValue());
    }

    private static Interaction simple(String id) {
        return Interaction.builder(id, NOON, "How long?")
                .outcome("answered", "Five days.")
                .build();
    }

    private static Interaction everything() {
        Metadata metadata = Metadata.from(Map.of("source", "refunds.md", "empty", ""))
                .put("integer", 1)
                .put("long", Long.MAX_VALUE)
                .put("float", 0.1f)
                .put("double", Double.MIN_VALUE)
                .put("infinite", Double.POSITIVE_INFINITY)
                .put("uuid", UUID.fromString("9f3c1b1e-0000-4000-8000-000000000001"));
        return Interaction.builder("i-1", NOON, "Wie lange? \ud83d\ude00 \u2028 \"quoted\" \\ \u0000")
                .standaloneQuestion("Wie lange dauert eine Erstattung?")
                .conversationId(Optional.of("c-1"))
                .user(Optional.of("u-1"))
                .tenant(Optional.of("t-1"))
                .label(Optional.of("production"))
                .release(Hash.ofUtf8("release"))
                .prompt(new PinnedPrompt("support-answer", 2, Hash.ofUtf8("prompt")))
                .retrieval(
                        "snapshot-1",
                        List.of(
                                new Passage("p-1", TextSegment.from("Five days.\n", metadata), 0.1),
                                new Passage("p-2", TextSegment.from("No metadata."), -1e-300)))
                .outcome("answered", "Five days [1].")
                .citations(List.of(new Citation(1, "p-1", "refunds.md")))
                .findings(List.of(
                        new Finding("grounded", "ok", Finding.Severity.INFO, "fine", Optional.empty()),
                        new Finding("length", "long", Finding.Severity.ERROR, "long", Optional.of(new TextSpan(0, 4)))
                                .withConfidence(0.75)
                                .withEvidence("Five days.\n")
                                .withRemedy(new Remedy.Replace("")),
                        Finding.of("json", "broken", Finding.Severity.ERROR, "broken")
                                .withRemedy(new Remedy.Rewrite("{}")),
                        Finding.of("tone", "rude", Finding.Severity.ERROR, "rude")
                                .withRemedy(new Remedy.AskAgain("Be kind")),
                        Finding.of("law", "advice", Finding.Severity.ERROR, "advice")
                                .withRemedy(new Remedy.Refuse("Ask a lawyer"))))
                .tokens(120, 30)
                .cost(Optional.of(new BigDecimal("0.000120")))
                .step(new Step(Step.RETRIEVE, Duration.ofNanos(1_500_001), Map.of("cacheHit", "true")))
                .step(new Step("something-new", Duration.ZERO, Map.of()))
                .duration(Duration.ofMillis(1234))
                .build();
    }
}
