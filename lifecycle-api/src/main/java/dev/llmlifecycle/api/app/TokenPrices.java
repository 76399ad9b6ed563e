package dev.llmlifecycle.api.app;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * What a model's tokens cost.
 *
 * <p>Immutable.
 *
 * @param inputPerMillion the price of a million input tokens, not negative
 * @param outputPerMillion the price of a million output tokens, not negative
 * @since 0.1
 */
public record TokenPrices(BigDecimal inputPerMillion, BigDecimal outputPerMillion) {

    /** Checks the signs and drops trailing zeros, so that equal prices are equal. */
    public TokenPrices {
        if (Objects.requireNonNull(inputPerMillion, "inputPerMillion").signum() < 0
                || Objects.requireNonNull(outputPerMillion, "outputPerMillion").signum() < 0) {
            throw new IllegalArgumentException("token prices must not be negative but were " + inputPerMillion + " and "
                    + outputPerMillion + "; use 0 for what is free");
        }
        inputPerMillion = normalised(inputPerMillion);
        outputPerMillion = normalised(outputPerMillion);
    }

    /**
     * Returns the cost of a call, exactly.
     *
     * @param inputTokens input tokens, at least 0
     * @param outputTokens output tokens, at least 0
     * @return the cost in the currency of the prices
     */
    public BigDecimal cost(int inputTokens, int outputTokens) {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException("token counts must not be negative but were " + inputTokens + " and "
                    + outputTokens + "; use 0 where unknown");
        }
        return inputPerMillion
                .multiply(BigDecimal.valueOf(inputTokens))
                .add(outputPerMillion.multiply(BigDecimal.valueOf(outputTokens)))
                .movePointLeft(6);
    }

    private static BigDecimal normalised(BigDecimal price) {
        BigDecimal stripped = price.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
