package dev.llmlifecycle.samples.benchmarks;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import dev.llmlifecycle.core.prompt.RefreshedPromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.InMemoryReleaseStore;
import dev.llmlifecycle.core.release.RefreshedReleaseStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a question asks for first, answered from memory: where its label points, and the version that has a label. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResolveBenchmark {

    private static final String PROMPT = "support-answer";
    private static final int VERSIONS = 100;

    private final RefreshedPromptRegistry prompts = RefreshedPromptRegistry.builder(
                    InMemoryPromptRegistry.builder().build())
            .build();
    private final RefreshedReleaseStore releases = RefreshedReleaseStore.builder(new InMemoryReleaseStore())
            .prompts(prompts)
            .build();

    /** Registers versions, and points both labels to the last. */
    @Setup(Level.Trial)
    public void fill() {
        for (int i = 0; i < VERSIONS; i++) {
            prompts.register(
                    ChatPromptTemplate.builder(PROMPT)
                            .system("Answer in " + i + " words.")
                            .user("{{question}}")
                            .build(),
                    "ada",
                    "text " + i);
        }
        prompts.label(PROMPT, "reviewed", VERSIONS);
        Release release = Release.builder(
                        Identity.of("model", "1"),
                        prompts.find(PROMPT, VERSIONS).orElseThrow().pin())
                .build();
        Deployments.builder(releases).build().promote("production", release, "ada", "first");
    }

    /**
     * Finds where a deployment label points.
     *
     * @return the deployment
     */
    @Benchmark
    public Optional<Deployment> deployment() {
        return releases.deployment("production");
    }

    /**
     * Finds the version that has a label of its authors.
     *
     * @return the version
     */
    @Benchmark
    public Optional<PromptVersion> labelled() {
        return prompts.labelled(PROMPT, "reviewed");
    }

    /** Ends the refreshing. */
    @TearDown(Level.Trial)
    public void close() {
        releases.close();
        prompts.close();
    }
}
