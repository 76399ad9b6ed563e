package dev.llmlifecycle.api.experiment;

import java.util.Map;
import java.util.Objects;

/**
 * An example that has no pair of scores under a metric, since an arm gave none.
 *
 * <p>Immutable.
 *
 * @param exampleId the example
 * @param metric the metric's name
 * @since 0.1
 */
public record MissingPair(String exampleId, String metric) {

    /** Checks that nothing is missing. */
    public MissingPair {
        Objects.requireNonNull(exampleId, "exampleId");
        Objects.requireNonNull(metric, "metric");
    }

    Map<String, Object> toCanonical() {
        return Map.of("exampleId", exampleId, "metric", metric);
    }
}
