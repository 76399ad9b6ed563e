package dev.llmlifecycle.retrieval.embedding;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model that keeps the vectors of another, in memory and if wanted in a file.
 *
 * <p>A vector is kept for the SHA-256 of its text alone; metadata of a segment must not count. Of a batch only the
 * texts that are not known go to the model, each once and in one call, and the vectors come in the order of the texts.
 * A text that another thread is embedding is waited for. When that call fails, those who wait ask the model themselves,
 * so that nobody fails for another one's text; a failure is not kept.
 *
 * <p>The token usage is that of the call to the model, zero when there was none. Listeners stay with the model and hear
 * the calls that reach it. Requests with parameters (input type, dimensions) are refused as unsupported, since a vector
 * would depend on them: decorate a model that is configured for one purpose.
 *
 * <p>Thread-safe when the model is. Close it when it has a file; the model stays open.
 *
 * <pre>{@code
 * EmbeddingModel cached = CachedEmbeddingModel.builder(model).build();
 * }</pre>
 *
 * @since 0.1
 */
@Incubating
public final class CachedEmbeddingModel implements EmbeddingModel, AutoCloseable {

    private static final String UNKNOWN = "unknown";
    private static final int OVERHEAD = 250;

    private final EmbeddingModel model;
    private final String modelName;
    private final Cache<String, float[]> kept;
    private final Optional<EmbeddingFile> file;
    private final Map<String, CompletableFuture<float[]>> flights = new ConcurrentHashMap<>();
    private final AtomicInteger dimension = new AtomicInteger();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder waits = new LongAdder();

    private CachedEmbeddingModel(Builder builder) {
        this.model = builder.model;
        this.modelName = builder.modelName.orElseGet(model::modelName);
        this.kept = Caffeine.newBuilder()
                .maximumWeight(builder.maximumBytes)
                .weigher((String hash, float[] vector) -> OVERHEAD + 4 * vector.length)
                .executor(Runnable::run)
                .recordStats()
                .build();
        this.file = builder.file.map(path -> {
            if (modelName.isBlank() || modelName.equals(UNKNOWN)) {
                throw new IllegalStateException("the embedding model says no name, by which its vectors in " + path
                        + " could be told from those of another; set modelName");
            }
            return EmbeddingFile.open(path, modelName, builder.maximumFileBytes, kept::put);
        });
        file.ifPresent(opened -> dimension.set(opened.dimension()));
    }

    /**
     * Starts a decorated model.
     *
     * @param model embeds what is not known
     * @return a builder
     */
    public static Builder builder(EmbeddingModel model) {
        return new Builder(model);
    }

