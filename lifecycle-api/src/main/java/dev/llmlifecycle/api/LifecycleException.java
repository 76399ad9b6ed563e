package dev.llmlifecycle.api;

import dev.langchain4j.exception.LangChain4jException;
import org.jspecify.annotations.Nullable;

/**
 * The root of all failures of the outside world that this library reports: files, endpoints, damaged data.
 *
 * <p>It descends from LangChain4j's own root, so a host that handles one handles both. A caller's mistake is an
 * {@link IllegalArgumentException}, {@link IllegalStateException} or {@link NullPointerException} instead. Messages
 * name what was being done, what was found and what to do; they never hold prompts, answers or secrets.
 *
 * @since 0.1
 */
public class LifecycleException extends LangChain4jException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what was being done, what was found, what to do
     */
    public LifecycleException(String message) {
        super(message);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param message what was being done, what was found, what to do
     * @param cause the failure underneath
     */
    public LifecycleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
