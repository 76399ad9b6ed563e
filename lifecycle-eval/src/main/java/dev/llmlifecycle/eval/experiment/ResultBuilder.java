package dev.llmlifecycle.eval.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.MissingPair;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.eval.metric.Metric;

/** Puts together what came of the calls, in the order of the dataset. */
final class ResultBuilder {

    private static final int BASELINE = 0;
    private static final int CANDIDATE = 1;

    private final ExperimentSettings settings;
    private final Map<Call, CallResult> calls;

    ResultBuilder(ExperimentSettings settings, Map<Call, CallResult> calls) {
        this.settings = settings;
        this.calls = calls;
    }

    ExperimentResult build(RunUse use) {
        List<ArmFailure> failures = failures();
        FailureTolerance tolerance =
                new FailureTolerance(settings.maxFailedShare(), settings.dataset(), settings.callsPerArm());
        settings.arms().forEach(arm -> tolerance.check(arm, failures));
        List<MissingAnswer> missing = missing();
        PairedRows rows = rows();
        if (!missing.isEmpty() && rows.size() == 0) {
            throw new LifecycleException("Experiment on dataset '"
                    + settings.dataset().name() + ":" + settings.dataset().version() + "' gives no verdict: the cap of "
                    + settings.cap() + " left no example that both arms answered, after " + use.spent()
                    + "; raise it and run again");
        }
        return new ExperimentResult(
                settings.dataset(),
                arm(BASELINE).name(),
                arm(CANDIDATE).name(),
                examples(),
                rows,
                failures,
                Verdict.compute(settings.policy(), rows),
                missing,
                use);
    }

    private List<ExampleResult> examples() {
        List<ExampleResult> results = new ArrayList<>();
        for (int i = 0; i < settings.dataset().size(); i++) {
            Optional<Answer> before = firstAnswer(BASELINE, i);
            Optional<Answer> after = firstAnswer(CANDIDATE, i);
            if (before.isPresent() && after.isPresent()) {
                results.add(new ExampleResult(example(i), before.get(), after.get()));
            }
        }
        return results;
    }

    private Optional<Answer> firstAnswer(int arm, int example) {
        return calls(arm, example).stream().findFirst().map(CallResult::answer);
    }

    private List<CallResult> calls(int arm, int example) {
        List<CallResult> results = new ArrayList<>();
        for (int repeat = 0; repeat < settings.repeats(); repeat++) {
            CallResult result = calls.get(new Call(arm, example, repeat));
            if (result != null) {
                results.add(result);
            }
        }
        return results;
    }

    private PairedRows rows() {
        List<PairedRow> rows = new ArrayList<>();
        List<MissingPair> missing = new ArrayList<>();
        for (int i = 0; i < settings.dataset().size(); i++) {
            Example example = example(i);
            Optional<String> cluster = settings.policy()
                    .clusterBy()
                    .map(label -> Objects.requireNonNull(example.labels().get(label)));
            for (Metric metric : settings.metrics()) {
                double[] before = scores(BASELINE, i, metric.name());
                double[] after = scores(CANDIDATE, i, metric.name());
                if (before.length == 0 || after.length == 0) {
                    missing.add(new MissingPair(example.id(), metric.name()));
                } else {
                    rows.add(new PairedRow(
                            example.id(),
                            metric.name(),
                            mean(before),
                            mean(after),
                            Math.min(before.length, after.length),
                            cluster));
                }
            }
        }
        return new PairedRows(
                arm(CANDIDATE).release(),
                arm(BASELINE).release(),
                settings.dataset().hash(),
                rows,
                missing);
    }

    private double[] scores(int arm, int example, String metric) {
        return calls(arm, example).stream()
                .flatMap(result -> result.scores().stream())
                .filter(scores -> scores.containsKey(metric))
                .mapToDouble(scores -> Objects.requireNonNull(scores.get(metric)))
                .toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private List<ArmFailure> failures() {
        List<ArmFailure> failures = new ArrayList<>();
        for (int i = 0; i < settings.dataset().size(); i++) {
            for (int arm = 0; arm < settings.arms().size(); arm++) {
                for (CallResult result : calls(arm, i)) {
                    if (result.answer().outcome() instanceof Outcome.Failed failed) {
                        failures.add(new ArmFailure(arm(arm).name(), example(i).id(), failed));
                    }
                }
            }
        }
        return failures;
    }

    private List<MissingAnswer> missing() {
        List<MissingAnswer> missing = new ArrayList<>();
        for (int i = 0; i < settings.dataset().size(); i++) {
            for (int repeat = 0; repeat < settings.repeats(); repeat++) {
                for (int arm = 0; arm < settings.arms().size(); arm++) {
                    if (!calls.containsKey(new Call(arm, i, repeat))) {
                        missing.add(
                                new MissingAnswer(arm(arm).name(), example(i).id(), repeat));
                    }
                }
            }
        }
        return missing;
    }

    private Example example(int position) {
        return settings.dataset().examples().get(position);
    }

    private Arm arm(int position) {
        return settings.arms().get(position);
    }
}
