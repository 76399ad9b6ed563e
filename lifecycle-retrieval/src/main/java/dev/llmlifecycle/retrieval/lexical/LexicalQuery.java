package dev.llmlifecycle.retrieval.lexical;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.store.embedding.filter.Filter;

/**
 * What to look for in a {@link LexicalIndex}.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class LexicalQuery {

    private final String text;
    private final int k;
    private final Optional<Filter> filter;
    private final Optional<Instant> deadline;
    private final boolean explain;

    private LexicalQuery(Builder builder) {
        this.text = builder.text;
        this.k = builder.k;
        this.filter = builder.filter;
        this.deadline = builder.deadline;
        this.explain = builder.explain;
    }

    /**
     * Asks for the best entries and nothing else.
     *
     * @param text the question
     * @param k how many at most, at least 1
     * @return the query
     */
    public static LexicalQuery of(String text, int k) {
        return builder(text).k(k).build();
    }

    /**
     * Starts a query.
     *
     * @param text the question: plain text, in which no character has a meaning of its own; one without a word finds
     *     nothing
     * @return a builder
     */
    public static Builder builder(String text) {
        return new Builder(text);
    }

    String text() {
        return text;
    }

    int k() {
        return k;
    }

    Optional<Filter> filter() {
        return filter;
    }

    Optional<Instant> deadline() {
        return deadline;
    }

    boolean explain() {
        return explain;
    }

    /**
     * Builds a query.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final String text;
        private int k = 10;
        private Optional<Filter> filter = Optional.empty();
        private Optional<Instant> deadline = Optional.empty();
        private boolean explain;

        private Builder(String text) {
            this.text = Objects.requireNonNull(text, "text");
        }

        /**
         * Sets how many entries come at most.
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
         * Sets whether each match says what each term adds to its score.
         *
         * @param explain default false
         * @return this builder
         */
        public Builder explain(boolean explain) {
            this.explain = explain;
            return this;
        }

        /**
         * Builds the query.
         *
         * @return the query
         */
        public LexicalQuery build() {
            return new LexicalQuery(this);
        }
    }

    @Override
    public String toString() {
        return "LexicalQuery[" + text.length() + " characters, k " + k
                + filter.map(any -> ", filtered").orElse("") + "]";
    }
}
