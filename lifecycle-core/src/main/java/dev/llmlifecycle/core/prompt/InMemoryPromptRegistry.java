package dev.llmlifecycle.core.prompt;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;

/**
 * A prompt registry that lives as long as the process, for tests and for prompts that are written in code.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class InMemoryPromptRegistry implements PromptRegistry {

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<String, List<PromptVersion>> versions = new TreeMap<>();
    private final Map<String, Map<String, Integer>> labels = new HashMap<>();

    private InMemoryPromptRegistry(Builder builder) {
        this.clock = builder.clock;
    }

    /**
     * Starts a registry.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Registers a new version of a template.
     *
     * @throws IllegalArgumentException when {@link PromptRenderer#check} refuses it, author or message are blank, or a
     *     tag is not one
     */
    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags) {
        PromptRenderer.check(template);
        lock.lock();
        try {
            List<PromptVersion> history = versions.getOrDefault(template.name(), List.of());
            Optional<PromptVersion> latest =
                    history.isEmpty() ? Optional.empty() : Optional.of(history.get(history.size() - 1));
            PromptVersion next = PromptJson.next(template, latest, author, message, tags, clock.instant());
            if (latest.filter(version -> version.equals(next)).isEmpty()) {
                List<PromptVersion> longer = new ArrayList<>(history);
                longer.add(next);
                versions.put(template.name(), List.copyOf(longer));
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<PromptVersion> find(String name, int number) {
        List<PromptVersion> history = history(name);
        return number >= 1 && number <= history.size() ? Optional.of(history.get(number - 1)) : Optional.empty();
    }

    @Override
    public List<PromptVersion> history(String name) {
        lock.lock();
        try {
            return versions.getOrDefault(name, List.of());
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
        PromptJson.requireLabel(label);
        PromptVersion version = find(name, number).orElseThrow(() -> PromptJson.noSuchVersion(name, label, number));
        lock.lock();
        try {
            labels.computeIfAbsent(name, key -> new TreeMap<>()).put(label, version.number());
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

    /** Builds an {@link InMemoryPromptRegistry}. Not thread-safe. */
    public static final class Builder {

        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Sets the clock that dates the versions. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the registry.
         *
         * @return an empty registry
         */
        public InMemoryPromptRegistry build() {
            return new InMemoryPromptRegistry(this);
        }
    }
}
