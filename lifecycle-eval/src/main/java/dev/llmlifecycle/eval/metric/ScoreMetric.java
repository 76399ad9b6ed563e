package dev.llmlifecycle.eval.metric;

import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;

/** A function to a number, with a name. */
record ScoreMetric(String name, BiFunction<Example, Answer, OptionalDouble> function) implements Metric {

    ScoreMetric {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of a metric is blank; name it as the verdict policy does");
        }
    }

    @Override
    public boolean passed(Example example, Answer answer) {
        throw new IllegalStateException("the metric '" + name + "' is a score that no answer passes or fails; ask for"
                + " its score, or make a metric of it with a threshold");
    }

    @Override
    public OptionalDouble score(Example example, Answer answer) {
        return function.apply(example, answer);
    }

    @Override
    public String toString() {
        return name;
    }
}
