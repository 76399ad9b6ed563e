package dev.llmlifecycle.samples.measure.data;

import dev.llmlifecycle.api.LifecycleException;

/**
 * A folder that is not there, or one in which no file has the rows that are needed.
 *
 * @since 0.1
 */
public final class MissingDataException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was being read, what was found, what to do
     */
    public MissingDataException(String message) {
        super(message);
    }
}
