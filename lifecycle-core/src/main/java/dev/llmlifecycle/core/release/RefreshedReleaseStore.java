package dev.llmlifecycle.core.release;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Freshness;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.refresh.BackgroundRefresh;
import dev.llmlifecycle.core.internal.refresh.BackgroundRefresh.Loaded;
import dev.llmlifecycle.core.internal.refresh.RefreshSettings;
import dev.llmlifecycle.core.prompt.RefreshedPromptRegistry;
import dev.llmlifecycle.core.release.internal.DeployedRelease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A release store that answers from memory where labels point, and reads another store again in the background.
 *
 * <p>Asking where a label points, and for the release that it points to, never waits for the store: not while it is
 * down, and not while it hangs. What was read last stays; {@link #freshness}, one line in the log and the release step
 * of each interaction say when it has become stale. A move is shown when all that its release needs is in memory, so
 * that no question meets half of it; until then the label stays where it was.
 *
 * <p>Writing goes to the store and is read at once. The journal, on which is decided what may move, is always read from
 * the store; so is a release that no label points to.
 *
 * <pre>{@code
 * RefreshedReleaseStore store = RefreshedReleaseStore.builder(
 *                 JdbcReleaseStore.builder(dataSource).build())
 *         .prompts(prompts)
 *         .refreshEvery(Duration.ofSeconds(5))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe. Close it to end the refreshing; the store is not closed.
 *
 * @since 0.1
 */
public final class RefreshedReleaseStore implements ReleaseStore, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RefreshedReleaseStore.class);

    /** For rollbacks, and for questions that are under way while a label moves. */
    private static final int MOST_RELEASES = 100;

    private final ReleaseStore store;
    private final Optional<RefreshedPromptRegistry> prompts;
    private final BackgroundRefresh<Memory> refresh;

    private RefreshedReleaseStore(Builder builder) {
        this.store = builder.store;
        this.prompts = builder.prompts;
        this.refresh = new BackgroundRefresh<>("the deployments", this::load, Memory.EMPTY, builder.settings);
    }

    /**
     * Starts a store.
     *
     * @param store the store that is read in the background and written to
     * @return a builder
     */
    public static Builder builder(ReleaseStore store) {
        return new Builder(store);
    }

    /** Saves a release in the store, and waits for it. */
    @Override
    public void save(Release release) {
        store.save(release);
    }

    /** Finds a release: in memory when a label points to it or did so lately, else in the store. */
    @Override
    public Optional<Release> find(Hash hash) {
        Release known = refresh.get().releases().get(hash);
        return known == null ? store.find(hash) : Optional.of(known);
    }

    /**
     * Finds where a label points, in memory.
     *
     * @throws LifecycleException when the memory is older than allowed
     */
    @Override
    public Optional<Deployment> deployment(String label) {
        return Optional.ofNullable(refresh.get().deployments().get(label));
    }

    /** Lists all entries of the store, and waits for it. */
    @Override
    public List<JournalEntry> journal() {
        return store.journal();
    }

    /** Returns the last entry of the store, and waits for it. */
    @Override
    public Optional<JournalEntry> last() {
        return store.last();
    }

    /** Appends an entry in the store, and waits for it. */
    @Override
    public boolean append(JournalEntry entry) {
        boolean appended = store.append(entry);
        if (appended) {
            entry.deployment().ifPresent(this::show);
        }
        return appended;
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

    /** Takes over a move of this process; one that is not complete here waits for the refresh. */
    private void show(Deployment deployment) {
        Release release;
        try {
            release = complete(deployment, refresh.get().releases());
        } catch (LifecycleException e) {
            log.debug("entry {} of the journal is shown later", deployment.revision(), e);
            refresh.refreshSoon();
            return;
        }
        refresh.wrote(memory -> memory.with(deployment, release));
    }

    private Loaded<Memory> load(Memory before) {
        Optional<JournalEntry> last = store.last();
        if (before.last().isPresent() && before.last().equals(last)) {
            return new Loaded<>(before, Optional.empty());
        }
        Map<String, Deployment> latest = new TreeMap<>();
        Optional<JournalEntry> end = Optional.empty();
        for (JournalEntry entry : store.journal()) {
            end = Optional.of(entry);
            entry.deployment().ifPresent(deployment -> latest.put(deployment.label(), deployment));
        }
        Memory memory = new Memory(Optional.empty(), Map.of(), before.releases());
        Optional<String> problem = Optional.empty();
        for (Deployment deployment : latest.values()) {
            Deployment known = before.deployments().get(deployment.label());
            try {
                memory = memory.with(deployment, complete(deployment, before.releases()));
            } catch (LifecycleException e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
                memory = memory.pointing(known == null ? deployment : known);
            }
        }
        return new Loaded<>(problem.isPresent() ? memory : memory.readTo(end), problem);
    }

    /** Returns the release of a deployment, with its prompts in memory. */
    private Release complete(Deployment deployment, Map<Hash, Release> known) {
        Release kept = known.get(deployment.release());
        Release release =
                kept == null ? DeployedRelease.release(deployment.label(), deployment.release(), store) : kept;
        prompts.ifPresent(registry -> {
            if (!release.prompts().values().stream().allMatch(pinned -> isThere(pinned, registry))) {
                registry.refresh();
                release.prompts().values().forEach(pinned -> DeployedRelease.prompt(pinned, registry));
            }
        });
        return release;
    }

    private static boolean isThere(PinnedPrompt pinned, RefreshedPromptRegistry registry) {
        return registry.find(pinned.name(), pinned.number())
                .map(PromptVersion::hash)
                .filter(pinned.hash()::equals)
                .isPresent();
    }

    /**
     * What is known of the store.
     *
     * @param last the entry up to which the journal was taken over in full
     * @param releases those that labels point to or pointed to, the longest known first
     */
    private record Memory(
            Optional<JournalEntry> last, Map<String, Deployment> deployments, Map<Hash, Release> releases) {

        static final Memory EMPTY = new Memory(Optional.empty(), Map.of(), Map.of());

        Memory readTo(Optional<JournalEntry> entry) {
            return new Memory(entry, deployments, releases);
        }

        /** Points a label, unless it has moved on already. */
        Memory pointing(Deployment deployment) {
            Deployment known = deployments.get(deployment.label());
            if (known != null && known.revision() > deployment.revision()) {
                return this;
            }
            Map<String, Deployment> moved = new HashMap<>(deployments);
            moved.put(deployment.label(), deployment);
            return new Memory(last, Map.copyOf(moved), releases);
        }

        Memory with(Deployment deployment, Release release) {
            Memory moved = pointing(deployment);
            Map<Hash, Release> more = new LinkedHashMap<>(releases);
            more.remove(deployment.release());
            more.put(deployment.release(), release);
            if (more.size() > Math.max(MOST_RELEASES, 2 * moved.deployments().size())) {
                more.keySet().stream()
                        .filter(hash -> moved.deployments().values().stream()
                                .noneMatch(each -> each.release().equals(hash)))
                        .findFirst()
                        .ifPresent(more::remove);
            }
            return new Memory(last, moved.deployments(), more);
        }
    }

    /** Builds a {@link RefreshedReleaseStore}. Not thread-safe. */
    public static final class Builder {

        private final ReleaseStore store;
        private final RefreshSettings settings = new RefreshSettings();
        private Optional<RefreshedPromptRegistry> prompts = Optional.empty();

        private Builder(ReleaseStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Sets the registry whose versions the releases pin. A move is then shown when they are in its memory. Default:
         * none, and a question may come before the prompts of a release that another process promoted.
         *
         * @param prompts the registry that the application renders from
         * @return this builder
         */
        public Builder prompts(RefreshedPromptRegistry prompts) {
            this.prompts = Optional.of(prompts);
            return this;
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
         * not closed. Default: two daemon threads that {@link RefreshedReleaseStore#close()} ends.
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
         * @return the store
         * @throws LifecycleException when the store fails
         */
        public RefreshedReleaseStore build() {
            return new RefreshedReleaseStore(this);
        }
    }
}
