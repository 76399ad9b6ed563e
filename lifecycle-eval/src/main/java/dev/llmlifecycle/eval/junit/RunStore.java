package dev.llmlifecycle.eval.junit;

import java.util.Objects;
import java.util.function.Supplier;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Keeps things in JUnit's store, through the methods that JUnit 5.11 and 6 have in common; 6 has newer names for them.
 */
@SuppressWarnings("deprecation")
final class RunStore {

    private static final Namespace NAMESPACE = Namespace.create(RunStore.class);

    private RunStore() {}

    /** Returns the one value of a key in a context and those below it, made where it is not there yet. */
    static <T> T shared(ExtensionContext context, Object key, Class<T> type, Supplier<T> value) {
        return Objects.requireNonNull(
                context.getStore(NAMESPACE).getOrComputeIfAbsent(key, unused -> value.get(), type));
    }

    /** Does something when a context ends; what it throws is the context's failure. */
    static void atEnd(ExtensionContext context, Ending ending) {
        context.getStore(NAMESPACE).put(ending, new AtEnd(ending));
    }

    /** JUnit 5.11 closes the one kind, and 6 the other. */
    private record AtEnd(Ending ending) implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        @Override
        public void close() {
            ending.end();
        }
    }

    /** What is done when a context ends. */
    @FunctionalInterface
    interface Ending {
        void end();
    }
}
