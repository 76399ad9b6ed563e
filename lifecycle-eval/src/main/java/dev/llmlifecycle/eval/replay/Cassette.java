package dev.llmlifecycle.eval.replay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.internal.InterProcessLock;
import org.jspecify.annotations.Nullable;

/**
 * What models answered, recorded in one readable file for git, and replayed so that tests run offline and agree.
 *
 * <pre>{@code
 * Cassette cassette = Cassette.builder(Path.of("src/test/resources/support.cassette.json"))
 *         .mode(ReplayMode.AUTO)
 *         .build();
 * ChatModel model = cassette.chatModel(Identity.of("gpt-4o-mini", "2024-07-18"), () -> openAi());
 * }</pre>
 *
 * <p>A call is found by its model and its request: messages or text, and the parameters that every LangChain4j model
 * knows. Each model object counts for itself: a request that it makes again gets the next response that was recorded
 * for it (a text has one vector, however often it is embedded). So make the models anew for each test, and tests agree
 * whatever their order. A model keeps the identity of the one that is recorded, so a release keeps its hash.
 *
 * <p>Secrets are scrubbed before anything is compared or written; headers and keys of a client are never seen. Each
 * call that is recorded is on disk before it is returned. Several cassettes, in several processes, may record into one
 * file: each adds to what the others wrote, and of two answers to one request the later stays. What is recorded stands
 * in an order of its own, so recording again changes the lines that changed. A call that was edited is refused, unless
 * its {@code hash} is removed, which says that a hand wrote it.
 *
 * <p>Thread-safe; no lock is held while a model answers.
 *
 * @since 0.1
 */
public final class Cassette {

    private static final String REMEDY =
            "record it with ReplayMode.AUTO, which in prompt tests is -Dlifecycle.replay=auto";

    private final CassetteFile file;
    private final ReplayMode mode;
    private final ChatJson json;
    private final Duration lockTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Recordings recorded = new Recordings();
    private final Set<Used> used = new HashSet<>();
    private Recordings onDisk = new Recordings();
    private Optional<Hash> read = Optional.empty();

    private Cassette(Builder builder) {
        this.file = new CassetteFile(builder.file);
        this.mode = builder.mode;
        this.json = new ChatJson(new SecretScrubber(builder.scrubbed));
        this.lockTimeout = builder.lockTimeout;
        if (mode == ReplayMode.LIVE) {
            return;
        }
        Optional<CassetteFile.Content> content = file.read();
        if (content.isEmpty() && mode == ReplayMode.REPLAY) {
            throw new LifecycleException("Replaying from " + file.path() + ": there is no such cassette; " + REMEDY);
        }
        content.ifPresent(this::take);
    }

    /** A call that a model asked for. */
    private record Used(ModelKey model, String key, int position) {}

    /**
     * Starts a cassette.
     *
     * @param file the file; it and its directory are created when something is recorded
     * @return a builder
     */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    /**
     * Opens a cassette that only replays.
     *
     * @param file the file
     * @return the cassette
     * @throws LifecycleException when there is no such file
     * @throws DamagedDataException when it is damaged or was edited; it names the line
     */
    public static Cassette replaying(Path file) {
        return builder(file).build();
    }

    /**
     * Returns the file.
     *
     * @return as it was given
     */
    public Path file() {
        return file.path();
    }

    /**
     * Returns the mode.
     *
     * @return the mode
     */
    public ReplayMode mode() {
        return mode;
    }

    /**
     * Makes a chat model of which calls are recorded or replayed.
     *
     * @param identity what decides the model's behaviour
     * @param model gives the model; called at the first request that must reach it, so never in replay
     * @return the model
     */
    public ReplayChatModel chatModel(Identity identity, Supplier<? extends ChatModel> model) {
        return new ReplayChatModel(
                track(
                        CallKind.CHAT,
                        identity,
                        Objects.requireNonNull(model, "model"),
                        ChatModel::supportedCapabilities),
                json);
    }

    /**
     * Makes a chat model of which calls are recorded or replayed.
     *
     * @param identity what decides the model's behaviour
     * @param model the model
     * @return the model
     */
    public ReplayChatModel chatModel(Identity identity, ChatModel model) {
        Objects.requireNonNull(model, "model");
        return chatModel(identity, () -> model);
    }

    /**
     * Makes a chat model that only replays, with the identity of the one that was recorded.
     *
     * @return the model
     * @throws LifecycleException when the cassette has calls of no chat model, or of several
     */
    public ReplayChatModel chatModel() {
        return new ReplayChatModel(
                track(CallKind.CHAT, only(CallKind.CHAT), null, ChatModel::supportedCapabilities), json);
    }

