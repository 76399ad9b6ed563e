package dev.llmlifecycle.core.prompt;

import java.util.Objects;

import dev.llmlifecycle.api.LifecycleException;

/**
 * An answer is not the JSON that its output schema describes.
 *
 * <p>It says where, and never what the answer holds there.
 *
 * @since 0.1
 */
public final class UnreadableOutputException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final String path;
    private final String found;

    UnreadableOutputException(String type, String path, String found) {
        super("Reading an answer as " + type + " failed at " + path + ": it " + found
                + "; ask the model again, or for less at once");
        this.path = Objects.requireNonNull(path, "path");
        this.found = Objects.requireNonNull(found, "found");
    }

    /**
     * Returns where in the answer the mistake is.
     *
     * @return a path such as {@code $.orders[1].total}; {@code $} is the answer as a whole, and {@code *} any key of a
     *     map
     */
    public String path() {
        return path;
    }

    String found() {
        return found;
    }
}
