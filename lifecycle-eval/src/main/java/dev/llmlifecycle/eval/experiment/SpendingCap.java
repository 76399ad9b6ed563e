package dev.llmlifecycle.eval.experiment;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * The most that an experiment may use: calls, tokens, money.
 *
 * <p>Immutable. Before each call what one call can use at most is set aside, and settled for what it did use when the
 * answer is there, so that calls in flight together never pass the cap as long as no call uses more than was set aside.
 * A call that reports no tokens or cost counts with all that was set aside for it.
 *
 * <pre>{@code
 * SpendingCap cap = SpendingCap.builder()
 *         .calls(20_000)
 *         .tokens(5_000_000, 4_000)
 *         .cost(new BigDecimal("10.00"), new BigDecimal("0.01"))
 *         .build();
 * }</pre>
 *
 * @param calls the most calls
 * @param tokens the most tokens
 * @param cost the most money
 * @param perCall what is set aside for one call
 * @since 0.1
 */
public record SpendingCap(OptionalLong calls, OptionalLong tokens, Optional<BigDecimal> cost, Spending perCall) {

    /** No cap at all. */
    public static final SpendingCap NONE = builder().build();

    /** Checks that nothing is missing. */
    public SpendingCap {
        Objects.requireNonNull(calls, "calls");
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(perCall, "perCall");
    }

    /**
     * Starts a cap.
     *
     * @return a builder without any
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Tells whether so much would not pass the cap. */
    boolean allows(Spending spending) {
        return (calls.isEmpty() || spending.calls() <= calls.getAsLong())
                && (tokens.isEmpty() || spending.tokens() <= tokens.getAsLong())
                && cost.map(most -> spending.cost().compareTo(most) <= 0).orElse(true);
    }

    /** Returns the limits for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        calls.ifPresent(most -> text.append(most).append(" calls, "));
        tokens.ifPresent(most -> text.append(most).append(" tokens, "));
        cost.ifPresent(most -> text.append("cost ").append(most.toPlainString()).append(", "));
        return text.isEmpty() ? "none" : text.substring(0, text.length() - 2);
    }

    /** Builds a {@link SpendingCap}. Not thread-safe. */
    public static final class Builder {

        private @Nullable Long calls;
        private @Nullable Long tokens;
        private @Nullable BigDecimal cost;
        private long tokensPerCall;
        private BigDecimal costPerCall = BigDecimal.ZERO;

        private Builder() {}

        /**
         * Caps the calls, attempts after failures counted. Default: none.
         *
         * @param most at least 1
         * @return this builder
         */
        public Builder calls(long most) {
            require(most >= 1, "calls", most);
            this.calls = most;
            return this;
        }

        /**
         * Caps the tokens. Default: none.
         *
         * @param most at least {@code perCall}
         * @param perCall the most that one call can use, input and output, at least 1
         * @return this builder
         */
        public Builder tokens(long most, long perCall) {
            require(perCall >= 1 && perCall <= most, "tokens", most);
            this.tokens = most;
            this.tokensPerCall = perCall;
            return this;
        }

        /**
         * Caps the money. Default: none.
         *
         * @param most at least {@code perCall}
         * @param perCall the most that one call can cost, above 0
         * @return this builder
         */
        public Builder cost(BigDecimal most, BigDecimal perCall) {
            require(perCall.signum() > 0 && perCall.compareTo(most) <= 0, "money", most);
            this.cost = most;
            this.costPerCall = perCall;
            return this;
        }

        /**
         * Builds the cap.
         *
         * @return the cap
         */
        public SpendingCap build() {
            return new SpendingCap(
                    calls == null ? OptionalLong.empty() : OptionalLong.of(calls),
                    tokens == null ? OptionalLong.empty() : OptionalLong.of(tokens),
                    Optional.ofNullable(cost),
                    new Spending(1, tokensPerCall, costPerCall));
        }

        private static void require(boolean holds, String what, Object most) {
            if (!holds) {
                throw new IllegalArgumentException("the cap on " + what + " is " + most
                        + " and leaves no room for a single call; raise it, or say less per call, but above 0");
            }
        }
    }
}