    /**
     * Makes a streaming chat model of which calls are recorded or replayed.
     *
     * @param identity what decides the model's behaviour
     * @param model gives the model; called at the first request that must reach it, so never in replay
     * @return the model
     */
    public ReplayStreamingChatModel streamingChatModel(
            Identity identity, Supplier<? extends StreamingChatModel> model) {
        return new ReplayStreamingChatModel(
                track(
                        CallKind.STREAMING,
                        identity,
                        Objects.requireNonNull(model, "model"),
                        StreamingChatModel::supportedCapabilities),
                json);
    }

    /**
     * Makes a streaming chat model of which calls are recorded or replayed.
     *
     * @param identity what decides the model's behaviour
     * @param model the model
     * @return the model
     */
    public ReplayStreamingChatModel streamingChatModel(Identity identity, StreamingChatModel model) {
        Objects.requireNonNull(model, "model");
        return streamingChatModel(identity, () -> model);
    }

    /**
     * Makes a streaming chat model that only replays, with the identity of the one that was recorded.
     *
     * @return the model
     * @throws LifecycleException when the cassette has calls of no streaming chat model, or of several
     */
    public ReplayStreamingChatModel streamingChatModel() {
        return new ReplayStreamingChatModel(
                track(CallKind.STREAMING, only(CallKind.STREAMING), null, StreamingChatModel::supportedCapabilities),
                json);
    }

    /**
     * Makes an embedding model of which calls are recorded or replayed.
     *
     * @param identity what decides the model's vectors
     * @param model gives the model; called at the first text that must reach it, so never in replay
     * @return the model
     */
    public ReplayEmbeddingModel embeddingModel(Identity identity, Supplier<? extends EmbeddingModel> model) {
        return new ReplayEmbeddingModel(
                track(CallKind.EMBEDDING, identity, Objects.requireNonNull(model, "model"), unused -> Set.of()), json);
    }

    /**
     * Makes an embedding model of which calls are recorded or replayed.
     *
     * @param identity what decides the model's vectors
     * @param model the model
     * @return the model
     */
    public ReplayEmbeddingModel embeddingModel(Identity identity, EmbeddingModel model) {
        Objects.requireNonNull(model, "model");
        return embeddingModel(identity, () -> model);
    }

    /**
     * Makes an embedding model that only replays, with the identity of the one that was recorded.
     *
     * @return the model
     * @throws LifecycleException when the cassette has vectors of no embedding model, or of several
     */
    public ReplayEmbeddingModel embeddingModel() {
        return new ReplayEmbeddingModel(
                track(CallKind.EMBEDDING, only(CallKind.EMBEDDING), null, unused -> Set.of()), json);
    }

    /**
     * Returns the recordings that no model of this cassette asked for: what a change of the prompts left behind, once
     * all tests have run.
     *
     * @return a line for each, such as {@code line 12: chat model gpt-4o-mini:1@0f3a…}; in the order of the file
     */
    public List<String> unused() {
        lock.lock();
        try {
            List<String> unused = new ArrayList<>();
            onDisk.models().forEach((key, model) -> {
                int position = 0;
                String last = "";
                for (RecordedCall call : model.calls()) {
                    position = call.key().equals(last) ? position + 1 : 0;
                    last = call.key();
                    if (!used.contains(new Used(key, call.key(), position))) {
                        unused.add("line " + call.line() + ": " + key);
                    }
                }
            });
            return List.copyOf(unused);
        } finally {
            lock.unlock();
        }
    }

    Optional<JsonNode> find(ModelKey model, String key, int position) {
        lock.lock();
        try {
            if (mode == ReplayMode.LIVE) {
                return Optional.empty();
            }
            used.add(new Used(model, key, position));
            if (mode == ReplayMode.RECORD) {
                return Optional.empty();
            }
            return recorded.find(model, key, position)
                    .or(() -> onDisk.find(model, key, position))
                    .map(RecordedCall::response);
        } finally {
            lock.unlock();
        }
    }

    Optional<Set<Capability>> capabilities(ModelKey model) {
        lock.lock();
        try {
            return Optional.ofNullable(onDisk.models().get(model)).map(known -> Set.copyOf(known.capabilities()));
        } finally {
            lock.unlock();
        }
    }

    /** Adds calls to the file and to what others have written into it since. */
    void record(ModelKey model, Set<Capability> capabilities, List<Track.Placed> calls) {
        if (mode == ReplayMode.LIVE) {
            return;
        }
        InterProcessLock.holding(LockFiles.of(file.path()), lockTimeout, () -> {
            lock.lock();
            try {
                recorded.describe(model, capabilities);
                calls.forEach(placed -> recorded.put(model, placed.position(), placed.call()));
                if (!file.currentHash().equals(read)) {
                    file.read().ifPresent(this::take);
                }
                onDisk = onDisk.under(recorded);
                read = Optional.of(file.write(onDisk));
                return onDisk;
            } finally {
                lock.unlock();
            }
        });
    }

