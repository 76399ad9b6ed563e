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
    public Optional<String> find(Key key) {
        return Optional.ofNullable(answers.get(key));
    }

    @Override
    public void put(Key key, String answer) {
        answers.put(key, answer);
    }
}
