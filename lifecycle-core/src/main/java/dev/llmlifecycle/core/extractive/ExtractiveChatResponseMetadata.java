package dev.llmlifecycle.core.extractive;

import java.util.Objects;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ExtractiveChatModel} says of an answer beside its text: how well the passages support it.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class ExtractiveChatResponseMetadata extends ChatResponseMetadata {

    private final double support;

    private ExtractiveChatResponseMetadata(Builder builder) {
        super(builder);
        this.support = builder.support;
    }

    /**
     * Starts metadata.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns how well question, best sentence and its passage go together: the number that the model compares with its
     * {@linkplain ExtractiveChatModel.Builder#minimumScore minimum} when it decides whether to answer.
     *
     * @return the support, mostly between 0 and 1.5, and negative infinity where there was nothing to quote
     */
    public double support() {
        return support;
    }

    @Override
    public Builder toBuilder() {
        Builder builder = new Builder();
        super.toBuilder(builder);
        return builder.support(support);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExtractiveChatResponseMetadata that
                && super.equals(other)
                && Double.compare(support, that.support) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), support);
    }

    @Override
    public String toString() {
        return "ExtractiveChatResponseMetadata{support=" + support + ", " + super.toString() + "}";
    }

    /** Builds {@link ExtractiveChatResponseMetadata}. Not thread-safe. */
    public static final class Builder extends ChatResponseMetadata.Builder<Builder> {

        private double support = Double.NEGATIVE_INFINITY;

        private Builder() {}

        /**
         * Sets how well the passages support the answer. Default: negative infinity, for nothing to quote.
         *
         * @param support not NaN
         * @return this builder
         */
        public Builder support(double support) {
            if (Double.isNaN(support)) {
                throw new IllegalArgumentException(
                        "support must be a number but was NaN; leave it out where there is" + " nothing to quote");
            }
            this.support = support;
            return this;
        }

        @Override
        public ExtractiveChatResponseMetadata build() {
            return new ExtractiveChatResponseMetadata(this);
        }
    }
}
