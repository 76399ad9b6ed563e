package dev.llmlifecycle.api.statistics;

/**
 * Confidence intervals for a proportion and for the difference of two paired proportions.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Proportions {

    private Proportions() {}

    /**
     * Returns Wilson's score interval of a proportion (E. B. Wilson, "Probable Inference, the Law of Succession, and
     * Statistical Inference", JASA 22, 1927), without continuity correction.
     *
     * @param successes how often it happened, in [0, {@code trials}]
     * @param trials how often it could have, at least 1
     * @param level the nominal coverage in (0, 1)
     * @return the interval, inside [0, 1]
     */
    public static Interval wilson(long successes, long trials, double level) {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException("a proportion needs 0 <= successes <= trials and trials >= 1 but got "
                    + successes + " of " + trials + "; check the counts");
        }
        double z = NormalDistribution.critical(level);
        double n = trials;
        double p = successes / n;
        double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
        double half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        double low = successes == 0 ? 0 : Math.max(0, centre - half);
        double high = successes == trials ? 1 : Math.min(1, centre + half);
        return new Interval(low, high, level);
    }

    /**
     * Returns the adjusted Wald interval of a difference of paired proportions (D. G. Bonett and R. M. Price, "Adjusted
     * Wald Confidence Interval for a Difference of Binomial Proportions Based on Paired Data", Journal of Educational
     * and Behavioral Statistics 37, 2012).
     *
     * @param gained pairs in which only the candidate succeeded
     * @param lost pairs in which only the baseline succeeded
     * @param pairs all pairs, at least 1
     * @param level the nominal coverage in (0, 1)
     * @return the interval of candidate minus baseline, inside [-1, 1]
     */
    public static Interval pairedDifference(long gained, long lost, long pairs, double level) {
        if (pairs < 1 || gained < 0 || lost < 0 || gained > pairs - lost) {
            throw new IllegalArgumentException("paired proportions need gained + lost <= pairs and pairs >= 1 but got "
                    + gained + " + " + lost + " of " + pairs + "; check the counts");
        }
        double z = NormalDistribution.critical(level);
        double up = (gained + 1.0) / (pairs + 2.0);
        double down = (lost + 1.0) / (pairs + 2.0);
        double half = z * Math.sqrt((up + down - (up - down) * (up - down)) / (pairs + 2.0));
        return new Interval(Math.max(-1, up - down - half), Math.min(1, up - down + half), level);
    }

    /**
     * Returns how many pairs McNemar's test needs to see a difference (R. J. Connor, "Sample Size for Testing
     * Differences in Proportions for the Paired-Sample Design", Biometrics 43, 1987).
     *
     * @param discordant the share of pairs that differ at all, in (0, 1]
     * @param difference the difference of success rates to be seen, in (0, {@code discordant}]
     * @param alpha the accepted rate of false alarms, two-sided, in (0, 1)
     * @param power the wanted chance of seeing it, in (0, 1)
     * @return the number of pairs, rounded up
     */
    public static long pairedSampleSize(double discordant, double difference, double alpha, double power) {
        if (!(difference > 0 && difference <= discordant && discordant <= 1)) {
            throw new IllegalArgumentException(
                    "a sample size needs 0 < difference <= discordant <= 1 but got difference " + difference
                            + " and discordant " + discordant + "; check the shares");
        }
        Levels.require(alpha, "alpha", "use 0.05 if unsure");
        Levels.require(power, "the power", "use 0.8 if unsure");
        double root = NormalDistribution.critical(1 - alpha) * Math.sqrt(discordant)
                + NormalDistribution.quantile(power) * Math.sqrt(discordant - difference * difference);
        return (long) Math.ceil(root * root / (difference * difference));
    }

    /**
     * Returns how many pairs a test of the mean difference needs, by the normal approximation {@code n = ((z_(1 - α/2)
     * + z_power) s / δ)²}.
     *
     * @param deviation the standard deviation of the differences, finite and at least 0
     * @param difference the mean difference to be seen, positive
     * @param alpha the accepted rate of false alarms, two-sided, in (0, 1)
     * @param power the wanted chance of seeing it, in (0, 1)
     * @return the number of pairs, rounded up, at least 1
     */
    public static long pairsForMean(double deviation, double difference, double alpha, double power) {
        if (!(difference > 0 && deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a sample size needs a positive difference and a finite deviation but got difference " + difference
                            + " and deviation " + deviation + "; check both");
        }
        Levels.require(alpha, "alpha", "use 0.05 if unsure");
        Levels.require(power, "the power", "use 0.8 if unsure");
        double root = (NormalDistribution.critical(1 - alpha) + NormalDistribution.quantile(power))
                * (deviation / difference);
        return Math.max(1, (long) Math.ceil(root * root));
    }
}
