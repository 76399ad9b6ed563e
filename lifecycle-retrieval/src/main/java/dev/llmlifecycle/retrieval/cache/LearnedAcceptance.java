package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How sure it is that an entry's answer is right for a question of some similarity, learned from comparisons with new
 * answers.
 *
 * <p>The idea is that of vCache (L. G. Schroeder et al., "vCache: Verified Semantic Prompt Caching", 2025): the chance
 * of being right is a logistic curve of the similarity, of each entry its own, learned from the questions that went to
 * the model. The curve here is not the likeliest one with a bound on its parameters, but all curves of a grid, weighted
 * by how well they explain what was seen (Bayes), as the likeliest one is infinitely steep where the two kinds can be
 * parted.
 */
final class LearnedAcceptance {

    private static final int REMEMBERED = 64;
    private static final double[] STEEPNESS = {5, 10, 20, 40, 80};
    /** Up to 1.2: of an entry that never agrees the curve lies beyond every similarity. */
    private static final int MIDDLES = 36;

    private static final double FIRST_MIDDLE = 0.5;
    private static final double STEP = 0.02;
    private static final int CURVES = STEEPNESS.length * MIDDLES;

    private LearnedAcceptance() {}

    /** What was seen of one entry. */
    static final class Observed {

        /** Immutable states, so that a question reads one without a lock. */
        private static final class State {

            private final Deque<double[]> latest;
            private final double[] logWeights;

            private State(Deque<double[]> latest, double[] logWeights) {
                this.latest = latest;
                this.logWeights = logWeights;
            }
        }

        private final AtomicReference<State> state =
                new AtomicReference<>(new State(new ArrayDeque<>(), new double[CURVES]));

        /** Adds a comparison. */
        void add(double similarity, boolean same) {
            double[] added = {similarity, same ? 1 : 0};
            state.updateAndGet(before -> {
                Deque<double[]> latest = new ArrayDeque<>(before.latest);
                double[] logWeights = before.logWeights.clone();
                latest.addLast(added);
                explain(logWeights, added, 1);
                if (latest.size() > REMEMBERED) {
                    explain(logWeights, latest.removeFirst(), -1);
                }
                return new State(latest, logWeights);
            });
        }

        private State current() {
            return Objects.requireNonNull(state.get(), "state");
        }

        int size() {
            return current().latest.size();
        }

        /** Returns the chance that the answer is right, over all curves. */
        double right(double similarity) {
            double[] logWeights = current().logWeights;
            double largest = Arrays.stream(logWeights).max().orElse(0);
            double sum = 0;
            double right = 0;
            for (int curve = 0; curve < CURVES; curve++) {
                double weight = Math.exp(logWeights[curve] - largest);
                sum += weight;
                right += weight * LearnedAcceptance.right(curve, similarity);
            }
            return right / sum;
        }
    }

    private static void explain(double[] logWeights, double[] seen, int sign) {
        for (int curve = 0; curve < CURVES; curve++) {
            double right = right(curve, seen[0]);
            logWeights[curve] += sign * StrictMath.log(seen[1] > 0 ? right : 1 - right);
        }
    }

    /**
     * How much may go wrong: a share of all lookups.
     *
     * <p>A lookup may be answered when what it risks, the chance of being wrong, is small and fits into what is left.
     * As it is decided from the past alone, the expected number of wrong answers stays at or below the share of the
     * lookups. What lookups without a good candidate leave over is there for others; vCache gives each lookup the same
     * share instead, and spends much of it on candidates that are probably wrong.
     */
    static final class Budget {

        private static final double UNITS = 1e9;

        /** Beyond, a candidate is too likely wrong to be answered with, whatever is left. */
        private static final double LARGEST_RISK = 0.2;

        private final long perLookup;
        private final AtomicLong left = new AtomicLong();

        Budget(double errorRate) {
            this.perLookup = (long) (errorRate * UNITS);
        }

        /** Counts a lookup, and says whether it may be answered at its risk. */
        boolean spend(double right) {
            left.addAndGet(perLookup);
            double risk = 1 - right;
            if (risk > LARGEST_RISK) {
                return false;
            }
            long cost = (long) Math.ceil(risk * UNITS);
            long before = left.getAndUpdate(now -> now >= cost ? now - cost : now);
            return before >= cost;
        }
    }

    private static double right(int curve, double similarity) {
        int step = curve / STEEPNESS.length;
        double middle = FIRST_MIDDLE + STEP * step;
        double p = 1 / (1 + Math.exp(-STEEPNESS[curve % STEEPNESS.length] * (similarity - middle)));
        return Math.max(1e-6, Math.min(1 - 1e-6, p));
    }
}
