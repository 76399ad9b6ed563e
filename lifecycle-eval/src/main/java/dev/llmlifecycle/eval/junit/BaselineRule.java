package dev.llmlifecycle.eval.junit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.llmlifecycle.api.statistics.Proportions;

/**
 * A pass rate that must not be lower than that of a baseline by a margin or more, by the lower bound of
 * {@link Proportions#pairedDifference}.
 *
 * @param margin the smallest loss that matters, in (0, 1)
 * @param confidence in (0.5, 1)
 */
record BaselineRule(double margin, double confidence) {

    private static final int SHOWN = 10;

    BaselineRule {
        PassRateRule.requireConfidence(confidence);
        if (!(margin > 0 && margin < 1)) {
            throw new IllegalArgumentException("the margin of a comparison must be in (0, 1) but was " + margin
                    + "; declare the smallest loss that matters, such as 0.02");
        }
    }

    boolean isReached(int gained, int lost, int pairs) {
        return pairs > 0 && possibleLoss(gained, lost, pairs) < margin;
    }

    /** Returns the largest loss that the pairs leave possible. */
    double possibleLoss(int gained, int lost, int pairs) {
        return -Proportions.pairedDifference(gained, lost, pairs, 2 * confidence - 1)
                .low();
    }

    /**
     * Tells whether no result of the open pairs could change the outcome, and which it is.
     *
     * <p>As a function of the pairs gained the bound is convex, and as one of the pairs lost it falls wherever it lies
     * above -0.5. So it is highest without further losses, at one end of what may still be gained, and lowest with all
     * the losses there may be, somewhere between.
     *
     * @param mayGain the open pairs that had not passed
     * @param mayLose the open pairs that had
     */
    Optional<Boolean> settled(int gained, int lost, int mayGain, int mayLose, int pairs) {
        if (margin > 0.5) {
            return Optional.empty();
        }
        if (!isReached(gained, lost, pairs) && !isReached(gained + mayGain, lost, pairs)) {
            return Optional.of(false);
        }
        boolean always = isReached(gained, lost + mayLose, pairs) && isReached(gained + mayGain, lost + mayLose, pairs);
        for (int more = 1; always && more < mayGain; more++) {
            always = isReached(gained + more, lost + mayLose, pairs);
        }
        return always ? Optional.of(true) : Optional.empty();
    }

    /**
     * Returns the rule in words, and what was found.
     *
     * @param pairs how many pairs there are
     * @param open how many of them were not run
     */
    String judge(List<String> gained, List<String> lost, int pairs, int open) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "a pass rate not worse than the baseline by %.1f points, with %.1f %% confidence; of %d pairs %d were"
                        + " gained and %d lost",
                100 * margin,
                100 * confidence,
                pairs,
                gained.size(),
                lost.size()));
        if (open > 0) {
            text.append(", and ").append(open).append(" were not run");
        } else if (pairs > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    ", which leaves a loss of %.1f points possible",
                    100 * possibleLoss(gained.size(), lost.size(), pairs)));
        }
        if (pairs > 0 && !isReached(0, 0, pairs)) {
            text.append(String.format(
                    Locale.ROOT,
                    "; even without a change so few pairs leave %.1f points possible: add examples, or allow more",
                    100 * possibleLoss(0, 0, pairs)));
        }
        return text.append("\n  lost    ")
                .append(named(lost))
                .append("\n  gained  ")
                .append(named(gained))
                .toString();
    }

    /** Returns some ids, and how many more there are. */
    static String named(List<String> ids) {
        if (ids.isEmpty()) {
            return "none";
        }
        String more = ids.size() > SHOWN ? " and " + (ids.size() - SHOWN) + " more" : "";
        return String.join(" ", ids.subList(0, Math.min(SHOWN, ids.size()))) + more;
    }
}
