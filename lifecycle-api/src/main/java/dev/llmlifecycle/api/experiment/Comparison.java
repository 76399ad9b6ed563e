package dev.llmlifecycle.api.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.McNemarTest;
import dev.llmlifecycle.api.statistics.PairedDifferences;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.api.statistics.SignFlips;

/** The rows of one metric under the test that the rule of {@link PairedTest} gives them. */
final class Comparison {

    private static final int LEAST_UNITS = 20;
    private static final double COCHRAN = 25;
    private static final double FURTHEST = 6;
    private static final double POWER = 0.8;

    private final MetricRule rule;
    private final List<PairedRow> rows;
    private final int up;
    private final int down;
    private final PairedDifferences differences;
    private final boolean clustered;
    private final boolean passOrFail;
    private final boolean enough;
    private final boolean likeNormal;
    private final Optional<SignFlips> flips;
    private final double alpha;
    private final double pValue;
    private final Interval interval;
    private final Interval oneSided;

    /** Takes at least one row, in an order that is always the same. */
    Comparison(MetricRule rule, List<PairedRow> rows, boolean clustered, double alpha) {
        this.rule = rule;
        this.alpha = alpha;
        this.rows = rows;
        this.clustered = clustered;
        this.up = (int) rows.stream().filter(row -> row.difference() > 0).count();
        this.down = (int) rows.stream().filter(row -> row.difference() < 0).count();
        double[] values = rows.stream().mapToDouble(PairedRow::difference).toArray();
        this.differences = clustered
                ? PairedDifferences.clustered(
                        values,
                        rows.stream().flatMap(row -> row.cluster().stream()).toList())
                : PairedDifferences.of(values);
        this.passOrFail = !clustered && rows.stream().allMatch(Comparison::isPassOrFail);
        this.enough = differences.units() >= LEAST_UNITS;
        this.likeNormal = enough && !differences.isConstant() && moderateSkew() && noOutlier();
        this.flips = passOrFail || likeNormal ? Optional.empty() : Optional.of(differences.signFlips());
        this.pValue = computePValue();
        this.interval = computeInterval(1 - alpha);
        this.oneSided = computeInterval(1 - 2 * alpha);
    }

    PairedTest test() {
        if (passOrFail) {
            return PairedTest.EXACT_MCNEMAR;
        }
        if (clustered) {
            return likeNormal ? PairedTest.CLUSTERED_T : PairedTest.CLUSTERED_SIGN_FLIP;
        }
        return likeNormal ? PairedTest.PAIRED_T : PairedTest.SIGN_FLIP;
    }

    double pValue() {
        return pValue;
    }

    int units() {
        return differences.units();
    }

    int gained() {
        return rule.direction() == Direction.HIGHER_IS_BETTER ? up : down;
    }

    int lost() {
        return rule.direction() == Direction.HIGHER_IS_BETTER ? down : up;
    }

    double effect() {
        // Of zeros and ones the counts give the mean without rounding twice.
        return passOrFail ? (up - down) / (double) rows.size() : differences.mean();
    }

    /** Returns the interval of the difference, candidate minus baseline, at level 1 - alpha. */
    Interval interval() {
        return interval;
    }

    /** Tells whether the difference is shown to be smaller than what matters. */
    boolean isEquivalent() {
        return oneSided.within(rule.margin());
    }

    /** Tells whether the candidate is shown to lose less than the margin. */
    boolean holds() {
        double worse = Math.min(
                rule.direction().better(oneSided.low()), rule.direction().better(oneSided.high()));
        return worse > -rule.margin();
    }

    private Interval computeInterval(double level) {
        Interval whole = unboundedInterval(level);
        return rule.scale() == MetricRule.Scale.RATE
                ? new Interval(Math.max(-1, whole.low()), Math.min(1, whole.high()), level)
                : whole;
    }

    private Interval unboundedInterval(double level) {
        if (passOrFail) {
            return Proportions.pairedDifference(up, down, rows.size(), level);
        }
        // A few rows that are all alike say nothing of how different the next one may be.
        return differences.isConstant() && !enough
                ? new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, level)
                : flips.map(signs -> signs.interval(level)).orElseGet(() -> differences.tInterval(level));
    }

    List<AssumptionCheck> assumptions() {
        List<AssumptionCheck> checks = new ArrayList<>();
        double ties = (rows.size() - up - down) / (double) rows.size();
        checks.add(new AssumptionCheck(Assumption.NOT_ALL_TIED, ties < 1, ties));
        if (!passOrFail) {
            checks.add(new AssumptionCheck(Assumption.ENOUGH_UNITS, enough, differences.units()));
            boolean varies = !differences.isConstant();
            checks.add(new AssumptionCheck(
                    Assumption.SPREAD, varies, varies && units() > 1 ? differences.standardError() : 0));
            checks.add(new AssumptionCheck(Assumption.MODERATE_SKEW, moderateSkew(), differences.skewness()));
            checks.add(new AssumptionCheck(Assumption.NO_OUTLIER, noOutlier(), differences.largestDeviation()));
        }
        if (passOrFail) {
            checks.add(canReject(McNemarTest.exactPValue(up + down, 0)));
        }
        flips.ifPresent(signs -> checks.add(canReject(signs.smallestPValue())));
        return checks;
    }

    /** Returns about how many pairs it takes to see a difference of the margin. */
    long pairsNeeded() {
        if (passOrFail) {
            double discordant = Math.min(1, Math.max((up + down + 1.0) / (rows.size() + 2.0), rule.margin()));
            return Proportions.pairedSampleSize(discordant, Math.min(discordant, rule.margin()), alpha, POWER);
        }
        double error = differences.standardError();
        if (!Double.isFinite(error) || error == 0) {
            return LEAST_UNITS;
        }
        long needed = Proportions.pairsForMean(error * Math.sqrt(rows.size()), rule.margin(), alpha, POWER);
        return enough ? needed : Math.max(needed, (long) LEAST_UNITS * rows.size() / units());
    }

    private double computePValue() {
        if (passOrFail) {
            return McNemarTest.exactPValue(up, down);
        }
        return flips.map(SignFlips::pValue).orElseGet(differences::tPValue);
    }

    private AssumptionCheck canReject(double smallestPValue) {
        return new AssumptionCheck(Assumption.CAN_REJECT, smallestPValue <= alpha, smallestPValue);
    }

    private boolean moderateSkew() {
        double skewness = differences.skewness();
        return differences.units() > COCHRAN * skewness * skewness;
    }

    private boolean noOutlier() {
        return differences.largestDeviation() <= FURTHEST;
    }

    private static boolean isPassOrFail(PairedRow row) {
        return isZeroOrOne(row.baseline()) && isZeroOrOne(row.candidate());
    }

    private static boolean isZeroOrOne(double score) {
        return score == 0 || score == 1;
    }
}
