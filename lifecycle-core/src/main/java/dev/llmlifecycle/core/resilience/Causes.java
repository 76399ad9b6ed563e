package dev.llmlifecycle.core.resilience;

import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** Looks into a chain of causes, which may be a ring. */
final class Causes {

    private static final int DEEPEST = 20;

    private Causes() {}

    /** Returns what the function says of the first failure, from the outermost in, of which it says anything. */
    static <T> Optional<T> first(Throwable failure, Function<Throwable, @Nullable T> function) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            T found = function.apply(cause);
            if (found != null) {
                return Optional.of(found);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    static <T> Optional<T> find(Throwable failure, Class<T> type) {
        return first(failure, cause -> type.isInstance(cause) ? type.cast(cause) : null);
    }
}
