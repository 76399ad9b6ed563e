package dev.llmlifecycle.api.experiment;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;

/**
 * The scores of one release on a dataset, recorded by themselves, to be paired with those of another.
 *
 * <p>Immutable.
 *
 * @param release the hash of the release that answered
 * @param dataset the hash of the dataset that was asked
 * @param scores for each metric the score of each example by its id; an example without a score is left out
 * @since 0.1
 */
public record ArmScores(Hash release, Hash dataset, Map<String, Map<String, Double>> scores) {

    /** Copies. */
    public ArmScores {
        Objects.requireNonNull(release, "release");
        Objects.requireNonNull(dataset, "dataset");
        Map<String, Map<String, Double>> copy = new TreeMap<>();
        scores.forEach((metric, byExample) -> copy.put(metric, Map.copyOf(byExample)));
        scores = Collections.unmodifiableMap(copy);
    }
}
