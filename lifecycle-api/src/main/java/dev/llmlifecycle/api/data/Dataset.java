package dev.llmlifecycle.api.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import dev.llmlifecycle.api.identity.Hash;

/**
 * An ordered, versioned set of examples with one hash over all of them.
 *
 * <p>Immutable. Two datasets are equal when their hashes are.
 *
 * @since 0.1
 */
public final class Dataset {

    private final String name;
    private final String version;
    private final List<Example> examples;
    private final Hash hash;

    private Dataset(String name, String version, List<Example> examples) {
        this.name = name;
        this.version = version;
        this.examples = List.copyOf(examples);
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < this.examples.size(); i++) {
            Integer earlier = positions.put(this.examples.get(i).id(), i);
            if (earlier != null) {
                throw new IllegalArgumentException("dataset '" + name + "' has the id '"
                        + this.examples.get(i).id() + "' at positions " + earlier + " and " + i
                        + "; give each example an id of its own");
            }
        }
        this.hash = Hash.ofCanonicalJson(Map.of(
                "type",
                "dataset",
                "name",
                name,
                "version",
                version,
                "examples",
                this.examples.stream().map(Example::toCanonical).toList()));
    }

    /**
     * Starts a dataset.
     *
     * @param name its name, never blank
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Returns the name.
     *
     * @return never blank
     */
    public String name() {
        return name;
    }

    /**
     * Returns the version.
     *
     * @return never blank
     */
    public String version() {
        return version;
    }

    /**
     * Returns the examples.
     *
     * @return an unmodifiable list in the order they were added
     */
    public List<Example> examples() {
        return examples;
    }

    /**
     * Returns the number of examples.
     *
     * @return at least 0
     */
    public int size() {
        return examples.size();
    }

    /**
     * Returns the hash over name, version and every example in order.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return hash;
    }

    /**
     * Returns the examples that pass a test, as a dataset of their own.
     *
     * @param subset what the subset is called, never blank; it is appended to the version
     * @param test which examples to keep
     * @return the subset, in the same order
     */
    public Dataset subset(String subset, Predicate<Example> test) {
        if (Objects.requireNonNull(subset, "subset").isBlank()) {
            throw new IllegalArgumentException("the name of a subset of dataset '" + name + "' is blank; name it");
        }
        return new Dataset(
                name, version + "/" + subset, examples.stream().filter(test).toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dataset that && hash.equals(that.hash);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    /** Returns name, version, size and short hash. */
    @Override
    public String toString() {
        return name + ":" + version + " (" + examples.size() + " examples, " + hash.shortForm() + ")";
    }

    /** Builds a {@link Dataset}. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final List<Example> examples = new ArrayList<>();
        private String version = "1";

        private Builder(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("the name of a dataset is blank; give it a name");
            }
            this.name = name;
        }

        /**
         * Sets the version. Default: {@code 1}.
         *
         * @param version never blank
         * @return this builder
         */
        public Builder version(String version) {
            if (Objects.requireNonNull(version, "version").isBlank()) {
                throw new IllegalArgumentException(
                        "the version of dataset '" + name + "' is blank; leave it out or name it");
            }
            this.version = version;
            return this;
        }

        /**
         * Adds an example.
         *
         * @param example the example
         * @return this builder
         */
        public Builder add(Example example) {
            examples.add(Objects.requireNonNull(example, "example"));
            return this;
        }

        /**
         * Adds examples in their order.
         *
         * @param more the examples
         * @return this builder
         */
        public Builder addAll(Iterable<Example> more) {
            more.forEach(this::add);
            return this;
        }

        /**
         * Builds the dataset and its hash.
         *
         * @return the dataset
         * @throws IllegalArgumentException when two examples share an id
         */
        public Dataset build() {
            return new Dataset(name, version, examples);
        }
    }
}
