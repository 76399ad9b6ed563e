package dev.llmlifecycle.core.resilience;

import dev.langchain4j.exception.TimeoutException;

/** How one attempt ended. */
sealed interface Result<T> {

    /** It gave a value. */
    record Answered<T>(T value) implements Result<T> {}

    /** It did not. */
    record Failed<T>(Failure failure) implements Result<T> {}

    static <T> Result<T> failed(Throwable thrown) {
        return new Failed<>(Failure.of(thrown, false));
    }

    static <T> Result<T> timedOut(String what, boolean begun) {
        return new Failed<>(Failure.of(new TimeoutException(what), begun));
    }
}
