package dev.llmlifecycle.eval.statistics;

import java.util.List;
import java.util.Map;

/** A mean with the standard error that is robust to rows of one cluster resembling each other. */
record ClusteredMean(double mean, double standardError, int clusters) {

    static ClusteredMean of(double[] values, List<String> keys) {
        Samples.requireSameLength(values.length, keys.size(), "A clustered mean");
        Samples.require(values, 2, "A clustered mean");
        Map<String, int[]> clusters = Samples.positions(keys);
        int count = clusters.size();
        if (count < 2) {
            throw new IllegalArgumentException("a clustered mean needs at least two clusters but all " + values.length
                    + " values belong to one; cluster by something finer");
        }
        PreciseMean mean = PreciseMean.of(values);
        double squares = 0;
        for (int[] cluster : clusters.values()) {
            double sum = 0;
            for (int i : cluster) {
                sum += mean.deviation(values[i]);
            }
            squares += sum * sum;
        }
        return new ClusteredMean(mean.high(), Math.sqrt(count / (count - 1.0) * squares) / values.length, count);
    }
}
