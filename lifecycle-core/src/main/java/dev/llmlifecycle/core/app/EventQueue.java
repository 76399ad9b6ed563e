package dev.llmlifecycle.core.app;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.llmlifecycle.api.app.AnswerEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands events to a listener one at a time and in order, without a lock, whichever threads they come from. */
final class EventQueue {

    private static final Logger log = LoggerFactory.getLogger(EventQueue.class);

    private final Consumer<AnswerEvent> listener;
    private final Queue<AnswerEvent> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;

    EventQueue(Consumer<AnswerEvent> listener) {
        this.listener = listener;
    }

    void emit(AnswerEvent event) {
        if (!closed) {
            deliver(event);
        }
    }

    /** Delivers the last event; what comes after it is dropped. */
    void close(AnswerEvent.Completed last) {
        closed = true;
        deliver(last);
    }

    private void deliver(AnswerEvent event) {
        queue.add(event);
        if (waiting.getAndIncrement() > 0) {
            return; // the thread that is delivering takes it along
        }
        Error thrown = null;
        do {
            AnswerEvent next = queue.remove();
            // A text that was queued before the end is of no use after it.
            if (!closed || next instanceof AnswerEvent.Completed) {
                Error error = hand(next);
                thrown = thrown == null ? error : thrown;
            }
        } while (waiting.decrementAndGet() > 0);
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Returns the error that the listener threw: it passes on when the queue is in order again. */
    private @Nullable Error hand(AnswerEvent event) {
        try {
            listener.accept(event);
        } catch (Error e) {
            return e;
        } catch (Exception e) {
            // Not only runtime exceptions: listeners in other languages of the JVM throw checked ones, too.
            log.warn(
                    "A listener failed on a {} event; the answer goes on without it, mend the listener",
                    event.getClass().getSimpleName(),
                    e);
        }
        return null;
    }
}
