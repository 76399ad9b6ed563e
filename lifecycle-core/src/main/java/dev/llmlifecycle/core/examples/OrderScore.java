package dev.llmlifecycle.core.examples;

import java.util.Objects;

/**
 * How well an order did on a validation set.
 *
 * <p>Immutable.
 *
 * @param order the order
 * @param mean the mean of its scores
 * @param questions how many questions it was tried on
 * @since 0.1
 */
public record OrderScore(ExampleOrder order, double mean, int questions) {

    /** Checks for null. */
    public OrderScore {
        Objects.requireNonNull(order, "order");
    }
}
