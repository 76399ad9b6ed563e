package dev.llmlifecycle.api.identity;

/**
 * A part of an application that can say which behaviour it has, so that a release hash can cover it.
 *
 * @since 0.1
 */
public interface Identified {

    /**
     * Returns the identity of this part.
     *
     * @return the same identity for the life of the part
     */
    Identity identity();
}
