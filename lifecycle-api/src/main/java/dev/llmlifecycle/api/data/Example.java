package dev.llmlifecycle.api.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An input with the outputs that would be right for it, and its labels.
 *
 * <p>Immutable.
 *
 * @param id unique within a dataset, never blank
 * @param input what is asked, never blank
 * @param expected the acceptable outputs, any of which is right; empty where the right outcome is no answer
 * @param labels labels by name, such as {@code answerable=no}, in the order of the names
 * @param provenance origin and licence
 * @since 0.1
 */
public record Example(
        String id, String input, List<String> expected, Map<String, String> labels, Provenance provenance) {

    /** Checks and copies. */
    public Example {
        if (Objects.requireNonNull(id, "id").isBlank()) {
            throw new IllegalArgumentException("the id of an example is blank; give each example a unique id");
        }
        if (Objects.requireNonNull(input, "input").isBlank()) {
            throw new IllegalArgumentException("the input of example '" + id + "' is blank; remove it or fill it in");
        }
        expected = List.copyOf(expected);
        labels = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(labels)));
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Starts an example.
     *
     * @param id unique within a dataset
     * @param input what is asked
     * @return a builder
     */
    public static Builder builder(String id, String input) {
        return new Builder(id, input);
    }

    /**
     * Returns this example as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        return Map.of(
                "id", id,
                "input", input,
                "expected", expected,
                "labels", labels,
                "source", provenance.source(),
                "licence", provenance.licence());
    }

    /** Builds an {@link Example}. Not thread-safe. */
    public static final class Builder {

        private final String id;
        private final String input;
        private final List<String> expected = new ArrayList<>();
        private final Map<String, String> labels = new TreeMap<>();
        private Provenance provenance = Provenance.UNKNOWN;

        private Builder(String id, String input) {
            this.id = Objects.requireNonNull(id, "id");
            this.input = Objects.requireNonNull(input, "input");
        }

        /**
         * Adds acceptable outputs; any of them is right. Default: none.
         *
         * @param outputs the outputs
         * @return this builder
         */
        public Builder expected(String... outputs) {
            expected.addAll(List.of(outputs));
            return this;
        }

        /**
         * Sets a label. Default: none.
         *
         * @param name the label's name
         * @param value the label's value
         * @return this builder
         */
        public Builder label(String name, String value) {
            labels.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets origin and licence. Default: {@link Provenance#UNKNOWN}.
         *
         * @param provenance origin and licence
         * @return this builder
         */
        public Builder provenance(Provenance provenance) {
            this.provenance = Objects.requireNonNull(provenance, "provenance");
            return this;
        }

        /**
         * Builds the example.
         *
         * @return the example
         */
        public Example build() {
            return new Example(id, input, expected, labels, provenance);
        }
    }
}
