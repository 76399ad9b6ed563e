package dev.llmlifecycle.eval.experiment;

import java.util.Objects;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.data.Example;

/**
 * What both arms answered to one example.
 *
 * <p>Immutable.
 *
 * @param example the example
 * @param baseline the baseline's answer
 * @param candidate the candidate's answer
 * @since 0.1
 */
public record ExampleResult(Example example, Answer baseline, Answer candidate) {

    /** Checks that nothing is missing. */
    public ExampleResult {
        Objects.requireNonNull(example, "example");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(candidate, "candidate");
    }
}
