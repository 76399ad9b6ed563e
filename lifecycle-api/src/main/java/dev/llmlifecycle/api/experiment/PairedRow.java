package dev.llmlifecycle.api.experiment;

import java.util.Map;
import java.util.Objects;

/**
 * The result of one example under one metric for baseline and candidate.
 *
 * <p>Immutable.
 *
 * @param exampleId the example
 * @param metric the metric's name
 * @param baseline whether the baseline passed
 * @param candidate whether the candidate passed
 * @since 0.1
 */
public record PairedRow(String exampleId, String metric, boolean baseline, boolean candidate) {

    /** Checks that nothing is missing. */
    public PairedRow {
        Objects.requireNonNull(exampleId, "exampleId");
        Objects.requireNonNull(metric, "metric");
    }

    Map<String, Object> toCanonical() {
        return Map.of("exampleId", exampleId, "metric", metric, "baseline", baseline, "candidate", candidate);
    }
}
