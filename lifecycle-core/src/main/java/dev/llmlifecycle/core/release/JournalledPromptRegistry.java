package dev.llmlifecycle.core.release;

import java.security.PrivateKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.ReleaseStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prompt registry that records every new version and every move of a label in the audit journal of a release store.
 *
 * <p>A version is registered first and journalled then. What a crash leaves out between both, and what came past this
 * registry, such as by version control, {@link #reconcile} records; building the registry does so. A call returns when
 * both are stored, so no acknowledged version is without an entry.
 *
 * <pre>{@code
 * PromptRegistry prompts = JournalledPromptRegistry.builder(files, store, "support-service").build();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class JournalledPromptRegistry implements PromptRegistry {

    private static final Logger log = LoggerFactory.getLogger(JournalledPromptRegistry.class);
    private static final String WITHOUT_REASON = "no reason given";
    private static final String RECONCILED = "found in the registry without a journal entry";

    private final PromptRegistry registry;
    private final ReleaseStore store;
    private final String actor;
    private final JournalWriter writer;
    private final ReentrantLock lock = new ReentrantLock();
    private Journalled journalled = Journalled.NOTHING;

    private JournalledPromptRegistry(Builder builder) {
        this.registry = builder.registry;
        this.store = builder.store;
        this.actor = builder.actor;
        this.writer = new JournalWriter(builder.store, builder.clock, builder.signer);
    }

    /**
     * Starts a registry.
     *
     * @param registry keeps the prompts
     * @param store has the journal
     * @param actor who acts where a call does not say, such as the application's name
     * @return a builder
     */
    public static Builder builder(PromptRegistry registry, ReleaseStore store, String actor) {
        return new Builder(registry, store, actor);
    }

    /**
     * Registers a new version and journals it with its author and message.
     *
     * @throws dev.llmlifecycle.api.LifecycleException when it is registered but cannot be journalled; registering it
     *     again, or {@link #reconcile}, does
     */
    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags) {
        PromptVersion version = registry.register(template, author, message, tags);
        journal(version);
        return version;
    }

    @Override
    public Optional<PromptVersion> find(String name, int number) {
        return registry.find(name, number);
    }

    @Override
    public List<PromptVersion> history(String name) {
        return registry.history(name);
    }

    @Override
    public List<String> names() {
        return registry.names();
    }

    /** Puts a label on a version in the name of this registry's actor; the other method says who and why. */
    @Override
    public void label(String name, String label, int number) {
        label(name, label, number, actor, WITHOUT_REASON);
    }

    /**
     * Puts a label on a version, and journals it unless the label is there already. Of two calls at the same time
     * either may be journalled last; {@link #reconcile()} then journals where the label is.
     *
     * @param name the prompt's name
     * @param label the label
     * @param number the version's number
     * @param actor who does it
     * @param reason why
     * @throws IllegalArgumentException when there is no such version, the label is not one, or actor or reason is blank
     */
    public void label(String name, String label, int number, String actor, String reason) {
        if (actor.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("putting the label '" + label + "' on version " + number + " of prompt "
                    + name + " has a blank actor or reason; say who does it and why");
        }
        registry.label(name, label, number);
        registry.find(name, number).ifPresent(version -> journalLabel(version, label, actor, reason));
    }

    @Override
    public Optional<PromptVersion> labelled(String name, String label) {
        return registry.labelled(name, label);
    }

    @Override
    public Map<String, Integer> labels(String name) {
        return registry.labels(name);
    }

    /**
     * Journals the versions and labels that the registry holds and the journal does not. A number that the journal has
     * with another hash is warned of and not journalled: that version was replaced.
     *
     * @return the entries that were appended
     */
    public List<JournalEntry> reconcile() {
        List<JournalEntry> appended = new ArrayList<>();
        for (String name : registry.names()) {
            for (PromptVersion version : registry.history(name)) {
                journal(version).ifPresent(appended::add);
            }
            for (String label : registry.labels(name).keySet()) {
                registry.labelled(name, label)
                        .flatMap(version -> journalLabel(version, label, actor, RECONCILED))
                        .ifPresent(appended::add);
            }
        }
        if (!appended.isEmpty()) {
            log.warn(
                    "{} versions or labels of prompts had no journal entry, as after a crash, and have one now",
                    appended.size());
        }
        return List.copyOf(appended);
    }

    private Optional<JournalEntry> journal(PromptVersion version) {
        PinnedPrompt pinned = version.pin();
        return writer.append("Journalling prompt " + pinned, () -> {
            Journalled known = journalled();
            PinnedPrompt recorded = known.versions().get(pinned.toString());
            if (recorded != null) {
                if (!recorded.equals(pinned)) {
                    log.warn(
                            "prompt {} has the hash {} and was journalled with {}; restore it from version control or a"
                                    + " backup",
                            pinned,
                            pinned.hash().shortForm(),
                            recorded.hash().shortForm());
                }
                return Optional.empty();
            }
            return draft(known, version.author(), version.message(), new JournalEvent.PromptRegistered(pinned));
        });
    }

    /** Journals that a label is on a version, unless the journal says so already. */
    private Optional<JournalEntry> journalLabel(PromptVersion version, String label, String actor, String reason) {
        PinnedPrompt pinned = version.pin();
        return writer.append("Journalling the label '" + label + "' of prompt " + pinned.name(), () -> {
            Journalled known = journalled();
            return pinned.equals(known.labels().get(pinned.name() + " " + label))
                    ? Optional.empty()
                    : draft(known, actor, reason, new JournalEvent.PromptLabelled(pinned, label));
        });
    }

    private static Optional<JournalWriter.Draft> draft(
            Journalled known, String actor, String reason, JournalEvent event) {
        return Optional.of(new JournalWriter.Draft(known.last(), actor, reason, event, Optional.empty()));
    }

    /** Reads on in the journal; the lock is held only to take over what was read. */
    private Journalled journalled() {
        Journalled before = current();
        List<JournalEntry> more =
                store.journalAfter(before.last().map(JournalEntry::revision).orElse(0L));
        if (more.isEmpty()) {
            return before;
        }
        Journalled now = before.plus(more);
        lock.lock();
        try {
            journalled = now;
        } finally {
            lock.unlock();
        }
        return now;
    }

    private Journalled current() {
        lock.lock();
        try {
            return journalled;
        } finally {
            lock.unlock();
        }
    }

    /** What the journal says of prompts: versions by {@code name@number}, labels by name and label. Immutable. */
    private record Journalled(
            Optional<JournalEntry> last, Map<String, PinnedPrompt> versions, Map<String, PinnedPrompt> labels) {

        static final Journalled NOTHING = new Journalled(Optional.empty(), Map.of(), Map.of());

        Journalled plus(List<JournalEntry> more) {
            Map<String, PinnedPrompt> newer = new HashMap<>(versions);
            Map<String, PinnedPrompt> moved = new HashMap<>(labels);
            for (JournalEntry entry : more) {
                if (entry.event() instanceof JournalEvent.PromptRegistered registered) {
                    newer.putIfAbsent(registered.prompt().toString(), registered.prompt());
                } else if (entry.event() instanceof JournalEvent.PromptLabelled labelled) {
                    moved.put(labelled.prompt().name() + " " + labelled.promptLabel(), labelled.prompt());
                }
            }
            return new Journalled(Optional.of(more.get(more.size() - 1)), newer, moved);
        }
    }

    /** Builds a {@link JournalledPromptRegistry}. Not thread-safe. */
    public static final class Builder {

        private final PromptRegistry registry;
        private final ReleaseStore store;
        private final String actor;
        private Optional<JournalSigner> signer = Optional.empty();
        private Clock clock = Clock.systemUTC();

        private Builder(PromptRegistry registry, ReleaseStore store, String actor) {
            this.registry = Objects.requireNonNull(registry, "registry");
            this.store = Objects.requireNonNull(store, "store");
            this.actor = Objects.requireNonNull(actor, "actor");
            if (actor.isBlank()) {
                throw new IllegalArgumentException(
                        "the actor of a journalled prompt registry is blank; name the application");
            }
        }

        /**
         * Signs every entry by Ed25519. Default: entries are not signed.
         *
         * @param keyId names the key to those who verify
         * @param key the private key
         * @return this builder
         * @throws IllegalArgumentException when it is no Ed25519 key, or the name is blank
         */
        public Builder signedBy(String keyId, PrivateKey key) {
            this.signer = Optional.of(new JournalSigner(keyId, key));
            return this;
        }

        /**
         * Sets the clock that dates the entries. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the registry, and reconciles.
         *
         * @return the registry
         */
        public JournalledPromptRegistry build() {
            JournalledPromptRegistry built = new JournalledPromptRegistry(this);
            built.reconcile();
            return built;
        }
    }
}
