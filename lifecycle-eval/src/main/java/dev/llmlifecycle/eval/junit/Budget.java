package dev.llmlifecycle.eval.junit;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.TokenPrices;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent on calls that reach a model, and what was.
 *
 * <p>A call is counted before it is made. Tokens and cost are known after it, so the calls that are under way when the
 * limit is reached may pass it; none begins after that.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Budget {

    private final long maxCalls;
    private final long maxTokens;
    private final Optional<BigDecimal> maxCost;
    private final Optional<TokenPrices> prices;
    private final ReentrantLock lock = new ReentrantLock();
    private long calls;
    private long inputTokens;
    private long outputTokens;
    private boolean refused;

    private Budget(Builder builder) {
        this.maxCalls = builder.maxCalls;
        this.maxTokens = builder.maxTokens;
        this.maxCost = Optional.ofNullable(builder.maxCost);
        this.prices = Optional.ofNullable(builder.prices);
    }

    /**
     * Starts a budget.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a budget without limits, which only counts.
     *
     * @return the budget
     */
    public static Budget unlimited() {
        return builder().build();
    }

    /**
     * Takes a call out of the budget, before it is made.
     *
     * @throws BudgetExhaustedException when the budget is used up
     */
    public void reserveCall() {
        lock.lock();
        try {
            Optional<String> limit = limit();
            if (limit.isPresent()) {
                refused = true;
                throw new BudgetExhaustedException("Asking the model: the budget of " + limit.get()
                        + " is used up after " + calls + " calls and " + (inputTokens + outputTokens)
                        + " tokens; raise it, or replay what is recorded");
            }
            calls++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds what a call has used.
     *
     * @param usage the tokens, or null where the model reports none
     */
    public void add(@Nullable TokenUsage usage) {
        if (usage == null) {
            return;
        }
        lock.lock();
        try {
            inputTokens += count(usage.inputTokenCount());
            outputTokens += count(usage.outputTokenCount());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Tells whether a call was refused.
     *
     * @return true once the budget was not enough
     */
    public boolean isExhausted() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns how many calls were made.
     *
     * @return at least 0
     */
    public long calls() {
        lock.lock();
        try {
            return calls;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns how many tokens were used, of input and output together.
     *
     * @return at least 0
     */
    public long tokens() {
        lock.lock();
        try {
            return inputTokens + outputTokens;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns what the calls cost.
     *
     * @return the cost, or nothing where there are no prices
     */
    public Optional<BigDecimal> cost() {
        lock.lock();
        try {
            return spent();
        } finally {
            lock.unlock();
        }
    }

    private Optional<BigDecimal> spent() {
        return prices.map(price -> price.inputPerMillion()
                .multiply(BigDecimal.valueOf(inputTokens))
                .add(price.outputPerMillion().multiply(BigDecimal.valueOf(outputTokens)))
                .movePointLeft(6));
    }

    private Optional<String> limit() {
        if (calls >= maxCalls) {
            return Optional.of(maxCalls + " calls");
        }
        if (inputTokens + outputTokens >= maxTokens) {
            return Optional.of(maxTokens + " tokens");
        }
        return maxCost.filter(most -> spent().orElse(BigDecimal.ZERO).compareTo(most) >= 0)
                .map(most -> most.toPlainString() + " of money");
    }

    private static int count(@Nullable Integer tokens) {
        return tokens == null ? 0 : tokens;
    }

    /** Builds a {@link Budget}. Not thread-safe. */
    public static final class Builder {

        private long maxCalls = Long.MAX_VALUE;
        private long maxTokens = Long.MAX_VALUE;
        private @Nullable BigDecimal maxCost;
        private @Nullable TokenPrices prices;

        private Builder() {}

        /**
         * Sets the highest number of calls. Default: no limit.
         *
         * @param calls at least 0
         * @return this builder
         */
        public Builder maxCalls(long calls) {
            this.maxCalls = requireNotNegative(calls, "calls");
            return this;
        }

        /**
         * Sets the highest number of tokens, of input and output together. Default: no limit.
         *
         * @param tokens at least 0
         * @return this builder
         */
        public Builder maxTokens(long tokens) {
            this.maxTokens = requireNotNegative(tokens, "tokens");
            return this;
        }

        /**
         * Sets what tokens cost. Default: nothing is known of it.
         *
         * @param prices the prices
         * @return this builder
         */
        public Builder prices(TokenPrices prices) {
            this.prices = Objects.requireNonNull(prices, "prices");
            return this;
        }

        /**
         * Sets the highest cost. Default: no limit.
         *
         * @param cost in the currency of the prices, not negative
         * @return this builder
         */
        public Builder maxCost(BigDecimal cost) {
            if (cost.signum() < 0) {
                throw new IllegalArgumentException(
                        "a budget must not be negative but was " + cost + "; use 0 to allow no call");
            }
            this.maxCost = cost;
            return this;
        }

        /**
         * Builds the budget.
         *
         * @return the budget
         * @throws IllegalStateException when the cost is limited and there are no prices
         */
        public Budget build() {
            if (maxCost != null && maxCost.signum() > 0 && prices == null) {
                throw new IllegalStateException(
                        "a budget of " + maxCost.toPlainString() + " needs to know what tokens cost; set prices(...)");
            }
            return new Budget(this);
        }

        private static long requireNotNegative(long value, String what) {
            if (value < 0) {
                throw new IllegalArgumentException(
                        "a budget of " + what + " must not be negative but was " + value + "; use 0 to allow no call");
            }
            return value;
        }
    }
}
