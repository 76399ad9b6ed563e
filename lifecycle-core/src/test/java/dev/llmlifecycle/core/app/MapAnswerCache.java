package dev.llmlifecycle.core.app;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmlifecycle.api.app.AnswerCache;
import org.jspecify.annotations.NullMarked;

/** Answers to equal keys. */
@NullMarked
final class MapAnswerCache implements AnswerCache {

    final Map<Key, String> answers = new ConcurrentHashMap<>();

    @Override
    public Lookup find(Request request) {
        return Lookup.of(Optional.ofNullable(answers.get(request.key())));
    }

    @Override
    public void put(Request request, Kept answer) {
        answers.put(request.key(), answer.text());
    }
}
