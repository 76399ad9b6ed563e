package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.examples.PooledExampleSelector;
import dev.llmlifecycle.core.examples.Selection;
import dev.llmlifecycle.core.examples.SelectionStrategy;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * One choice of examples with its explanation, by one thread, from 10,000 examples of 384 dimensions within 1,024
 * tokens, without what it costs to embed the question. Every example is compared; nothing is approximate.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 3)
@Fork(1)
public class ExampleSelectionBenchmark {

    private static final int DIMENSION = 384;
    private static final int TOPICS = 150;
    private static final int QUESTIONS = 256;
    private static final int BUDGET = 1_024;
    private static final int MOST = 10;

    /** What chooses. */
    public enum Rule {
        /** The ten nearest. */
        NEAREST,
        /** Ten by maximal marginal relevance. */
        MMR,
        /** As many as the budget holds, by relevance and coverage. */
        KNAPSACK,
        /** The ten with the most telling words in common. */
        BM25
    }

    /** How many examples there are. */
    @Param("10000")
    public int size;

    /** What chooses. */
    @Param
    public Rule rule = Rule.NEAREST;

    private final Random random = new Random(7);
    private final List<float[]> topics = new ArrayList<>();
    private final List<String> questions = new ArrayList<>();
    private final Map<String, float[]> vectors = new HashMap<>();
    private @Nullable PooledExampleSelector selector;
    private int next;

    /** Draws the examples. */
    @Setup(Level.Trial)
    public void build() {
        for (int topic = 0; topic < TOPICS; topic++) {
            topics.add(near(new float[DIMENSION], 1));
        }
        Dataset.Builder pool = Dataset.builder("pool");
        for (int i = 0; i < size; i++) {
            String text = text();
            vectors.putIfAbsent(text, near(topics.get(i % TOPICS), 0.8));
            pool.add(Example.builder(String.format(Locale.ROOT, "%05d", i), text)
                    .expected("topic " + i % TOPICS)
                    .build());
        }
        for (int i = 0; i < QUESTIONS; i++) {
            String text = text();
            vectors.putIfAbsent(text, near(topics.get(i % TOPICS), 0.8));
            questions.add(text);
        }
        PooledExampleSelector.Builder builder = PooledExampleSelector.builder(pool.build())
                .embeddings(Identity.of("drawn", "1"), new Known(vectors))
                .tokenBudget(BUDGET);
        selector = switch (rule) {
            case NEAREST -> builder.atMost(MOST).build();
            case MMR -> builder.strategy(SelectionStrategy.mmr()).atMost(MOST).build();
            case KNAPSACK -> builder.strategy(SelectionStrategy.knapsack()).build();
            case BM25 -> builder.strategy(SelectionStrategy.bm25()).atMost(MOST).build();
        };
    }

    /**
     * Chooses.
     *
     * @return the choice
     */
    @Benchmark
    public @Nullable Selection choose() {
        next = (next + 1) % questions.size();
        return selector == null ? null : selector.explain(questions.get(next));
    }

    private float[] near(float[] centre, double spread) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (centre[i] + spread * random.nextGaussian());
        }
        return vector;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int word = 8 + random.nextInt(8); word > 0; word--) {
            text.append("word")
                    .append((int) Math.abs(random.nextGaussian() * 800))
                    .append(' ');
        }
        return text.toString();
    }

    /** Knows the vector of every text. */
    private record Known(Map<String, float[]> vectors) implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(vectors.get(segment.text())))
                    .toList());
        }

        @Override
        public int dimension() {
            return DIMENSION;
        }
    }
}
