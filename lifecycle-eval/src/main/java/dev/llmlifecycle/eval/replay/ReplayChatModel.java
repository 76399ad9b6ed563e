package dev.llmlifecycle.eval.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * A chat model that records what another answers into a cassette, a readable file for git, and replays it.
 *
 * <pre>{@code
 * ChatModel model = ReplayChatModel.builder(Path.of("src/test/resources/support.cassette.json"))
 *         .model(Identity.of("gpt-4o-mini", "2024-07-18"), openAi)
 *         .mode(ReplayMode.AUTO)
 *         .build();
 * }</pre>
 *
 * <p>A call is found by its request: messages, and the parameters that every LangChain4j model knows. A request that
 * was made several times replays its answers in order. Secrets are scrubbed before anything is compared or written. It
 * has the identity of the model that it records, also where it replays without one, so a release keeps its hash. Each
 * call that is recorded is on disk before it is returned. Listeners of the recorded model hear of calls that reach it.
 *
 * <p>Thread-safe; no lock is held while the model answers. Two of them at once on one file are refused at the second
 * write.
 *
 * @since 0.1
 */
public final class ReplayChatModel implements ChatModel, Identified {

    private final CassetteFile file;
    private final ReplayMode mode;
    private final @Nullable ChatModel model;
    private final Identity identity;
    private final ChatJson json;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RecordedCall> calls;
    private final Map<String, Integer> served = new HashMap<>();
    private @Nullable Hash written;
    private boolean started;

    private ReplayChatModel(Builder builder) {
        this.file = new CassetteFile(builder.cassette);
        this.mode = builder.mode;
        this.model = mode == ReplayMode.REPLAY ? null : builder.model;
        this.json = new ChatJson(new SecretScrubber(builder.scrubbed));
        if (mode == ReplayMode.RECORD) {
            this.calls = new ArrayList<>();
            this.identity = builder.requireIdentity();
            return;
        }
        Optional<CassetteFile.Content> content = file.read();
        if (content.isEmpty() && mode == ReplayMode.REPLAY) {
            throw new LifecycleException("Replaying from " + file.path()
                    + ": there is no such cassette; record it first with ReplayMode.AUTO");
        }
        Optional<Identity> recorded = content.flatMap(CassetteFile.Content::model);
        this.calls = new ArrayList<>(content.map(CassetteFile.Content::calls).orElse(List.of()));
        this.written = content.map(CassetteFile.Content::hash).orElse(null);
        this.started = true;
        this.identity = builder.identity == null && recorded.isPresent() ? recorded.get() : builder.requireIdentity();
        if (recorded.isPresent() && !recorded.get().equals(identity)) {
            throw new LifecycleException("The cassette " + file.path() + " was recorded from " + recorded.get()
                    + " but the model is now " + identity
                    + "; record it again with ReplayMode.RECORD, or use another file");
        }
    }

    /**
     * Starts a model.
     *
     * @param cassette the file; its directory is created when it is missing
     * @return a builder
     */
    public static Builder builder(Path cassette) {
        return new Builder(cassette);
    }

    /**
     * Creates a model that only replays, with the identity of the model that was recorded.
     *
     * @param cassette the file
     * @return the model
     * @throws LifecycleException when there is no such file
     * @throws dev.llmlifecycle.api.DamagedDataException when it is damaged or was edited
     */
    public static ReplayChatModel replaying(Path cassette) {
        return builder(cassette).build();
    }

