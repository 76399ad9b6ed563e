package dev.llmlifecycle.eval.experiment;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.eval.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of two arms, example by example, on a dataset, by a rule that was declared before.
 *
 * <p>Each arm answers each example, once or several times; each metric says for each answer whether it passes, or
 * scores it; the paired rows give a {@link Verdict} that promotion can recompute. An example on which an arm fails
 * counts as not passed and is listed; if an arm fails on too many, the run throws rather than give a verdict.
 *
 * <pre>{@code
 * ExperimentResult result = Experiment.builder(dataset, VerdictPolicy.builder().metric("correct", 0.1).build())
 *         .baseline(Arm.of("v1", v1.release().hash(), v1::ask))
 *         .candidate(Arm.of("v2", v2.release().hash(), v2::ask))
 *         .metric(Metrics.answersOrAbstains())
 *         .results(Path.of("v2-against-v1.jsonl"))
 *         .build()
 *         .run();
 * result.verdict().conclusion();
 * }</pre>
 *
 * <p>With a file of results every answer is on the disk before its worker asks the next, and a run that ended before
 * its time, in whatever way, goes on from there.
 *
 * <p>Immutable; {@link #run} may be called again, and asks again where there is no file of results.
 *
 * @since 0.1
 */
public final class Experiment {

    private final ExperimentSettings settings;
    private final @Nullable Executor executor;
    private final @Nullable Path results;

    private Experiment(ExperimentSettings settings, @Nullable Executor executor, @Nullable Path results) {
        this.settings = settings;
        this.executor = executor;
        this.results = results;
    }

    /**
     * Starts an experiment.
     *
     * @param dataset the examples, at least one
     * @param policy the rule, which names every metric and the smallest difference that matters in it
     * @return a builder
     */
    public static Builder builder(Dataset dataset, VerdictPolicy policy) {
        return new Builder(dataset, policy);
    }

    /**
     * Asks both arms every example and reaches a verdict. The calling thread takes part in the work and waits for the
     * rest; the result does not depend on the order in which answers arrive.
     *
     * @return the result; where the cap stopped the run, that of the examples that were answered, and what is missing
     * @throws dev.llmlifecycle.api.LifecycleException when an arm failed on more than the tolerated share of the
     *     examples, the cap left no example that both arms answered, the file of results belongs to another experiment
     *     or run or cannot be written, or the calling thread was interrupted
     * @throws dev.llmlifecycle.api.DamagedDataException when a line of the file of results is damaged
     * @throws IllegalStateException when an arm answered from another release than the one it declares, or threw
     *     something that is not a failure of the outside world, or a metric gave no finite score; the run stops there
     */
    public ExperimentResult run() {
        try (CallJournal journal = results == null ? CallJournal.NONE : ResultsFile.open(results, settings.header())) {
            CallRun run = new CallRun(settings, journal);
            Map<Call, CallResult> calls = executor == null ? onOwnThreads(run) : run.results(executor);
            return new ResultBuilder(settings, calls)
                    .build(new RunUse(
                            run.spent(), calls.size() - run.restored(), run.restored(), journal.unanswered()));
        }
    }

    private Map<Call, CallResult> onOwnThreads(CallRun run) {
        if (settings.concurrency() == 1) {
            return run.results(task -> {});
        }
        ExecutorService own = Executors.newFixedThreadPool(settings.concurrency() - 1, task -> {
            Thread thread = new Thread(task, "experiment");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return run.results(own);
        } finally {
            own.shutdownNow();
        }
    }

    /** Builds an {@link Experiment}. Not thread-safe. */
    public static final class Builder {

        private static final long DEFAULT_SEED = 42;

        private final Dataset dataset;
        private final VerdictPolicy policy;
        private final Map<String, Metric> metrics = new LinkedHashMap<>();
        private @Nullable Arm baseline;
        private @Nullable Arm candidate;
        private int repeats = 1;
        private long seed = DEFAULT_SEED;
        private int concurrency = 1;
        private @Nullable Executor executor;
        private @Nullable Duration timeout;
        private int retries;
        private Duration retryPause = Duration.ofSeconds(1);
        private SpendingCap cap = SpendingCap.NONE;
        private @Nullable Path results;
        private Consumer<ExperimentProgress> progress = ignored -> {};
        private double maxFailedShare = 0.05;
        private Clock clock = Clock.systemUTC();

        private Builder(Dataset dataset, VerdictPolicy policy) {
            this.policy = Objects.requireNonNull(policy, "policy");
            if (Objects.requireNonNull(dataset, "dataset").size() == 0) {
                throw new IllegalArgumentException("an experiment needs examples but dataset '" + dataset.name() + ":"
                        + dataset.version() + "' is empty; add some, or look at the filter that made it");
            }
            this.dataset = dataset;
        }

        /**
         * Sets what is compared with. Required.
         *
         * @param baseline the arm
         * @return this builder
         */
        public Builder baseline(Arm baseline) {
            this.baseline = Objects.requireNonNull(baseline, "baseline");
            return this;
        }

        /**
         * Sets what is on trial. Required.
         *
         * @param candidate the arm
         * @return this builder
         */
        public Builder candidate(Arm candidate) {
            this.candidate = Objects.requireNonNull(candidate, "candidate");
            return this;
        }

        /**
         * Adds a metric; there must be one for each that the policy names.
         *
         * @param metric the metric
         * @return this builder
         * @throws IllegalArgumentException when the policy does not name it or another has its name
         */
        public Builder metric(Metric metric) {
            String name = metric.name();
            if (!policy.metrics().containsKey(name)) {
                throw new IllegalArgumentException("the policy does not name the metric '" + name + "' but only "
                        + new TreeSet<>(policy.metrics().keySet())
                        + "; declare in the policy which difference in it matters");
            }
            if (metrics.putIfAbsent(name, metric) != null) {
                throw new IllegalArgumentException(
                        "the experiment has two metrics named '" + name + "'; give each a name of its own");
            }
            return this;
        }

        /**
         * Sets how often each arm answers each example, where answers differ from time to time. The scores of an
         * example are the means over its repeats. Default: 1.
         *
         * @param repeats at least 1
         * @return this builder
         */
        public Builder repeats(int repeats) {
            if (repeats < 1) {
                throw new IllegalArgumentException(
                        "the repeats of an experiment must be at least 1 but were " + repeats + "; 1 asks once");
            }
            this.repeats = repeats;
            return this;
        }

        /**
         * Sets the seed of the order in which examples are asked, which makes those of a run cut short a sample, and of
         * the pauses before retries. Default: a constant.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets the executor that helps the calling thread, when {@link #concurrency} is above 1. It stays the caller's.
         * Default: threads of the experiment's own, which end with the run.
         *
         * @param executor runs what may block
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets how long an arm may take for one answer: the question gets that deadline, and the thread that waits for
         * the arm is interrupted then. An arm that heeds neither is waited for. Default: none, so the arm's own holds.
         *
         * @param timeout positive
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException(
                        "the timeout of an experiment must be positive but was " + timeout + "; leave it out for none");
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Sets how often a call that failed is made again, where
         * {@link dev.llmlifecycle.core.resilience.FailureKind#isWorthRetry} says that it may help. Each attempt counts
         * against the cap. Default: 0.
         *
         * @param retries at least 0
         * @return this builder
         */
        public Builder retries(int retries) {
            if (retries < 0) {
                throw new IllegalArgumentException(
                        "the retries of an experiment must be at least 0 but were " + retries + "; 0 asks once");
            }
            this.retries = retries;
            return this;
        }

        /**
         * Sets the pause before the first retry, which doubles with each further one; half of it up to all of it is
         * waited. Default: one second.
         *
         * @param pause not negative
         * @return this builder
         */
        public Builder retryPause(Duration pause) {
            if (pause.isNegative()) {
                throw new IllegalArgumentException(
                        "the pause before a retry must not be negative but was " + pause + "; use zero for none");
            }
            this.retryPause = pause;
            return this;
        }

        /**
         * Sets the most that the experiment may use, runs that were resumed included. When it is reached the run ends,
         * and goes on from its file of results when it is run with more. Default: no cap.
         *
         * @param cap the cap
         * @return this builder
         */
        public Builder cap(SpendingCap cap) {
            this.cap = Objects.requireNonNull(cap, "cap");
            return this;
        }

        /**
         * Sets the file that answers are streamed to and a run goes on from. It is written by one run at a time, held
         * by an empty file beside it whose name ends in {@code .lock}; one of another dataset, policy, release, seed or
         * number of repeats is refused. What failed is asked again. Default: none.
         *
         * @param results the file; it and its directory are created when they are missing
         * @return this builder
         */
        public Builder results(Path results) {
            this.results = Objects.requireNonNull(results, "results");
            return this;
        }

        /**
         * Sets who hears of each answer. Default: nobody.
         *
         * @param progress thread-safe where an experiment runs concurrently, and quick, as the worker waits for it
         * @return this builder
         */
        public Builder progress(Consumer<ExperimentProgress> progress) {
            this.progress = Objects.requireNonNull(progress, "progress");
            return this;
        }

        /**
         * Sets how many questions are in flight at once, at most. Default: 1.
         *
         * @param concurrency at least 1
         * @return this builder
         */
        public Builder concurrency(int concurrency) {
            if (concurrency < 1) {
                throw new IllegalArgumentException(
                        "the concurrency of an experiment must be at least 1 but was " + concurrency);
            }
            this.concurrency = concurrency;
            return this;
        }

        /**
         * Sets the share of the examples on which an arm may fail before the run gives no verdict. Default: 0.05.
         *
         * @param share in [0, 1]
         * @return this builder
         */
        public Builder maxFailedShare(double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("the tolerated share of failed examples must be in [0, 1] but was "
                        + share + "; 0.05 is one in twenty");
            }
            this.maxFailedShare = share;
            return this;
        }

        /**
         * Sets the clock of deadlines, progress and the record of an arm that threw. Default: the system's, UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the experiment.
         *
         * @return the experiment
         * @throws IllegalStateException when an arm or a metric of the policy is missing, both arms have one name, or
         *     an example lacks the label that the policy clusters by
         */
        public Experiment build() {
            if (baseline == null || candidate == null) {
                throw new IllegalStateException("an experiment compares two arms but has no "
                        + (baseline == null ? "baseline" : "candidate") + "; set it before build()");
            }
            if (baseline.name().equals(candidate.name())) {
                throw new IllegalStateException("both arms of the experiment are named '" + baseline.name()
                        + "'; give each a name of its own so that a report can tell them apart");
            }
            TreeSet<String> missing = new TreeSet<>(policy.metrics().keySet());
            missing.removeAll(metrics.keySet());
            if (!missing.isEmpty()) {
                throw new IllegalStateException("the policy names the metrics " + missing
                        + " that the experiment does not have; add them with metric(...)");
            }
            policy.clusterBy().ifPresent(this::requireLabel);
            return new Experiment(
                    new ExperimentSettings(
                            dataset,
                            policy,
                            List.of(baseline, candidate),
                            List.copyOf(metrics.values()),
                            repeats,
                            seed,
                            concurrency,
                            Optional.ofNullable(timeout),
                            retries,
                            retryPause,
                            cap,
                            maxFailedShare,
                            clock,
                            progress),
                    executor,
                    results);
        }

        private void requireLabel(String label) {
            List<String> without = dataset.examples().stream()
                    .filter(example -> !example.labels().containsKey(label))
                    .map(Example::id)
                    .toList();
            if (!without.isEmpty()) {
                throw new IllegalStateException("the policy declares clusters by the label '" + label + "' but "
                        + without.size() + " of " + dataset.size() + " examples of dataset '" + dataset.name() + ":"
                        + dataset.version() + "' have none, first '" + without.get(0)
                        + "'; label every example, or leave clusterBy out");
            }
        }
    }
}