    NotRecordedException notRecorded(ModelKey model, Track.Ask ask) {
        lock.lock();
        try {
            return new NotRecordedException(
                    file.path(),
                    "Replaying a call of the " + model + " from " + file.path() + ": " + missing(model, ask));
        } finally {
            lock.unlock();
        }
    }

    private String missing(ModelKey model, Track.Ask ask) {
        int times = onDisk.model(model).count(ask.key());
        if (times > 0) {
            return "it was recorded " + (times == 1 ? "once" : times + " times")
                    + " and is now asked once more; ask it less often, or " + REMEDY;
        }
        List<RecordedCall> calls = onDisk.model(model).calls();
        if (calls.isEmpty()) {
            List<ModelKey> others = onDisk.models().keySet().stream()
                    .filter(key -> key.kind() == model.kind() && !key.equals(model))
                    .toList();
            return (others.isEmpty()
                            ? "no call of that kind is recorded; "
                            : "the recorded calls are of " + others + "; ")
                    + REMEDY;
        }
        return RequestDiff.nearest(calls, ask.request())
                .map(nearest -> "none of the " + calls.size() + " recorded requests equals it, the nearest is at line "
                        + nearest.line() + ":\n" + RequestDiff.between(nearest.request(), ask.request())
                        + "undo the change, or " + REMEDY)
                .orElseThrow();
    }

    /** Returns the length of the vectors that were recorded without parameters, if there are some. */
    Optional<Integer> dimension(ModelKey model) {
        lock.lock();
        try {
            return onDisk.model(model).calls().stream()
                    .filter(call -> !call.request().has("parameters"))
                    .findFirst()
                    .map(call -> VectorJson.read(call.response()).length);
        } finally {
            lock.unlock();
        }
    }

    private void take(CassetteFile.Content content) {
        onDisk = content.recordings();
        read = Optional.of(content.hash());
    }

    private <M> Track<M> track(
            CallKind kind,
            Identity identity,
            @Nullable Supplier<? extends M> model,
            Function<M, Set<Capability>> capabilities) {
        return new Track<>(this, new ModelKey(kind, Objects.requireNonNull(identity, "identity")), model, capabilities);
    }

    private Identity only(CallKind kind) {
        List<ModelKey> known = models(kind);
        if (known.size() != 1) {
            throw new LifecycleException("Replaying a " + kind.label() + " model from " + file.path() + ": there "
                    + (known.isEmpty() ? "is none in it" : "are several, " + known)
                    + "; record one, or name it by its identity");
        }
        return known.get(0).identity();
    }

    private List<ModelKey> models(CallKind kind) {
        lock.lock();
        try {
            return onDisk.models().keySet().stream()
                    .filter(key -> key.kind() == kind)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Builds a {@link Cassette}. Not thread-safe. */
    public static final class Builder {

        private final Path file;
        private final List<Pattern> scrubbed = new ArrayList<>();
        private ReplayMode mode = ReplayMode.REPLAY;
        private Duration lockTimeout = Duration.ofSeconds(30);

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        /**
         * Sets the mode. Default: {@link ReplayMode#REPLAY}.
         *
         * @param mode the mode
         * @return this builder
         */
        public Builder mode(ReplayMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * Adds a pattern of secrets, whose every match is replaced. Always scrubbed are bearer tokens, JSON web tokens,
         * private keys, passwords in addresses, and keys that begin as those of well-known providers do ({@code sk-…},
         * {@code ghp_…}, {@code hf_…}, {@code xoxb-…}, {@code AKIA…}, {@code AIza…}).
         *
         * @param secret the pattern
         * @return this builder
         */
        public Builder scrub(Pattern secret) {
            scrubbed.add(Objects.requireNonNull(secret, "secret"));
            return this;
        }

        /**
         * Sets how long to wait for another process that writes the file. Default: 30 seconds.
         *
         * @param timeout the time, not negative
         * @return this builder
         */
        public Builder lockTimeout(Duration timeout) {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException("the lock timeout of the cassette " + file
                        + " must not be negative but was " + timeout + "; 30 seconds are the default");
            }
            this.lockTimeout = timeout;
            return this;
        }

        /**
         * Opens the cassette and reads what is in it.
         *
         * @return the cassette
         * @throws LifecycleException when it is to be replayed and is not there, or cannot be read
         * @throws DamagedDataException when it is damaged or was edited; it names the line
         */
        public Cassette build() {
            return new Cassette(this);
        }
    }
}