    /** Returns the identity of the recorded model. */
    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Answers from the cassette or the model, as the mode says.
     *
     * @throws LifecycleException when the request was not recorded and must not leave; it shows how the nearest
     *     recorded request differs
     */
    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        JsonNode asked = json.request(request);
        String key = ChatJson.canonical(asked);
        if (mode != ReplayMode.RECORD) {
            Optional<ChatResponse> replayed = next(key);
            if (replayed.isPresent()) {
                return replayed.get();
            }
        }
        if (model == null) {
            throw notRecorded(key, asked);
        }
        ChatResponse response = model.chat(request, options);
        record(RecordedCall.of(asked, json.response(response), 0));
        return response;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model == null ? ChatModel.super.defaultRequestParameters() : model.defaultRequestParameters();
    }

    @Override
    public ModelProvider provider() {
        return model == null ? ChatModel.super.provider() : model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model == null ? ChatModel.super.supportedCapabilities() : model.supportedCapabilities();
    }

    private Optional<ChatResponse> next(String key) {
        lock.lock();
        try {
            int before = served.getOrDefault(key, 0);
            Optional<RecordedCall> call = calls.stream()
                    .filter(recorded -> recorded.key().equals(key))
                    .skip(before)
                    .findFirst();
            call.ifPresent(found -> served.put(key, before + 1));
            return call.map(RecordedCall::response);
        } finally {
            lock.unlock();
        }
    }

    private void record(RecordedCall call) {
        lock.lock();
        try {
            if (started && !file.currentHash().equals(Optional.ofNullable(written))) {
                throw new LifecycleException("The cassette " + file.path()
                        + " was changed by others while it was recorded; let one ReplayChatModel write it");
            }
            calls.add(call);
            served.merge(call.key(), 1, Integer::sum);
            written = file.write(identity, calls);
            started = true;
        } finally {
            lock.unlock();
        }
    }

    private LifecycleException notRecorded(String key, JsonNode asked) {
        lock.lock();
        try {
            String doing = "Replaying a chat request from " + file.path() + ": ";
            int answers = served.getOrDefault(key, 0);
            if (answers > 0) {
                return new LifecycleException(doing + "it was recorded " + times(answers)
                        + " and is now asked once more; ask it less often, or record it again with ReplayMode.AUTO");
            }
            return new LifecycleException(RequestDiff.nearest(calls, asked)
                    .map(nearest -> doing + "none of the " + calls.size()
                            + " recorded requests equals it, the nearest is at line " + nearest.line() + ":\n"
                            + RequestDiff.between(nearest.request(), asked)
                            + "undo the change, or record it with ReplayMode.AUTO")
                    .orElse(doing + "nothing is recorded; record it with ReplayMode.AUTO"));
        } finally {
            lock.unlock();
        }
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    /** Builds a {@link ReplayChatModel}. Not thread-safe. */
    public static final class Builder {

        private final Path cassette;
        private final List<Pattern> scrubbed = new ArrayList<>();
        private ReplayMode mode = ReplayMode.REPLAY;
        private @Nullable ChatModel model;
        private @Nullable Identity identity;

        private Builder(Path cassette) {
            this.cassette = Objects.requireNonNull(cassette, "cassette");
        }

        /**
         * Sets the model that is recorded and its identity. Required unless the mode is {@link ReplayMode#REPLAY},
         * which never asks it.
         *
         * @param identity what decides its behaviour
         * @param model the model
         * @return this builder
         */
        public Builder model(Identity identity, ChatModel model) {
            this.model = Objects.requireNonNull(model, "model");
            return identity(identity);
        }

        /**
         * Sets a model that names itself.
         *
         * @param model a model that is {@link Identified}
         * @return this builder
         * @throws IllegalArgumentException when it is not
         */
        public Builder model(ChatModel model) {
            if (model instanceof Identified identified) {
                return model(identified.identity(), model);
            }
            throw new IllegalArgumentException("the recorded model has no identity; name it with"
                    + " model(Identity.of(\"name\", \"version\", configuration), model)");
        }

        /**
         * Sets the identity of the recorded model, where it is not there to tell. Default: the cassette's.
         *
         * @param identity the identity
         * @return this builder
         */
        public Builder identity(Identity identity) {
            this.identity = Objects.requireNonNull(identity, "identity");
            return this;
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
         * and keys that begin as those of well-known providers do ({@code sk-…}, {@code ghp_…}, {@code AKIA…},
         * {@code AIza…}).
         *
         * @param secret the pattern
         * @return this builder
         */
        public Builder scrub(Pattern secret) {
            scrubbed.add(Objects.requireNonNull(secret, "secret"));
            return this;
        }

        /**
         * Builds the model and reads the cassette.
         *
         * @return the model
         * @throws IllegalStateException when the mode needs a model or an identity that was not given
         * @throws LifecycleException when a cassette to replay is missing, or was recorded from another model
         * @throws dev.llmlifecycle.api.DamagedDataException when it is damaged or was edited
         */
        public ReplayChatModel build() {
            if (mode != ReplayMode.REPLAY && model == null) {
                throw new IllegalStateException("ReplayMode." + mode + " with the cassette " + cassette
                        + " records but has no model to ask; set model(...), or use ReplayMode.REPLAY");
            }
            return new ReplayChatModel(this);
        }

        private Identity requireIdentity() {
            if (identity == null) {
                throw new IllegalStateException(
                        "the cassette " + cassette + " does not name the model that it stands for; set identity(...)");
            }
            return identity;
        }
    }
}
