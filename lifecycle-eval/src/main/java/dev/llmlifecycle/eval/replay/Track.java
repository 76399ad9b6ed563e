package dev.llmlifecycle.eval.replay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.Capability;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one model on a cassette, as one test asks for them: a request that is made again gets the next response
 * that was recorded for it.
 *
 * <p>Thread-safe.
 *
 * @param <M> the model's interface
 */
final class Track<M> {

    private final Cassette cassette;
    private final ModelKey key;
    private final Function<M, Set<Capability>> capabilities;
    private final @Nullable Supplier<? extends M> source;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Integer> asked = new HashMap<>();
    private final AtomicReference<@Nullable M> model = new AtomicReference<>();

    Track(
            Cassette cassette,
            ModelKey key,
            @Nullable Supplier<? extends M> source,
            Function<M, Set<Capability>> capabilities) {
        this.cassette = cassette;
        this.key = key;
        this.source = source;
        this.capabilities = capabilities;
    }

    /** A request, which place among its equals it has, and the response to it if one is recorded. */
    record Ask(String key, JsonNode request, int position, Optional<JsonNode> recorded) {}

    /** A call with its place among those of the same request. */
    record Placed(int position, RecordedCall call) {}

    ModelKey key() {
        return key;
    }

    Ask ask(JsonNode request) {
        String text = ChatJson.canonical(request);
        int position = key.kind() == CallKind.EMBEDDING ? 0 : count(text);
        return new Ask(text, request, position, cassette.find(key, text, position));
    }

    /** Returns the model, to ask it what was not recorded. */
    M model(Ask ask) {
        return model().orElseThrow(() -> cassette.notRecorded(key, ask));
    }

    /** Returns the model, or nothing where it must not be asked. */
    Optional<M> model() {
        if (model.get() == null && source != null && cassette.mode() != ReplayMode.REPLAY) {
            M made = Objects.requireNonNull(source.get(), "the model that a cassette asks");
            model.compareAndSet(null, made);
        }
        return Optional.ofNullable(model.get());
    }

    /** Returns what the recorded model can do, and asks it only where nothing is recorded. */
    Set<Capability> capabilities() {
        return cassette.capabilities(key)
                .orElseGet(() -> model().map(capabilities).orElse(Set.of()));
    }

    Optional<Integer> dimension() {
        return cassette.dimension(key);
    }

    RecordedCall call(Ask ask, JsonNode response) {
        return RecordedCall.of(key.kind(), ask.request(), response, 0);
    }

    void record(Ask ask, JsonNode response) {
        record(List.of(new Placed(ask.position(), call(ask, response))));
    }

    /** Records calls and writes them at once. */
    void record(List<Placed> calls) {
        cassette.record(key, model().map(capabilities).orElse(Set.of()), calls);
    }

    private int count(String text) {
        lock.lock();
        try {
            return asked.merge(text, 1, Integer::sum) - 1;
        } finally {
            lock.unlock();
        }
    }
}
