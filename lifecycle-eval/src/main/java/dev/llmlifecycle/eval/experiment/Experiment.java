package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Executor;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.eval.metric.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A comparison of two arms, example by example, on a dataset, by a rule that was declared before.
 *
 * <p>Each arm answers each example once; each metric says for each answer whether it passes; the paired rows give a
 * {@link Verdict} that promotion can recompute. An example on which an arm fails counts as not passed and is listed; if
 * an arm fails on too many, the run throws rather than give a verdict.
 *
 * <pre>{@code
 * ExperimentResult result = Experiment.builder(dataset, VerdictPolicy.builder().metric("correct", 0.1).build())
 *         .baseline(Arm.of("v1", v1.release().hash(), v1::ask))
 *         .candidate(Arm.of("v2", v2.release().hash(), v2::ask))
 *         .metric(Metrics.answersOrAbstains())
 *         .build()
 *         .run();
 * result.verdict().conclusion();
 * }</pre>
 *
 * <p>Immutable; {@link #run} may be called again and asks again.
 *
 * @since 0.1
 */
public final class Experiment {

    private final Dataset dataset;
    private final VerdictPolicy policy;
    private final Arm baseline;
    private final Arm candidate;
    private final List<Metric> metrics;
    private final int concurrency;
    private final Executor executor;
    private final double maxFailedShare;
    private final Clock clock;

    private Experiment(Builder builder, Arm baseline, Arm candidate) {
        this.dataset = builder.dataset;
        this.policy = builder.policy;
        this.baseline = baseline;
        this.candidate = candidate;
        this.metrics = List.copyOf(builder.metrics.values());
        this.concurrency = builder.concurrency;
        this.executor = builder.executor;
        this.maxFailedShare = builder.maxFailedShare;
        this.clock = builder.clock;
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
     * @return the result
     * @throws dev.llmlifecycle.api.LifecycleException when an arm failed on more than the tolerated share of the
     *     examples, or the calling thread was interrupted
     * @throws IllegalStateException when an arm answered from another release than the one it declares, or threw
     *     something that is not a failure of the outside world; the run stops there
     */
    public ExperimentResult run() {
        AnswerRun run = new AnswerRun(dataset.examples(), List.of(baseline, candidate), clock);
        List<List<Answer>> answers = run.answers(executor, concurrency);
        List<ExampleResult> examples = new ArrayList<>();
        List<ArmFailure> failures = new ArrayList<>();
        List<PairedRow> rows = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            Example example = dataset.examples().get(i);
            Answer before = answers.get(i).get(0);
            Answer after = answers.get(i).get(1);
            examples.add(new ExampleResult(example, before, after));
            addFailure(failures, baseline, example, before);
            addFailure(failures, candidate, example, after);
            for (Metric metric : metrics) {
                rows.add(new PairedRow(
                        example.id(), metric.name(), passed(metric, example, before), passed(metric, example, after)));
            }
        }
        FailureTolerance tolerance = new FailureTolerance(maxFailedShare, dataset);
        tolerance.check(baseline, failures);
        tolerance.check(candidate, failures);
        Verdict verdict = Verdict.compute(policy, candidate.release(), baseline.release(), dataset.hash(), rows);
        return new ExperimentResult(dataset, baseline.name(), candidate.name(), examples, rows, failures, verdict);
    }

    private static boolean passed(Metric metric, Example example, Answer answer) {
        return !(answer.outcome() instanceof Outcome.Failed) && metric.passed(example, answer);
    }

    private static void addFailure(List<ArmFailure> failures, Arm arm, Example example, Answer answer) {
        if (answer.outcome() instanceof Outcome.Failed failed) {
            failures.add(new ArmFailure(arm.name(), example.id(), failed));
        }
    }

    /** Builds an {@link Experiment}. Not thread-safe. */
    public static final class Builder {

        private final Dataset dataset;
        private final VerdictPolicy policy;
        private final Map<String, Metric> metrics = new LinkedHashMap<>();
        private @Nullable Arm baseline;
        private @Nullable Arm candidate;
        private int concurrency = 1;
        private Executor executor = Runnable::run;
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
            if (!policy.margins().containsKey(name)) {
                throw new IllegalArgumentException("the policy does not name the metric '" + name + "' but only "
                        + new TreeSet<>(policy.margins().keySet())
                        + "; declare in the policy which difference in it matters");
            }
            if (metrics.putIfAbsent(name, metric) != null) {
                throw new IllegalArgumentException(
                        "the experiment has two metrics named '" + name + "'; give each a name of its own");
            }
            return this;
        }

        /**
         * Sets the executor that helps the calling thread, when {@link #concurrency} is above 1. It stays the caller's.
         * Default: none, so that everything runs on the calling thread.
         *
         * @param executor runs what may block
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
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
         * Sets the clock that dates the record of an arm that threw. Default: the system's, UTC.
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
         * @throws IllegalStateException when an arm or a metric of the policy is missing, or both arms have one name
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
            TreeSet<String> missing = new TreeSet<>(policy.margins().keySet());
            missing.removeAll(metrics.keySet());
            if (!missing.isEmpty()) {
                throw new IllegalStateException("the policy names the metrics " + missing
                        + " that the experiment does not have; add them with metric(...)");
            }
            return new Experiment(this, baseline, candidate);
        }
    }
}
