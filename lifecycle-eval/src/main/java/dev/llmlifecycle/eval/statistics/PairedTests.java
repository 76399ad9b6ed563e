package dev.llmlifecycle.eval.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Two-sided tests of "no difference" over paired rows: each row is candidate minus baseline on one example.
 *
 * <p>Thread-safe. Which one: rows that pass or fail, {@link dev.llmlifecycle.api.statistics.McNemarTest#exactPValue};
 * scores, {@link #permutation}, which assumes least; rows that come in clusters, {@link #clusteredT}. Where all
 * differences are zero every test gives 1.
 *
 * @since 0.1
 */
public final class PairedTests {

    private static final int EXACT_WILCOXON = 100;
    private static final int EXACT_FLIPS = 20;

    private PairedTests() {}

    /**
     * Returns candidate minus baseline.
     *
     * @param baseline finite scores
     * @param candidate as many, of the same examples in the same order
     * @return the differences
     */
    public static double[] differences(double[] baseline, double[] candidate) {
        Samples.requireSameLength(baseline.length, candidate.length, "A paired comparison");
        Samples.require(baseline, 1, "A paired comparison");
        Samples.require(candidate, 1, "A paired comparison");
        double[] differences = new double[baseline.length];
        Arrays.setAll(differences, i -> candidate[i] - baseline[i]);
        return differences;
    }

    /**
     * Tests the mean difference with Student's t: {@code t = d̄ / (s/√n)} with {@code n - 1} degrees of freedom
     * (Student, "The probable error of a mean", Biometrika 6, 1908).
     *
     * @param differences finite, at least two
     * @return the result; assumes that the mean difference is about normal
     */
    public static TestResult t(double[] differences) {
        Samples.require(differences, 2, "A paired t-test");
        Summary summary = Summary.of(differences);
        return studentT("paired t", summary.mean(), summary.standardError(), differences.length - 1);
    }

    /**
     * Tests the mean difference with a standard error that allows rows of one cluster to resemble each other, as in
     * {@link ConfidenceIntervals#clusteredMean}, with {@code G - 1} degrees of freedom.
     *
     * @param differences finite
     * @param clusters for each difference the cluster it belongs to; at least two in all
     * @return the result; trust it from some twenty clusters on
     */
    public static TestResult clusteredT(double[] differences, List<String> clusters) {
        ClusteredMean mean = ClusteredMean.of(differences, clusters);
        return studentT("clustered t", mean.mean(), mean.standardError(), mean.clusters() - 1);
    }

    /**
     * Tests whether differences are symmetric around zero with Wilcoxon's signed ranks: the sum of the ranks of
     * {@code |d|} over positive differences, ties sharing the middle of their ranks, zeros left out (F. Wilcoxon,
     * "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1, 1945). Up to 100 non-zero differences the
     * p-value is exact, also with ties, as the distribution of the sum is counted over all signs; beyond, it is the
     * normal approximation with variance {@code n(n + 1)(2n + 1)/24 - Σ(t³ - t)/48} and continuity correction.
     * Differences are compared to the twelfth digit of the largest, since {@code 0.7 - 0.5} and {@code 0.4 - 0.2} are
     * equal on paper and not in doubles.
     *
     * @param differences finite, at least one
     * @return the result, its statistic the sum of the ranks of positive differences
     */
    public static TestResult wilcoxon(double[] differences) {
        Samples.require(differences, 1, "Wilcoxon's test");
        double[] nonZero = rounded(differences);
        double[] sizes = Arrays.stream(nonZero).map(Math::abs).toArray();
        double[] ranks = Ranks.of(sizes);
        double positive = 0;
        for (int i = 0; i < ranks.length; i++) {
            positive += nonZero[i] > 0 ? ranks[i] : 0;
        }
        int n = nonZero.length;
        String rows = n + " non-zero differences";
        if (n == 0) {
            return new TestResult("Wilcoxon signed-rank", 0, 1, "no difference at all");
        }
        if (n <= EXACT_WILCOXON) {
            return new TestResult("Wilcoxon signed-rank", positive, exactRankSum(ranks, positive), "exact, " + rows);
        }
        double mean = n * (n + 1.0) / 4;
        double variance = n * (n + 1.0) * (2.0 * n + 1) / 24 - Ranks.tieCorrection(sizes) / 48;
        double z = Math.max(0, Math.abs(positive - mean) - 0.5) / Math.sqrt(variance);
        double pValue = Math.min(1, 2 * NormalDistribution.of(0, 1).survivalProbability(z));
        return new TestResult("Wilcoxon signed-rank", positive, pValue, "normal approximation, " + rows);
    }

    /**
     * Tests the mean difference by flipping signs: where the arms do not differ, each difference is as likely with
     * either sign (R. A. Fisher, "The Design of Experiments", 1935; E. J. G. Pitman, "Significance Tests Which May be
     * Applied to Samples from any Populations", JRSS Supplement 4, 1937). Up to 20 non-zero differences all signs are
     * counted; beyond, {@code p = (1 + extreme) / (1 + flips)} over as many random flips as the bootstrap has resamples
     * (B. Phipson and G. K. Smyth, "Permutation P-values Should Never Be Zero", 2010).
     *
     * @param differences finite, at least one
     * @param drawing seed and number of random flips
     * @return the result, its statistic the mean difference
     */
    public static TestResult permutation(double[] differences, Bootstrap drawing) {
        Samples.require(differences, 1, "A permutation test");
        double mean = Summary.of(differences).mean();
        double[] nonZero = Arrays.stream(differences).filter(d -> d != 0).toArray();
        double all = Arrays.stream(nonZero).map(Math::abs).sum();
        // Sums that are equal on paper differ by rounding.
        double observed = Math.abs(Arrays.stream(nonZero).sum()) - 1e-11 * all;
        if (nonZero.length <= EXACT_FLIPS) {
            return new TestResult("sign-flip permutation", mean, exactFlips(nonZero, observed), "exact, all signs");
        }
        SplittableRandom random = new SplittableRandom(drawing.seed());
        int extreme = 0;
        for (int b = 0; b < drawing.resamples(); b++) {
            double sum = 0;
            long bits = 0;
            for (int i = 0; i < nonZero.length; i++) {
                bits = (i & 63) == 0 ? random.nextLong() : bits >>> 1;
                sum += (bits & 1) == 0 ? nonZero[i] : -nonZero[i];
            }
            extreme += Math.abs(sum) >= observed ? 1 : 0;
        }
        return new TestResult(
                "sign-flip permutation",
                mean,
                (1.0 + extreme) / (1.0 + drawing.resamples()),
                drawing.resamples() + " random flips, seed " + drawing.seed());
    }

    /**
     * Tests the mean difference by the bootstrap: {@code p = (1 + #{|d̄* - d̄| >= |d̄|}) / (1 + B)} over resamples (B.
     * Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 16).
     *
     * @param differences finite, at least two
     * @param bootstrap seed and number of resamples
     * @return the result, its statistic the mean difference
     */
    public static TestResult bootstrap(double[] differences, Bootstrap bootstrap) {
        Samples.require(differences, 2, "A paired bootstrap");
        double mean = Summary.of(differences).mean();
        double margin = Math.abs(mean)
                - 1e-11 * Arrays.stream(differences).map(Math::abs).max().orElse(0);
        long extreme = Arrays.stream(bootstrap.meanReplicates(differences))
                .filter(replicate -> Math.abs(replicate - mean) >= margin)
                .count();
        return new TestResult(
                "paired bootstrap",
                mean,
                (1.0 + extreme) / (1.0 + bootstrap.resamples()),
                bootstrap.resamples() + " resamples, seed " + bootstrap.seed());
    }

    /** Returns the differences that are not zero, as whole multiples of the twelfth digit of the largest. */
    static double[] rounded(double[] differences) {
        double unit = 1e-12 * Arrays.stream(differences).map(Math::abs).max().orElse(0);
        return unit == 0
                ? new double[0]
                : Arrays.stream(differences)
                        .map(d -> Math.rint(d / unit))
                        .filter(d -> d != 0)
                        .toArray();
    }

    private static TestResult studentT(String test, double mean, double error, int freedom) {
        String method = "Student's t with " + freedom + " degrees of freedom";
        if (error == 0) {
            // All differences are equal: none at all, or one that no chance explains.
            return new TestResult(
                    test, mean == 0 ? 0 : Math.copySign(Double.POSITIVE_INFINITY, mean), mean == 0 ? 1 : 0, method);
        }
        double t = mean / error;
        return new TestResult(
                test, t, Math.min(1, 2 * TDistribution.of(freedom).survivalProbability(Math.abs(t))), method);
    }

    /** Counts sums of doubled ranks, which are whole numbers even with ties, over all signs. */
    private static double exactRankSum(double[] ranks, double positive) {
        int[] doubled =
                Arrays.stream(ranks).mapToInt(r -> (int) Math.round(2 * r)).toArray();
        int total = Arrays.stream(doubled).sum();
        double[] chance = new double[total + 1];
        chance[0] = 1;
        int reached = 0;
        for (int rank : doubled) {
            for (int sum = reached; sum >= 0; sum--) {
                double half = chance[sum] / 2;
                chance[sum] = half;
                chance[sum + rank] += half;
            }
            reached += rank;
        }
        long smaller = Math.min(Math.round(2 * positive), total - Math.round(2 * positive));
        double tail = 0;
        for (int sum = 0; sum <= smaller; sum++) {
            tail += chance[sum];
        }
        return Math.min(1, 2 * tail);
    }

    private static double exactFlips(double[] differences, double observed) {
        int flips = 1 << differences.length;
        double[] signed = differences.clone();
        double sum = Arrays.stream(signed).sum();
        int extreme = 0;
        for (int i = 1; i <= flips; i++) {
            extreme += Math.abs(sum) >= observed ? 1 : 0;
            // The Gray code changes one sign at a time.
            int changed = Integer.numberOfTrailingZeros(i);
            if (changed < signed.length) {
                signed[changed] = -signed[changed];
                sum += 2 * signed[changed];
            }
        }
        return extreme / (double) flips;
    }
}
