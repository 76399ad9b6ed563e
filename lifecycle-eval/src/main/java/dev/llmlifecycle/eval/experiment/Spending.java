package dev.llmlifecycle.eval.experiment;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What calls of an experiment used.
 *
 * <p>Immutable.
 *
 * @param calls how many questions were put to an arm, each attempt counted
 * @param tokens input and output tokens
 * @param cost money, in the currency of the prices
 * @since 0.1
 */
public record Spending(long calls, long tokens, BigDecimal cost) {

    /** Nothing at all. */
    public static final Spending NONE = new Spending(0, 0, BigDecimal.ZERO);

    /** Checks the signs, and drops trailing zeros so that equal amounts are equal. */
    public Spending {
        if (calls < 0 || tokens < 0 || Objects.requireNonNull(cost, "cost").signum() < 0) {
            throw new IllegalArgumentException("spending must not be negative but was " + calls + " calls, " + tokens
                    + " tokens and " + cost + "; check what reports it");
        }
        cost = cost.signum() == 0 ? BigDecimal.ZERO : cost.stripTrailingZeros();
    }

    /**
     * Adds.
     *
     * @param other more
     * @return the sum
     */
    public Spending plus(Spending other) {
        return new Spending(
                Math.addExact(calls, other.calls), Math.addExact(tokens, other.tokens), cost.add(other.cost));
    }

    Spending minus(Spending other) {
        return new Spending(calls - other.calls, tokens - other.tokens, cost.subtract(other.cost));
    }

    /** Returns calls, tokens and cost for people. */
    @Override
    public String toString() {
        return calls + " calls, " + tokens + " tokens, cost " + cost.toPlainString();
    }
}
