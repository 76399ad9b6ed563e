package dev.llmlifecycle.eval.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmlifecycle.core.internal.ChecksummedLine;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineReader;
import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A run in another process against an endpoint with latency, killed at once (SIGKILL) again and again.
 *
 * <p>In the build a few kills; with {@code -Pfaults} 10,000 calls of 200 ms, 64 in flight, and 20 kills. The figures go
 * to {@code target/killed-run.txt}.
 */
@NullMarked
@Timeout(600)
final class KilledRunTest {

    private static final boolean FULL = Boolean.getBoolean("lifecycle.faults");
    private static final int EXAMPLES = FULL ? 5_000 : 100;
    private static final int CONCURRENCY = FULL ? 64 : 16;
    private static final int KILLS = FULL ? 20 : 3;
    private static final Duration LATENCY = Duration.ofMillis(FULL ? 200 : 50);

    private final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();
    private final Set<String> onDisk = ConcurrentHashMap.newKeySet();
    private final Set<String> askedAgain = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();

    @TempDir
    private Path directory;

    @Test
    void noAnswerThatIsOnTheDiskIsAskedForAgain() throws Exception {
        Path results = directory.resolve("results.jsonl");
        int calls = 2 * EXAMPLES;
        long begin = System.nanoTime();
        try (OpenAiServer server = OpenAiServer.start().answerWith(this::answer)) {
            for (int kill = 1; kill <= KILLS; kill++) {
                // Kills are spread over the run, and fall in the middle of calls.
                int until = calls * kill / (KILLS + 1);
                Process run = start(server, results);
                while (run.isAlive() && count.get() < until) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                assertThat(run.isAlive()).as(output()).isTrue();
                run.destroyForcibly().waitFor();
                onDisk.addAll(answered(results));
            }
            Process last = start(server, results);
            assertThat(last.waitFor()).as(output()).isZero();
            double seconds = (System.nanoTime() - begin) / 1e9;

            ExperimentResult result =
                    KilledRun.experiment(server.baseUrl(), results, EXAMPLES, 1).run();
            int again = count.get() - calls;
            Files.writeString(
                    Path.of("target", "killed-run.txt"),
                    String.format(
                            Locale.ROOT,
                            "%d calls of %s, %d in flight, %d kills: %d asked again although on the disk, %d in flight at a"
                                    + " kill and asked again; %.1f s, ideal %.1f s%n",
                            calls,
                            LATENCY,
                            CONCURRENCY,
                            KILLS,
                            askedAgain.size(),
                            again,
                            seconds,
                            calls * LATENCY.toMillis() / 1e3 / CONCURRENCY));
            assertThat(askedAgain).isEmpty();
            assertThat(arrivals).hasSize(calls);
            assertThat(again).isBetween(0, KILLS * CONCURRENCY);
            assertThat(result.use().asked()).isZero();
            assertThat(result.use().restored()).isEqualTo(calls);
            // The file knows of every call that was lost; some were not sent yet.
            assertThat(result.use().unanswered()).isBetween(again, KILLS * CONCURRENCY);
            assertThat(result.use().spent().calls())
                    .isEqualTo(calls + result.use().unanswered());
            assertThat(result.rows())
                    .allSatisfy(row -> assertThat(row.candidate()).isEqualTo(1));
        }
    }

    private Reply answer(OpenAiServer.Request request) {
        String key = request.model() + " " + request.lastUserText();
        count.incrementAndGet();
        arrivals.computeIfAbsent(key, each -> new AtomicInteger()).incrementAndGet();
        if (onDisk.contains(key)) {
            askedAgain.add(key);
        }
        return new Reply.Text("value" + request.lastUserText().replaceAll("\\D", ""), "stop", LATENCY);
    }

    private Process start(OpenAiServer server, Path results) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRun.class.getName(),
                        server.baseUrl(),
                        results.toString(),
                        Integer.toString(EXAMPLES),
                        Integer.toString(CONCURRENCY))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output"));
    }

    /** Returns the calls whose answers are whole in the file. */
    private static Set<String> answered(Path results) {
        Set<String> answered = new HashSet<>();
        if (Files.exists(results)) {
            try (LineReader lines = LineReader.open(results, 1 << 20)) {
                while (lines.next()) {
                    if (lines.terminated()) {
                        JsonObject line = ChecksummedLine.parse(lines.bytes());
                        if (line.text("type").equals("answer")) {
                            String model = line.text("arm").equals("baseline") ? "small" : "large";
                            answered.add(model + " case " + line.text("example").substring(1));
                        }
                    }
                }
            }
        }
        return answered;
    }
}
