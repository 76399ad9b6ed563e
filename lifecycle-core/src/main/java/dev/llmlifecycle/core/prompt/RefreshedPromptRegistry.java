package dev.llmlifecycle.core.prompt;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.Freshness;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.refresh.BackgroundRefresh;
import dev.llmlifecycle.core.internal.refresh.BackgroundRefresh.Loaded;
import dev.llmlifecycle.core.internal.refresh.RefreshSettings;
import org.jspecify.annotations.Nullable;

/**
 * A prompt registry that answers from memory what another one holds, and reads that one again in the background.
 *
 * <p>Reading never waits for the store: not while it is down, and not while it hangs. What was read last stays, and
 * {@link #freshness} and one line in the log say when it has become stale. Writing goes to the store and is read at
 * once. All versions and labels are held in memory.
 *
 * <pre>{@code
 * RefreshedPromptRegistry prompts = RefreshedPromptRegistry.builder(
 *                 JdbcPromptRegistry.builder(dataSource).build())
 *         .refreshEvery(Duration.ofSeconds(5))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe. Close it to end the refreshing; the store is not closed.
 *
 * @since 0.1
 */
public final class RefreshedPromptRegistry implements PromptRegistry, AutoCloseable {

    private final PromptRegistry store;
    private final BackgroundRefresh<Map<String, Prompt>> refresh;

    private RefreshedPromptRegistry(Builder builder) {
        this.store = builder.store;
        this.refresh = new BackgroundRefresh<>("the prompts", this::load, Map.of(), builder.settings);
    }

    /**
     * Starts a registry.
     *
     * @param store the registry that is read in the background and written to
     * @return a builder
     */
    public static Builder builder(PromptRegistry store) {
        return new Builder(store);
    }

