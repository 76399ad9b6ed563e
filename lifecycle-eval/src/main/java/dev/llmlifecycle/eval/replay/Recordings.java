package dev.llmlifecycle.eval.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.langchain4j.model.chat.Capability;

/**
 * The calls of some models: for each request the responses to it, by position. Everything is in an order that does not
 * depend on when it was recorded. Not thread-safe.
 */
final class Recordings {

    private final SortedMap<ModelKey, Model> models = new TreeMap<>();

    /** What is known of one model. */
    static final class Model {

        private final SortedSet<Capability> capabilities = new TreeSet<>();
        private final SortedMap<String, SortedMap<Integer, RecordedCall>> calls = new TreeMap<>();

        SortedSet<Capability> capabilities() {
            return capabilities;
        }

        /** Returns the calls in the order of their requests, several of one request in the order of their positions. */
        List<RecordedCall> calls() {
            List<RecordedCall> all = new ArrayList<>();
            calls.values().forEach(positions -> all.addAll(positions.values()));
            return all;
        }

        int count(String key) {
            return calls.getOrDefault(key, new TreeMap<>()).size();
        }
    }

    SortedMap<ModelKey, Model> models() {
        return models;
    }

    Optional<RecordedCall> find(ModelKey model, String key, int position) {
        return Optional.ofNullable(models.get(model))
                .map(known -> known.calls.get(key))
                .map(positions -> positions.get(position));
    }

    /** Returns what is known of a model, which is nothing where it is not there. */
    Model model(ModelKey key) {
        return models.getOrDefault(key, new Model());
    }

    private Model add(ModelKey key) {
        return models.computeIfAbsent(key, unused -> new Model());
    }

    void describe(ModelKey key, Set<Capability> capabilities) {
        Model model = add(key);
        model.capabilities.clear();
        model.capabilities.addAll(capabilities);
    }

    void put(ModelKey model, int position, RecordedCall call) {
        add(model).calls.computeIfAbsent(call.key(), unused -> new TreeMap<>()).put(position, call);
    }

    /** Adds a call behind those with the same request. */
    void append(ModelKey model, RecordedCall call) {
        put(model, model(model).count(call.key()), call);
    }

    /** Returns these with newer ones laid over them, position by position, and without gaps. */
    Recordings under(Recordings newer) {
        Recordings laid = new Recordings();
        copyTo(laid);
        newer.copyTo(laid);
        Recordings packed = new Recordings();
        laid.models.forEach((key, model) -> {
            packed.describe(key, model.capabilities);
            model.calls().forEach(call -> packed.append(key, call));
        });
        return packed;
    }

    private void copyTo(Recordings other) {
        models.forEach((key, model) -> {
            other.describe(key, model.capabilities);
            model.calls
                    .values()
                    .forEach(positions -> positions.forEach((position, call) -> other.put(key, position, call)));
        });
    }
}
