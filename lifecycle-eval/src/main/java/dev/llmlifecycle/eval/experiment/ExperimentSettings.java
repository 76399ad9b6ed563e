package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.eval.metric.Metric;

/** What a run needs to know. The baseline is the first arm, the candidate the second. */
record ExperimentSettings(
        Dataset dataset,
        VerdictPolicy policy,
        List<Arm> arms,
        List<Metric> metrics,
        int repeats,
        long seed,
        int concurrency,
        Optional<Duration> timeout,
        int retries,
        Duration retryPause,
        SpendingCap cap,
        double maxFailedShare,
        Clock clock,
        Consumer<ExperimentProgress> progress) {

    RunHeader header() {
        return new RunHeader(dataset, policy, arms, repeats, seed);
    }

    /** Returns how many answers each arm is to give. */
    int callsPerArm() {
        return Math.multiplyExact(dataset.size(), repeats);
    }
}
