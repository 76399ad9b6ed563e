package dev.llmlifecycle.retrieval.cache;

/** The upper bound of a share by C. J. Clopper and E. S. Pearson (Biometrika 26, 1934), one-sided. */
final class BinomialBound {

    private static final int HALVINGS = 60;

    private BinomialBound() {}

    /** Returns the largest share that is not refuted by so few cases, at a level such as 0.95. */
    static double upper(long cases, long trials, double level) {
        if (cases >= trials) {
            return 1;
        }
        double low = (double) cases / trials;
        double high = 1;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (atMost(cases, trials, middle) > 1 - level) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Returns how many cases among so many trials still bound the share, or -1 where even none do not. */
    static long most(long trials, double share, double level) {
        double sum = 0;
        long most = -1;
        for (long cases = 0; cases <= trials; cases++) {
            sum += Math.exp(logProbability(cases, trials, share));
            if (sum > 1 - level) {
                break;
            }
            most = cases;
        }
        return most;
    }

    /** Returns how many trials without a case bound the share. */
    static long fewestTrials(double share, double level) {
        return (long) Math.ceil(Math.log(1 - level) / Math.log1p(-share));
    }

    private static double atMost(long cases, long trials, double share) {
        double sum = 0;
        for (long k = 0; k <= cases; k++) {
            sum += Math.exp(logProbability(k, trials, share));
        }
        return sum;
    }

    private static double logProbability(long cases, long trials, double share) {
        double log = cases * Math.log(share) + (trials - cases) * Math.log1p(-share);
        for (long k = 1; k <= cases; k++) {
            log += Math.log((double) (trials - cases + k) / k);
        }
        return cases == 0 ? trials * Math.log1p(-share) : log;
    }
}
