package dev.llmlifecycle.core.reasoning;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A vote among samples that ends when more samples would hardly change it.
 *
 * <p>It is settled when the leader cannot be caught up any more, or when the share of the leader is greater than that
 * of the second with at least the confidence asked for. That probability comes from the Beta distribution over their
 * two shares with a uniform prior, as in Adaptive-Consistency (Aggarwal et al. 2023, "Let's Sample Step by Step"), and
 * is computed exactly.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class MajorityVote {

    /** More samples than that are not asked for. */
    public static final int MOST_SAMPLES = 100;

    private final int samples;
    private final double confidence;
    private final Map<String, Integer> votes = new LinkedHashMap<>();
    private int cast;

    private MajorityVote(int samples, double confidence) {
        this.samples = samples;
        this.confidence = confidence;
    }

    /**
     * Starts a vote.
     *
     * @param samples how many samples there are at most, in [1, {@value #MOST_SAMPLES}]
     * @param confidence the probability at which it is settled, in (0.5, 1]; 1 stops only when nothing can change
     * @return the vote
     */
    public static MajorityVote of(int samples, double confidence) {
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "the samples of a vote must be in [1, " + MOST_SAMPLES + "] but were " + samples);
        }
        if (!(confidence > 0.5 && confidence <= 1)) {
            throw new IllegalArgumentException("the confidence of a vote must be in (0.5, 1] but was " + confidence
                    + "; 0.95 is usual, 1 stops only when nothing can change");
        }
        return new MajorityVote(samples, confidence);
    }

    /**
     * Casts a vote.
     *
     * @param key what the sample says
     * @throws IllegalStateException when all samples have voted
     */
    public void add(String key) {
        if (cast == samples) {
            throw new IllegalStateException("all " + samples + " samples have voted; start another vote");
        }
        votes.merge(key, 1, Integer::sum);
        cast++;
    }

    /**
     * Returns how many have voted.
     *
     * @return at least 0
     */
    public int cast() {
        return cast;
    }

    /**
     * Returns what has the most votes; of several the one that was said first.
     *
     * @return nothing before the first vote
     */
    public Optional<String> winner() {
        String best = null;
        int most = 0;
        for (Map.Entry<String, Integer> entry : votes.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                best = entry.getKey();
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * Returns the share of the votes that the winner has.
     *
     * @return in [0, 1]; 0 before the first vote
     */
    public double share() {
        return cast == 0 ? 0 : (double) counts()[0] / cast;
    }

    /**
     * Returns the probability that the winner has a greater share than the second.
     *
     * @return in [0.5, 1)
     */
    public double probability() {
        int[] counts = counts();
        return aboveHalf(counts[0] + 1, counts[1] + 1);
    }

    /**
     * Tells whether more samples can be saved.
     *
     * @return whether the vote is settled, or all have voted
     */
    public boolean settled() {
        int[] counts = counts();
        int left = samples - cast;
        // The first of a tie wins, but who is caught up may be the later one.
        return left == 0 || counts[0] - counts[1] > left || (cast > 1 && probability() >= confidence);
    }

    private int[] counts() {
        int first = 0;
        int second = 0;
        for (int count : votes.values()) {
            if (count > first) {
                second = first;
                first = count;
            } else if (count > second) {
                second = count;
            }
        }
        return new int[] {first, second};
    }

    /** Returns P(X > 1/2) for X of Beta(a, b): the lower tail of a binomial distribution with probability 1/2. */
    private static double aboveHalf(int a, int b) {
        int n = a + b - 1;
        double term = Math.pow(0.5, n);
        double sum = 0;
        for (int k = 0; k < a; k++) {
            sum += term;
            term = term * (n - k) / (k + 1);
        }
        return Math.min(1, sum);
    }
}
