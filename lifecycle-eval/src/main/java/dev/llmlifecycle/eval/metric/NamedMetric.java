package dev.llmlifecycle.eval.metric;

import java.util.Objects;
import java.util.function.BiPredicate;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;

/** A function with a name. */
record NamedMetric(String name, BiPredicate<Example, Answer> test) implements Metric {

    NamedMetric {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of a metric is blank; name it as the verdict policy does");
        }
    }

    @Override
    public boolean passed(Example example, Answer answer) {
        return test.test(example, answer);
    }

    @Override
    public String toString() {
        return name;
    }
}
