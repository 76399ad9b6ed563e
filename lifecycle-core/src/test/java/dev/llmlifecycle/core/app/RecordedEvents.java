package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import org.jspecify.annotations.NullMarked;

import static org.assertj.core.api.Assertions.assertThat;

/** Keeps the events of one stream, and fails when two threads call it at once. */
@NullMarked
final class RecordedEvents implements Consumer<AnswerEvent> {

    final List<AnswerEvent> all = new CopyOnWriteArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public void accept(AnswerEvent event) {
        assertThat(inside.incrementAndGet()).as("threads in the listener").isEqualTo(1);
        all.add(event);
        inside.decrementAndGet();
    }

    <T extends AnswerEvent> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the texts since the last retraction. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (AnswerEvent event : all) {
            if (event instanceof AnswerEvent.Text more) {
                text.append(more.text());
            } else if (event instanceof AnswerEvent.Retracted) {
                text.setLength(0);
            }
        }
        return text.toString();
    }

    /** Checks that the events end with one completion, and returns its answer. */
    Answer answer() {
        assertThat(of(AnswerEvent.Completed.class)).hasSize(1);
        assertThat(all.get(all.size() - 1)).isInstanceOf(AnswerEvent.Completed.class);
        return of(AnswerEvent.Completed.class).get(0).answer();
    }
}
