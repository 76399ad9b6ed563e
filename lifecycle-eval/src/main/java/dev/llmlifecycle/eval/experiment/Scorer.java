package dev.llmlifecycle.eval.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.MetricRule;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.eval.metric.Metric;

/** Scores answers under the metrics of a policy. Thread-safe. */
record Scorer(List<Metric> metrics, VerdictPolicy policy) {

    /** Returns the score under each metric that has one. */
    Map<String, Double> scores(Arm arm, Example example, Answer answer) {
        Map<String, Double> scores = new TreeMap<>();
        for (Metric metric : metrics) {
            OptionalDouble score = answer.outcome() instanceof Outcome.Failed
                    ? ofFailure(Objects.requireNonNull(policy.metrics().get(metric.name())))
                    : score(metric, arm, example, answer);
            score.ifPresent(value -> scores.put(metric.name(), value));
        }
        return scores;
    }

    /** A failure is worth nothing; how long it took or what it cost says nothing of an answer. */
    private static OptionalDouble ofFailure(MetricRule rule) {
        return rule.scale() == MetricRule.Scale.RATE || rule.direction() == Direction.HIGHER_IS_BETTER
                ? OptionalDouble.of(0)
                : OptionalDouble.empty();
    }

    private static OptionalDouble score(Metric metric, Arm arm, Example example, Answer answer) {
        OptionalDouble score = metric.score(example, answer);
        if (score.isPresent() && !Double.isFinite(score.getAsDouble())) {
            throw new IllegalStateException("The metric '" + metric.name() + "' scores the answer of arm '" + arm.name()
                    + "' to example '" + example.id() + "' as " + score.getAsDouble()
                    + "; mend it, or return nothing where an answer has no score");
        }
        return score;
    }
}
