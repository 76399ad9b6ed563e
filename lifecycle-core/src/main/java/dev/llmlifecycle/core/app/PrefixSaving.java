package dev.llmlifecycle.core.app;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;

/**
 * What a provider's cache of prompt prefixes spared, from the numbers that it reported.
 *
 * <p>Counted are the model calls whose usage says how many input tokens were cached; others say nothing and count for
 * nothing. Immutable.
 *
 * @param calls how many calls said so
 * @param inputTokens their input tokens
 * @param cachedTokens how many of those were cached
 * @since 0.1
 */
@Incubating
public record PrefixSaving(long calls, long inputTokens, long cachedTokens) {

    /** The attribute of a model step that says how many input tokens were cached. */
    public static final String CACHED_INPUT_TOKENS = "cachedInputTokens";

    /** Checks the counts. */
    public PrefixSaving {
        if (calls < 0 || inputTokens < 0 || cachedTokens < 0) {
            throw new IllegalArgumentException("counts must not be negative but were " + calls + ", " + inputTokens
                    + " and " + cachedTokens + "; use 0 for none");
        }
    }

    /**
     * Adds up what interactions tell.
     *
     * @param interactions the interactions
     * @return the sums; attributes that are no numbers are passed over
     */
    public static PrefixSaving of(Collection<Interaction> interactions) {
        long calls = 0;
        long input = 0;
        long cached = 0;
        for (Interaction interaction : interactions) {
            for (Step step : interaction.steps()) {
                Optional<Long> told = step.type().equals(Step.MODEL)
                        ? number(step.attributes(), CACHED_INPUT_TOKENS)
                        : Optional.empty();
                if (told.isPresent()) {
                    calls++;
                    cached += told.get();
                    input += number(step.attributes(), "inputTokens").orElse(0L);
                }
            }
        }
        return new PrefixSaving(calls, input, cached);
    }

    /**
     * Returns the share of input tokens that were cached.
     *
     * @return in [0, 1] where the provider counts as it should, or nothing without input tokens
     */
    public OptionalDouble share() {
        return inputTokens == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) cachedTokens / inputTokens);
    }

    /**
     * Returns the money that was spared.
     *
     * @param prices the prices of the model, without the discount
     * @param discount what is taken off the price of a cached token, in [0, 1], such as 0.5
     * @return the sum in the currency of the prices
     */
    public BigDecimal saved(TokenPrices prices, BigDecimal discount) {
        if (discount.signum() < 0 || discount.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException(
                    "the discount must be in [0, 1] but was " + discount + "; 0.5 is half of the price");
        }
        return prices.inputPerMillion()
                .multiply(BigDecimal.valueOf(cachedTokens))
                .multiply(discount)
                .movePointLeft(6);
    }

    private static Optional<Long> number(Map<String, String> attributes, String name) {
        String text = attributes.get(name);
        boolean digits = text != null
                && text.length() < 19
                && !text.isEmpty()
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
