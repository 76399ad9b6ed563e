package dev.llmlifecycle.api.prompt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model parameters that belong to a prompt; what is absent is left to the model.
 *
 * <p>Immutable.
 *
 * @param temperature sampling temperature in [0, 2]
 * @param topP nucleus sampling mass in (0, 1]
 * @param maxOutputTokens the longest answer in tokens, at least 1
 * @param stopSequences texts that end the answer, none empty
 * @since 0.1
 */
public record ModelParameters(
        Optional<Double> temperature,
        Optional<Double> topP,
        Optional<Integer> maxOutputTokens,
        List<String> stopSequences) {

    /** Nothing set. */
    public static final ModelParameters NONE =
            new ModelParameters(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /** Checks the ranges and copies. */
    public ModelParameters {
        temperature.ifPresent(value -> require(value >= 0 && value <= 2, "temperature", "[0, 2]", value));
        topP.ifPresent(value -> require(value > 0 && value <= 1, "topP", "(0, 1]", value));
        maxOutputTokens.ifPresent(value -> require(value >= 1, "maxOutputTokens", "[1, 2147483647]", value));
        temperature = temperature.map(value -> value + 0.0); // -0.0 has the hash of 0.0, so let it be equal too
        stopSequences = List.copyOf(stopSequences);
        if (stopSequences.contains("")) {
            throw new IllegalArgumentException("a stop sequence is empty and would end every answer; leave it out");
        }
    }

    /**
     * Starts with nothing set.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>();
        temperature.ifPresent(value -> canonical.put("temperature", value));
        topP.ifPresent(value -> canonical.put("topP", value));
        maxOutputTokens.ifPresent(value -> canonical.put("maxOutputTokens", value));
        if (!stopSequences.isEmpty()) {
            canonical.put("stopSequences", stopSequences);
        }
        return canonical;
    }

    private static void require(boolean holds, String what, String range, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("the model parameter " + what + " must be in " + range + " but was "
                    + value + "; correct or leave it out");
        }
    }

    /** Builds {@link ModelParameters}. Not thread-safe. */
    public static final class Builder {

        private Optional<Double> temperature = Optional.empty();
        private Optional<Double> topP = Optional.empty();
        private Optional<Integer> maxOutputTokens = Optional.empty();
        private List<String> stopSequences = List.of();

        private Builder() {}

        /**
         * Sets the sampling temperature. Default: the model's.
         *
         * @param temperature in [0, 2]
         * @return this builder
         */
        public Builder temperature(double temperature) {
            this.temperature = Optional.of(temperature);
            return this;
        }

        /**
         * Sets the nucleus sampling mass. Default: the model's.
         *
         * @param topP in (0, 1]
         * @return this builder
         */
        public Builder topP(double topP) {
            this.topP = Optional.of(topP);
            return this;
        }

        /**
         * Sets the longest answer. Default: the model's.
         *
         * @param maxOutputTokens in tokens, at least 1
         * @return this builder
         */
        public Builder maxOutputTokens(int maxOutputTokens) {
            this.maxOutputTokens = Optional.of(maxOutputTokens);
            return this;
        }

        /**
         * Sets the texts that end the answer. Default: none.
         *
         * @param stopSequences the texts
         * @return this builder
         */
        public Builder stopSequences(String... stopSequences) {
            this.stopSequences = List.of(stopSequences);
            return this;
        }

        /**
         * Builds the parameters.
         *
         * @return the parameters
         * @throws IllegalArgumentException when one is out of its range
         */
        public ModelParameters build() {
            return new ModelParameters(temperature, topP, maxOutputTokens, stopSequences);
        }
    }
}
