package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.cache.CaffeineContextCache;
import dev.llmlifecycle.retrieval.cache.SemanticAnswerCache;
import dev.llmlifecycle.retrieval.cache.VectorIndexRetriever;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Hits of the context cache and lookups of the semantic cache, beside calling the retriever; embedding costs next to
 * nothing here.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx3g", "--add-modules", "jdk.incubator.vector"})
public class CacheBenchmark {

    private static final int DIMENSION = 128;
    private static final int DOCUMENTS = 5_000;
    private static final int SAME = 64;

    /** Vectors drawn by the hash of the text, in clusters of ten by its first word. */
    private static final class DrawnModel implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(vector(segment.text())))
                    .toList());
        }

        private static float[] vector(String text) {
            SplittableRandom centre = new SplittableRandom(
                    text.substring(0, Math.max(0, text.indexOf(' '))).hashCode());
            SplittableRandom own = new SplittableRandom(text.hashCode());
            float[] vector = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] = (float) (centre.nextDouble() - 0.5 + 0.5 * (own.nextDouble() - 0.5));
            }
            return vector;
        }
    }

    /** A retriever over an index, and a cache in front of it. */
    @State(Scope.Benchmark)
    public static class Context {

        private final VectorIndex index = VectorIndex.builder(DIMENSION).build();
        private final VectorIndexRetriever retriever =
                new VectorIndexRetriever(index, new DrawnModel(), Identity.of("drawn", "1"), "corpus", 5);
        private final CaffeineContextCache cache =
                CaffeineContextCache.builder().build();
        private final RetrievalRequest request =
                RetrievalRequest.of("refund how long does it take when I paid by card?");
        private final AtomicInteger next = new AtomicInteger();

        /** Fills the index. */
        @Setup(Level.Trial)
        public void fill() {
            List<VectorEntry> entries = new ArrayList<>();
            for (int i = 0; i < DOCUMENTS; i++) {
                TextSegment text = TextSegment.from("word" + i / 10 + " document " + i);
                entries.add(VectorEntry.of("doc-" + i, DrawnModel.vector(text.text()), text));
            }
            index.addAll(entries);
            cache.retrieve(retriever, request);
        }

        /** Closes the index. */
        @TearDown(Level.Trial)
        public void close() {
            retriever.close();
            index.close();
        }
    }

    /** A semantic cache whose questions share one context, or have one for every ten. */
    @State(Scope.Benchmark)
    public static class Semantic {

        /** How many answers are kept. */
        @Param("100000")
        public int entries;

        /** How many questions share a context. */
        @Param({"100000", "10"})
        public int sharing;

        private @Nullable SemanticAnswerCache cache;
        private final List<AnswerCache.Request> questions = new ArrayList<>();
        private int next;

        /** Fills the cache. */
        @Setup(Level.Trial)
        public void fill() {
            SemanticAnswerCache filled = SemanticAnswerCache.builder(new DrawnModel(), text -> false)
                    .errorRate(0.01)
                    .maximumBytes(1L << 30)
                    // On this thread, so that graphs are built when the filling ends.
                    .executor(Runnable::run)
                    .build();
            for (int i = 0; i < entries; i++) {
                AnswerCache.Request request = request(i, "cluster" + i / 10 + " question of " + words(i));
                filled.put(request, new AnswerCache.Kept("An answer.", List.of("doc")));
            }
            for (int i = 0; i < 1_000; i++) {
                int of = (int) ((long) i * 7919 % entries);
                questions.add(request(of, "cluster" + of / 10 + " question about " + words(of)));
            }
            cache = filled;
        }

        private static String words(int number) {
            StringBuilder words = new StringBuilder();
            for (int rest = number + 1; rest > 0; rest /= 26) {
                words.append((char) ('a' + rest % 26));
            }
            return words.toString();
        }

        private AnswerCache.Request request(int number, String question) {
            Hash hash = Hash.ofUtf8("context " + number / sharing);
            return new AnswerCache.Request(
                    new AnswerCache.Key(question, hash, "answer", hash, Optional.empty()),
                    "interaction " + number,
                    Optional.empty());
        }

        /** Closes the cache. */
        @TearDown(Level.Trial)
        public void close() {
            if (cache != null) {
                cache.close();
            }
        }
    }

    /**
     * A hit of the context cache.
     *
     * @param context the cache
     * @return what was kept
     */
    @Benchmark
    public ContextCache.Lookup contextHit(Context context) {
        return context.cache.retrieve(context.retriever, context.request);
    }

    /**
     * The same without the cache.
     *
     * @param context the retriever
     * @return what was found
     */
    @Benchmark
    public Retrieval retriever(Context context) {
        return context.retriever.retrieve(context.request);
    }

    /**
     * Lookups of 64 threads, of which 64 in a row ask the same and one searches.
     *
     * @param context the cache
     * @return what was found
     */
    @Benchmark
    @Threads(SAME)
    public ContextCache.Lookup singleFlight(Context context) {
        int question = context.next.getAndIncrement() / SAME;
        return context.cache.retrieve(context.retriever, RetrievalRequest.of("word" + question + " tell me"));
    }

    /**
     * A question that is near to a kept one, with its embedding, which is drawn.
     *
     * @param semantic the cache
     * @return what was found
     */
    @Benchmark
    public AnswerCache.Lookup semanticLookup(Semantic semantic) {
        semantic.next = (semantic.next + 1) % semantic.questions.size();
        SemanticAnswerCache cache = semantic.cache;
        return cache == null
                ? AnswerCache.Lookup.of(Optional.empty())
                : lookUp(cache, semantic.questions.get(semantic.next));
    }

    private static AnswerCache.Lookup lookUp(SemanticAnswerCache cache, AnswerCache.Request request) {
        AnswerCache.Lookup lookup = cache.find(request);
        cache.abandon(request);
        return lookup;
    }
}
