package dev.llmlifecycle.api.experiment;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The result of one example under one metric for baseline and candidate.
 *
 * <p>Immutable.
 *
 * @param exampleId the example
 * @param metric the metric's name
 * @param baseline the baseline's score, 1 where it passed and 0 where not; the mean over repeats
 * @param candidate the candidate's score, likewise
 * @param repeats how many runs of each arm the means are over, at least 1
 * @param cluster what the example shares with others, such as its conversation, where the policy asks for it
 * @since 0.1
 */
public record PairedRow(
        String exampleId, String metric, double baseline, double candidate, int repeats, Optional<String> cluster) {

    /** Checks that nothing is missing and the scores are numbers. */
    public PairedRow {
        Objects.requireNonNull(exampleId, "exampleId");
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(cluster, "cluster");
        if (!Double.isFinite(baseline) || !Double.isFinite(candidate)) {
            throw new IllegalArgumentException("example '" + exampleId + "' scores " + baseline + " and " + candidate
                    + " under metric '" + metric + "' and a score must be a finite number; mend the metric, or record"
                    + " the pair as missing");
        }
        if (repeats < 1) {
            throw new IllegalArgumentException("the row of example '" + exampleId + "' under metric '" + metric
                    + "' is over " + repeats + " repeats; record the pair as missing");
        }
    }

    /**
     * Creates a row of scores of one run.
     *
     * @param exampleId the example
     * @param metric the metric's name
     * @param baseline the baseline's score
     * @param candidate the candidate's score
     */
    public PairedRow(String exampleId, String metric, double baseline, double candidate) {
        this(exampleId, metric, baseline, candidate, 1, Optional.empty());
    }

    /**
     * Creates a row of one run in which an arm passed or not.
     *
     * @param exampleId the example
     * @param metric the metric's name
     * @param baseline whether the baseline passed
     * @param candidate whether the candidate passed
     */
    public PairedRow(String exampleId, String metric, boolean baseline, boolean candidate) {
        this(exampleId, metric, baseline ? 1.0 : 0.0, candidate ? 1.0 : 0.0);
    }

    /**
     * Returns how much the candidate scores above the baseline.
     *
     * @return candidate minus baseline
     */
    public double difference() {
        return candidate - baseline;
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new TreeMap<>();
        canonical.put("exampleId", exampleId);
        canonical.put("metric", metric);
        canonical.put("baseline", baseline);
        canonical.put("candidate", candidate);
        if (repeats > 1) {
            canonical.put("repeats", repeats);
        }
        cluster.ifPresent(name -> canonical.put("cluster", name));
        return canonical;
    }
}