    /** Registers a new version of a template in the store, and waits for it. */
    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags) {
        PromptVersion version = store.register(template, author, message, tags);
        refresh.wrote(prompts -> with(prompts, version.name(), prompt -> prompt.plus(version)));
        return version;
    }

    /**
     * Finds one version, in memory.
     *
     * @throws LifecycleException when the memory is older than allowed
     */
    @Override
    public Optional<PromptVersion> find(String name, int number) {
        Answer answer = prompt(name).versions().get(number);
        return answer == null ? Optional.empty() : answer.get();
    }

    /**
     * Lists the versions of a prompt, from memory.
     *
     * @throws LifecycleException when the memory is older than allowed
     */
    @Override
    public List<PromptVersion> history(String name) {
        return prompt(name).history();
    }

    /**
     * Lists the names, from memory.
     *
     * @throws LifecycleException when the memory is older than allowed
     */
    @Override
    public List<String> names() {
        return refresh.get().keySet().stream().sorted().toList();
    }

    /** Puts a label on a version in the store, and waits for it. */
    @Override
    public void label(String name, String label, int number) {
        store.label(name, label, number);
        refresh.wrote(prompts -> with(prompts, name, prompt -> prompt.labelled(label, number)));
    }

    /**
     * Finds the version that has a label, in memory.
     *
     * @throws LifecycleException when the memory is older than allowed
     */
    @Override
    public Optional<PromptVersion> labelled(String name, String label) {
        Prompt prompt = prompt(name);
        prompt.requireSoundLabels();
        Answer answer = prompt.resolved().get(label);
        return answer == null ? Optional.empty() : answer.get();
    }

    /**
     * Lists the labels of a prompt, from memory.
     *
     * @throws LifecycleException when the memory is older than allowed
     */
    @Override
    public Map<String, Integer> labels(String name) {
        Prompt prompt = prompt(name);
        prompt.requireSoundLabels();
        return prompt.labels();
    }

    /**
     * Returns how old the memory is.
     *
     * @return the freshness now
     */
    public Freshness freshness() {
        return refresh.freshness();
    }

    /**
     * Reads the store now, and waits for it.
     *
     * @throws LifecycleException when the store fails; what is in memory stays
     */
    public void refresh() {
        refresh.refresh();
    }

    /** Ends the refreshing. What is in memory is answered on, and becomes stale. */
    @Override
    public void close() {
        refresh.close();
    }

    private Prompt prompt(String name) {
        Prompt prompt = refresh.get().get(name);
        return prompt == null ? Prompt.NONE : prompt;
    }

    private Loaded<Map<String, Prompt>> load(Map<String, Prompt> before) {
        Map<String, Prompt> prompts = new HashMap<>();
        for (String name : store.names()) {
            prompts.put(name, load(name, before.getOrDefault(name, Prompt.NONE)));
        }
        return new Loaded<>(Map.copyOf(prompts), Optional.empty());
    }

    private Prompt load(String name, Prompt before) {
        // First the labels: a version that has one is there when the versions are read.
        Map<String, Integer> labels = Map.of();
        Optional<DamagedDataException> labelDamage = Optional.empty();
        try {
            labels = store.labels(name);
        } catch (DamagedDataException e) {
            // The error is kept for who asks for a label of this prompt; everything else goes on.
            labelDamage = Optional.of(e);
        }
        Map<Integer, Answer> versions = isUnchanged(name, before) ? before.versions() : versions(name);
        Map<String, Answer> resolved = new HashMap<>();
        labels.forEach((label, number) -> {
            Answer known = before.resolved().get(label);
            resolved.put(
                    label,
                    known != null && known.isVersion(number) ? known : Answer.of(() -> store.labelled(name, label)));
        });
        return Prompt.of(versions, labels, resolved, labelDamage);
    }

    /** Each version holds the hash of the one before, so all are the same when the last is. */
    private boolean isUnchanged(String name, Prompt before) {
        PromptVersion last = before.last();
        if (last == null) {
            return false;
        }
        try {
            return store.find(name, last.number()).equals(Optional.of(last))
                    && store.find(name, last.number() + 1).isEmpty();
        } catch (DamagedDataException e) {
            return false;
        }
    }

    private Map<Integer, Answer> versions(String name) {
        Map<Integer, Answer> versions = new TreeMap<>();
        store.history(name).forEach(version -> versions.put(version.number(), Answer.of(version)));
        // What a history leaves out is damaged; the error is kept for who asks.
        for (int number = 1; ; number++) {
            if (!versions.containsKey(number)) {
                int missing = number;
                Answer answer = Answer.of(() -> store.find(name, missing));
                if (answer.isNothing()) {
                    return versions;
                }
                versions.put(number, answer);
            }
        }
    }

    private static Map<String, Prompt> with(Map<String, Prompt> prompts, String name, UnaryOperator<Prompt> change) {
        Map<String, Prompt> changed = new HashMap<>(prompts);
        changed.put(name, change.apply(prompts.getOrDefault(name, Prompt.NONE)));
        return Map.copyOf(changed);
    }

    /** What the store answered: a version, nothing, or that it is damaged. */
    private record Answer(Optional<PromptVersion> version, Optional<DamagedDataException> damage) {

        static Answer of(PromptVersion version) {
            return new Answer(Optional.of(version), Optional.empty());
        }

        static Answer of(Supplier<Optional<PromptVersion>> question) {
            try {
                return new Answer(question.get(), Optional.empty());
            } catch (DamagedDataException e) {
                return new Answer(Optional.empty(), Optional.of(e));
            }
        }

        Optional<PromptVersion> get() {
            if (damage.isPresent()) {
                throw damage.orElseThrow();
            }
            return version;
        }

        boolean isNothing() {
            return version.isEmpty() && damage.isEmpty();
        }

        boolean isVersion(int number) {
            return version.isPresent() && version.orElseThrow().number() == number;
        }
    }

    /** One prompt in memory; the history is the readable versions in order. */
    private record Prompt(
            Map<Integer, Answer> versions,
            List<PromptVersion> history,
            Map<String, Integer> labels,
            Map<String, Answer> resolved,
            Optional<DamagedDataException> labelDamage) {

        static final Prompt NONE = new Prompt(Map.of(), List.of(), Map.of(), Map.of(), Optional.empty());

        static Prompt of(
                Map<Integer, Answer> versions,
                Map<String, Integer> labels,
                Map<String, Answer> resolved,
                Optional<DamagedDataException> labelDamage) {
            List<PromptVersion> history = new ArrayList<>();
            new TreeMap<>(versions).values().forEach(answer -> answer.version().ifPresent(history::add));
            return new Prompt(
                    Map.copyOf(versions),
                    List.copyOf(history),
                    Collections.unmodifiableMap(new TreeMap<>(labels)),
                    Map.copyOf(resolved),
                    labelDamage);
        }

        void requireSoundLabels() {
            if (labelDamage.isPresent()) {
                throw labelDamage.orElseThrow();
            }
        }

        /** Returns the last version, or null unless all up to it are there and sound. */
        @Nullable PromptVersion last() {
            return !history.isEmpty()
                            && history.size() == versions.size()
                            && history.get(history.size() - 1).number() == history.size()
                    ? history.get(history.size() - 1)
                    : null;
        }

        Prompt plus(PromptVersion version) {
            Map<Integer, Answer> more = new HashMap<>(versions);
            more.put(version.number(), Answer.of(version));
            return of(more, labels, resolved, labelDamage);
        }

        /** Puts a label on a version that is known; another one comes with the next refresh. */
        Prompt labelled(String label, int number) {
            Answer answer = versions.get(number);
            if (answer == null) {
                return this;
            }
            Map<String, Integer> moved = new HashMap<>(labels);
            moved.put(label, number);
            Map<String, Answer> found = new HashMap<>(resolved);
            found.put(label, answer);
            return of(versions, moved, found, labelDamage);
        }
    }

    /** Builds a {@link RefreshedPromptRegistry}. Not thread-safe. */
    public static final class Builder {

        private final PromptRegistry store;
        private final RefreshSettings settings = new RefreshSettings();

        private Builder(PromptRegistry store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Sets the pause between two refreshes. Default: 5 seconds.
         *
         * @param pause more than zero
         * @return this builder
         */
        public Builder refreshEvery(Duration pause) {
            settings.every(pause);
            return this;
        }

        /**
         * Sets how long a refresh may take before it is interrupted. The next one starts when it has ended. Default: 10
         * seconds.
         *
         * @param limit more than zero
         * @return this builder
         */
        public Builder refreshTimeout(Duration limit) {
            settings.timeout(limit);
            return this;
        }

        /**
         * Sets from which age the memory is called stale; it is answered on. Default: 1 minute.
         *
         * @param age more than zero
         * @return this builder
         */
        public Builder maxAge(Duration age) {
            settings.maxAge(age);
            return this;
        }

        /**
         * Sets from which age reading fails instead. Default: never.
         *
         * @param age more than zero
         * @return this builder
         */
        public Builder failWhenOlderThan(Duration age) {
            settings.failWhenOlderThan(age);
            return this;
        }

        /**
         * Sets the executor of the refreshes. It needs two threads, one of them to notice that the other hangs, and is
         * not closed. Default: two daemon threads that {@link RefreshedPromptRegistry#close()} ends.
         *
         * @param executor the executor
         * @return this builder
         */
        public Builder executor(ScheduledExecutorService executor) {
            settings.executor(executor);
            return this;
        }

        /**
         * Sets the clock that says when the store was read. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            settings.clock(clock);
            return this;
        }

        /**
         * Sets the source of ages, which a clock that is set does not change. Default: {@link System#nanoTime()}.
         *
         * @param nanoTime returns nanoseconds from any origin
         * @return this builder
         */
        public Builder nanoTime(LongSupplier nanoTime) {
            settings.nanoTime(nanoTime);
            return this;
        }

        /**
         * Reads the store for the first time, and starts to refresh.
         *
         * @return the registry
         * @throws LifecycleException when the store fails
         */
        public RefreshedPromptRegistry build() {
            return new RefreshedPromptRegistry(this);
        }
    }
}