    /**
     * How often texts were known.
     *
     * <p>Immutable.
     *
     * @param hits texts whose vector was kept
     * @param misses texts that went to the model
     * @param waits texts that another thread was embedding
     * @param evictions vectors dropped for room
     * @param damaged records of the file that were left out when it was opened
     * @since 0.1
     */
    public record Counts(long hits, long misses, long waits, long evictions, long damaged) {}

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        Map<String, TextSegment> texts = new LinkedHashMap<>();
        List<String> order = new ArrayList<>(segments.size());
        for (TextSegment segment : segments) {
            String hash = hash(segment.text());
            texts.putIfAbsent(hash, segment);
            order.add(hash);
        }
        Map<String, float[]> vectors = new ConcurrentHashMap<>();
        Map<String, TextSegment> own = new LinkedHashMap<>();
        Map<String, CompletableFuture<float[]>> others = new LinkedHashMap<>();
        texts.forEach((hash, segment) -> {
            float[] known = kept.getIfPresent(hash);
            if (known != null) {
                vectors.put(hash, known);
                return;
            }
            CompletableFuture<float[]> flight = flights.putIfAbsent(hash, new CompletableFuture<>());
            if (flight == null) {
                own.put(hash, segment);
            } else {
                others.put(hash, flight);
            }
        });
        hits.add(vectors.size());
        waits.add(others.size());
        int tokens = 0;
        try {
            tokens += ask(own, vectors);
        } finally {
            // Landed after the vectors are kept, or with no vector when the call failed.
            own.keySet().forEach(hash -> land(hash, vectors.get(hash)));
        }
        Map<String, TextSegment> failed = new LinkedHashMap<>();
        others.forEach((hash, flight) -> await(flight)
                .ifPresentOrElse(
                        vector -> vectors.put(hash, vector),
                        () -> failed.put(hash, Objects.requireNonNull(texts.get(hash)))));
        tokens += ask(failed, vectors);
        List<Embedding> embeddings = order.stream()
                // Embeddings can be normalised in place.
                .map(hash ->
                        Embedding.from(Objects.requireNonNull(vectors.get(hash)).clone()))
                .toList();
        return Response.from(embeddings, new TokenUsage(tokens));
    }

    /** Returns the length of the vectors: of those that are kept, else what the model says. */
    @Override
    public int dimension() {
        int known = dimension.get();
        return known > 0 ? known : model.dimension();
    }

    @Override
    public String modelName() {
        return modelName;
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    /**
     * Returns how often texts were known so far.
     *
     * @return the counts since it was built
     */
    public Counts counts() {
        return new Counts(
                hits.sum(),
                misses.sum(),
                waits.sum(),
                kept.stats().evictionCount(),
                file.map(EmbeddingFile::damaged).orElse(0L));
    }

    /** Closes the file; vectors are no longer written, and still kept in memory. May be called twice. */
    @Override
    public void close() {
        file.ifPresent(EmbeddingFile::close);
    }

    /** Asks the model, keeps what it gives, and returns the tokens it took. */
    private int ask(Map<String, TextSegment> texts, Map<String, float[]> vectors) {
        if (texts.isEmpty()) {
            return 0;
        }
        misses.add(texts.size());
        Response<List<Embedding>> response = model.embedAll(List.copyOf(texts.values()));
        if (response.content().size() != texts.size()) {
            throw new LifecycleException("Embedding " + texts.size() + " texts with the model '" + modelName + "' gave "
                    + response.content().size() + " vectors; check the model");
        }
        Map<String, float[]> fresh = new LinkedHashMap<>();
        int next = 0;
        for (String hash : texts.keySet()) {
            fresh.put(hash, checked(response.content().get(next++).vector().clone()));
        }
        kept.putAll(fresh);
        vectors.putAll(fresh);
        file.ifPresent(to -> to.append(fresh, kept::asMap));
        TokenUsage usage = response.tokenUsage();
        Integer count = usage == null ? null : usage.inputTokenCount();
        return count == null ? 0 : Math.max(0, count);
    }

    private float[] checked(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new LifecycleException("Embedding a text with the model '" + modelName
                        + "' gave a vector that is not finite; check the model");
            }
        }
        int known = dimension.updateAndGet(now -> now == 0 ? vector.length : now);
        if (known != vector.length) {
            throw new LifecycleException("Embedding a text with the model '" + model.modelName()
                    + "' gave a vector of dimension " + vector.length + ", but those kept for '" + modelName
                    + "' have " + known + "; use another cache for another model");
        }
        return vector;
    }

    private void land(String hash, float @Nullable [] vector) {
        CompletableFuture<float[]> flight = flights.remove(hash);
        if (flight == null) {
            return;
        }
        if (vector == null) {
            flight.cancel(false);
        } else {
            flight.complete(vector);
        }
    }

    private static Optional<float[]> await(CompletableFuture<float[]> flight) {
        try {
            return flight.isCancelled() ? Optional.empty() : Optional.of(flight.get());
        } catch (CancellationException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a flight ended with a failure", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for another thread's vector was interrupted; embed on a thread that is not", e);
        }
    }

    /** Over the characters as they are, so that halves of pairs differ too. */
    private static String hash(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.allocate(2 * text.length());
            bytes.asCharBuffer().put(text);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256, which every JVM must have", e);
        }
    }

    /**
     * Builds a {@link CachedEmbeddingModel}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final EmbeddingModel model;
        private Optional<String> modelName = Optional.empty();
        private Optional<Path> file = Optional.empty();
        private long maximumBytes = 64L << 20;
        private long maximumFileBytes = 256L << 20;

        private Builder(EmbeddingModel model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        /**
         * Sets what the vectors in a file are called by; it must change when the model or its settings do.
         *
         * @param name default what the model says
         * @return this builder
         */
        public Builder modelName(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("modelName is blank; give the name of the model");
            }
            this.modelName = Optional.of(name);
            return this;
        }

        /**
         * Sets about how much memory vectors may take.
         *
         * @param bytes at least 1; default 64 MiB, some 37,000 vectors of dimension 384
         * @return this builder
         */
        public Builder maximumBytes(long bytes) {
            requirePositive(bytes, "maximumBytes");
            this.maximumBytes = bytes;
            return this;
        }

        /**
         * Keeps the vectors in a file, too, which one process writes to at a time. What memory has no room for is not
         * read from it.
         *
         * @param path the file; it and its directory are created when missing
         * @return this builder
         */
        public Builder file(Path path) {
            this.file = Optional.of(path);
            return this;
        }

        /**
         * Sets how large the file may become before it is written anew with what is kept in memory, up to half of that.
         *
         * @param bytes at least 1; default 256 MiB
         * @return this builder
         */
        public Builder maximumFileBytes(long bytes) {
            requirePositive(bytes, "maximumFileBytes");
            this.maximumFileBytes = bytes;
            return this;
        }

        /**
         * Builds the model, and reads its file.
         *
         * @return the model
         * @throws LifecycleException when the file is of another model or cannot be read, or another process has it
         * @throws dev.llmlifecycle.api.DamagedDataException when the head of the file is damaged
         */
        public CachedEmbeddingModel build() {
            return new CachedEmbeddingModel(this);
        }

        private static void requirePositive(long value, String what) {
            if (value < 1) {
                throw new IllegalArgumentException(what + " must be at least 1 but was " + value + "; give more");
            }
        }
    }
}
