package dev.llmlifecycle.eval.junit;

import java.util.Locale;

import dev.llmlifecycle.eval.statistics.ConfidenceIntervals;

/**
 * A rate that must be reached: as it is observed, or shown with a confidence by the exact one-sided lower bound of C.
 * J. Clopper and E. S. Pearson ("The use of confidence or fiducial limits illustrated in the case of the binomial",
 * Biometrika 26, 1934).
 *
 * @param rate the rate
 * @param confidence in (0.5, 1), or 0 where the observed rate counts
 */
record PassRateRule(double rate, double confidence) {

    private static final double ROUNDING = 1e-9;

    PassRateRule {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException(
                    "a pass rate must be in (0, 1] but was " + rate + "; write 95 % as 0.95");
        }
        if (confidence != 0) {
            requireConfidence(confidence);
            if (rate == 1) {
                throw new IllegalArgumentException("no sample shows a pass rate of 1 with confidence; ask for less,"
                        + " such as 0.99, or for the observed rate, without a confidence");
            }
        }
    }

    static void requireConfidence(double confidence) {
        if (!(confidence > 0.5 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "a confidence must be in (0.5, 1) but was " + confidence + "; write 95 % as 0.95");
        }
    }

    boolean isReached(int passed, int count) {
        return count > 0 && passed >= needed(count);
    }

    /** Returns the fewest passes that reach it, one more than the cases where none do. */
    int needed(int count) {
        if (confidence == 0) {
            return (int) Math.ceil(rate * count - ROUNDING);
        }
        int low = 0;
        int high = count + 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (middle == count + 1 || lowerBound(middle, count) >= rate) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the fewest cases that can show it, if all pass: the least n with {@code rate^n <= 1 - confidence}. */
    int fewestCases() {
        if (confidence == 0) {
            return 1;
        }
        int cases = (int) Math.ceil(Math.log(1 - confidence) / Math.log(rate) - ROUNDING);
        return Math.max(1, cases);
    }

    double lowerBound(int passed, int count) {
        return ConfidenceIntervals.clopperPearson(passed, count, 2 * confidence - 1)
                .low();
    }

    /**
     * Returns the rule in words, and what was found.
     *
     * @param passed how many cases passed
     * @param count how many were run
     * @param cases how many there are
     */
    String judge(int passed, int count, int cases) {
        StringBuilder text = new StringBuilder("a pass rate of at least ").append(percent(rate));
        if (confidence != 0) {
            text.append(" with ").append(percent(confidence)).append(" confidence");
        }
        if (count == 0) {
            text.append("; none of ").append(cases).append(" cases was run");
        } else {
            text.append("; ").append(passed).append(" of ").append(count).append(" passed");
            text.append(" (").append(percent(passed / (double) count)).append(')');
        }
        if (count > 0 && count < cases) {
            text.append(", and the other ").append(cases - count).append(" were not run");
        } else if (count > 0 && confidence != 0) {
            text.append(", which shows at least ").append(percent(lowerBound(passed, count)));
        }
        if (cases < fewestCases()) {
            text.append("; it takes ")
                    .append(fewestCases())
                    .append(" cases to show it, if all pass: add examples, or ask for less");
        }
        return text.toString();
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
