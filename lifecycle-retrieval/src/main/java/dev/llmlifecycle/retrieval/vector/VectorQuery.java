package dev.llmlifecycle.retrieval.vector;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

import dev.langchain4j.store.embedding.filter.Filter;

/**
 * What to look for in a {@link VectorIndex}.
 *
 * <p>Immutable: the vector is copied in.
 *
 * @since 0.1
 */
public final class VectorQuery {

    private final float[] vector;
    private final int k;
    private final OptionalInt width;
    private final double minScore;
    private final Optional<Filter> filter;
    private final Optional<Instant> deadline;
    private final boolean exact;

    private VectorQuery(Builder builder) {
        this.vector = builder.vector.clone();
        this.k = builder.k;
        this.width = builder.width;
        this.minScore = builder.minScore;
        this.filter = builder.filter;
        this.deadline = builder.deadline;
        this.exact = builder.exact;
    }

    /**
     * Asks for the nearest entries and nothing else.
     *
     * @param vector what to be near to
     * @param k how many at most, at least 1
     * @return the query
     */
    public static VectorQuery of(float[] vector, int k) {
        return builder(vector).k(k).build();
    }

    /**
     * Starts a query.
     *
     * @param vector what to be near to
     * @return a builder
     */
    public static Builder builder(float[] vector) {
        return new Builder(vector);
    }

    float[] vector() {
        return vector;
    }

    int k() {
        return k;
    }

    OptionalInt width() {
        return width;
    }

    double minScore() {
        return minScore;
    }

    Optional<Filter> filter() {
        return filter;
    }

    Optional<Instant> deadline() {
        return deadline;
    }

    boolean exact() {
        return exact;
    }

    /** Returns the same query with another width and without a deadline. */
    VectorQuery withWidth(int other) {
        Builder builder = toBuilder().width(other);
        builder.deadline = Optional.empty();
        return builder.build();
    }

    /** Returns the same query without a deadline, answered by comparing every entry. */
    VectorQuery asExact() {
        Builder builder = toBuilder().exact(true);
        builder.deadline = Optional.empty();
        return builder.build();
    }

    private Builder toBuilder() {
        Builder builder = new Builder(vector);
        builder.k = k;
        builder.width = width;
        builder.minScore = minScore;
        builder.filter = filter;
        builder.deadline = deadline;
        builder.exact = exact;
        return builder;
    }

    /**
     * Builds a query.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final float[] vector;
        private int k = 10;
        private OptionalInt width = OptionalInt.empty();
        private double minScore = Double.NEGATIVE_INFINITY;
        private Optional<Filter> filter = Optional.empty();
        private Optional<Instant> deadline = Optional.empty();
        private boolean exact;

        private Builder(float[] vector) {
            this.vector = vector.clone();
        }

        /**
         * Sets how many entries come at most; of an index that has fewer, all come.
         *
         * @param k default 10, at least 1
         * @return this builder
         */
        public Builder k(int k) {
            if (k < 1) {
                throw new IllegalArgumentException("a query asks for " + k + " entries; ask for at least 1");
            }
            this.k = k;
            return this;
        }

        /**
         * Sets how many near entries a search in a graph keeps in sight (efSearch): wider is slower and finds more.
         *
         * @param width default that of the index; where it is less than {@code k}, {@code k} counts
         * @return this builder
         */
        public Builder width(int width) {
            if (width < 1) {
                throw new IllegalArgumentException("the width of a query is " + width + "; it must be at least 1");
            }
            this.width = OptionalInt.of(width);
            return this;
        }

        /**
         * Sets the score that an entry must have at least.
         *
         * @param minScore default none; see {@link VectorSimilarity} for what scores there are
         * @return this builder
         */
        public Builder minScore(double minScore) {
            if (Double.isNaN(minScore)) {
                throw new IllegalArgumentException(
                        "the minimum score of a query is not a number; leave it out to have all");
            }
            this.minScore = minScore;
            return this;
        }

        /**
         * Sets which entries count at all, by their metadata.
         *
         * @param filter default none
         * @return this builder
         */
        public Builder filter(Filter filter) {
            this.filter = Optional.of(filter);
            return this;
        }

        /**
         * Sets when the answer is of no use any more, by the index's clock.
         *
         * @param deadline default none
         * @return this builder
         */
        public Builder deadline(Instant deadline) {
            this.deadline = Optional.of(deadline);
            return this;
        }

        /**
         * Sets whether every entry is compared, whatever graphs there are.
         *
         * @param exact default false
         * @return this builder
         */
        public Builder exact(boolean exact) {
            this.exact = exact;
            return this;
        }

        /**
         * Builds the query.
         *
         * @return the query
         */
        public VectorQuery build() {
            return new VectorQuery(this);
        }
    }

    @Override
    public String toString() {
        return "VectorQuery[" + vector.length + " dimensions, k " + k
                + filter.map(any -> ", filtered").orElse("") + "]";
    }
}
