package dev.llmlifecycle.core.resilience;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * No model of a chain gave an answer.
 *
 * <p>The message names the attempts, never what was asked or what the endpoint wrote; the last failure is the cause.
 *
 * @since 0.1
 */
public final class ModelCallException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final transient List<FailedAttempt> attempts;

    ModelCallException(String model, FailureKind kind, List<FailedAttempt> attempts, @Nullable Throwable cause) {
        super(message(model, kind, attempts, cause), cause);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.attempts = List.copyOf(attempts);
    }

    /**
     * Returns the kind of the last failure.
     *
     * @return the kind
     */
    public FailureKind kind() {
        return kind;
    }

    /**
     * Returns the attempts.
     *
     * @return in the order they were made; a model that was left out because its circuit is open counts as one
     */
    public List<FailedAttempt> attempts() {
        return attempts;
    }

    private static String message(
            String model, FailureKind kind, List<FailedAttempt> attempts, @Nullable Throwable cause) {
        Map<String, List<String>> byModel = new LinkedHashMap<>();
        attempts.forEach(attempt -> byModel.computeIfAbsent(attempt.model(), name -> new ArrayList<>())
                .add(attempt.kind().name()));
        StringJoiner tried = new StringJoiner("; ", " (", ")").setEmptyValue("");
        byModel.forEach((name, kinds) -> tried.add(name + ": " + String.join(", ", kinds)));
        String last = cause == null ? kind.name() : cause.getClass().getSimpleName();
        return "Calling the model '" + model + "' failed after " + attempts.size()
                + (attempts.size() == 1 ? " attempt" : " attempts") + tried + ", at last with " + last + "; "
                + kind.remedy();
    }
}
