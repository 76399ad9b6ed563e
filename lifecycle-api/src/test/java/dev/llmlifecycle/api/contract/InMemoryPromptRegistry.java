package dev.llmlifecycle.api.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;

/** The smallest registry that keeps the contract; tests override single steps to break it. */
class InMemoryPromptRegistry implements PromptRegistry {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, List<PromptVersion>> versions = new TreeMap<>();
    private final Map<String, Map<String, Integer>> labels = new HashMap<>();

    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags) {
        lock.lock();
        try {
            List<PromptVersion> history = versions.getOrDefault(template.name(), List.of());
            Optional<PromptVersion> latest =
                    history.isEmpty() ? Optional.empty() : Optional.of(history.get(history.size() - 1));
            if (latest.isPresent()
                    && isSame(latest.get().template(), template)
                    && latest.get().tags().equals(tags)) {
                return latest.get();
            }
            PromptVersion version = new PromptVersion(
                    template,
                    nextNumber(history),
                    parent(latest),
                    author,
                    message,
                    Instant.EPOCH.plusSeconds(history.size()),
                    PromptVersion.tags(tags));
            version.hash();
            List<PromptVersion> longer = new ArrayList<>(history);
            longer.add(version);
            versions.put(template.name(), longer);
            return version;
        } finally {
            lock.unlock();
        }
    }

    boolean isSame(ChatPromptTemplate latest, ChatPromptTemplate template) {
        return latest.equals(template);
    }

    int nextNumber(List<PromptVersion> history) {
        return history.size() + 1;
    }

    Optional<Hash> parent(Optional<PromptVersion> latest) {
        return latest.map(PromptVersion::hash);
    }

    @Override
    public Optional<PromptVersion> find(String name, int number) {
        return history(name).stream()
                .filter(version -> version.number() == number)
                .findFirst();
    }

    @Override
    public List<PromptVersion> history(String name) {
        lock.lock();
        try {
            return List.copyOf(versions.getOrDefault(name, List.of()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> names() {
        lock.lock();
        try {
            return List.copyOf(versions.keySet());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void label(String name, String label, int number) {
        if (!LABEL.matcher(label).matches() || find(name, number).isEmpty()) {
            throw new IllegalArgumentException("no such version or label");
        }
        lock.lock();
        try {
            labels.computeIfAbsent(name, key -> new TreeMap<>()).put(label, number);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<PromptVersion> labelled(String name, String label) {
        return Optional.ofNullable(labels(name).get(label)).flatMap(number -> find(name, number));
    }

    @Override
    public Map<String, Integer> labels(String name) {
        lock.lock();
        try {
            return Collections.unmodifiableMap(new TreeMap<>(labels.getOrDefault(name, Map.of())));
        } finally {
            lock.unlock();
        }
    }
}
