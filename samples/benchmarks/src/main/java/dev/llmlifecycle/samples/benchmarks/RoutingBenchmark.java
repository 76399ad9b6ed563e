package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.retrieval.routing.IntentRoute;
import dev.llmlifecycle.retrieval.routing.IntentRouter;
import dev.llmlifecycle.retrieval.routing.RoutingDecision;
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

/** One routing by examples, whose embedding is there already: 150 intents in 384 dimensions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "--add-modules", "jdk.incubator.vector"})
public class RoutingBenchmark {

    private static final int INTENTS = 150;
    private static final int DIMENSION = 384;
    private static final int QUESTIONS = 500;

    /** How many examples there are. */
    @Param("15000")
    public int examples = 15_000;

    private @Nullable IntentRouter router;
    private final List<Question> questions = new ArrayList<>();
    private int next;

    /** Builds the router of drawn examples; the number in a text says which intent it has. */
    @Setup(Level.Trial)
    public void build() {
        IntentRouter.Builder builder = IntentRouter.builder(new DrawnModel());
        for (int intent = 0; intent < INTENTS; intent++) {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < examples / INTENTS; i++) {
                texts.add(intent + " example " + i);
            }
            builder.route(IntentRoute.builder("intent-" + intent, new Route.ToPrompt("prompt-" + intent))
                    .examples(texts)
                    .build());
        }
        router = builder.build();
        for (int i = 0; i < QUESTIONS; i++) {
            questions.add(Question.of(i % INTENTS + " question " + i));
        }
    }

    /**
     * Routes one question.
     *
     * @return the decision
     */
    @Benchmark
    public RoutingDecision route() {
        next = (next + 1) % QUESTIONS;
        return Objects.requireNonNull(router, "router").decide(questions.get(next));
    }

    /** Draws a vector for each text near that of its first word. */
    private static final class DrawnModel implements EmbeddingModel {

        private static final double SPREAD = 1;

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(vector(segment.text())))
                    .toList());
        }

        private static float[] vector(String text) {
            SplittableRandom centre =
                    new SplittableRandom(text.substring(0, text.indexOf(' ')).hashCode());
            SplittableRandom around = new SplittableRandom(text.hashCode());
            float[] vector = new float[DIMENSION];
            for (int i = 0; i < DIMENSION; i++) {
                vector[i] = (float) (centre.nextDouble() - 0.5 + SPREAD * (around.nextDouble() - 0.5));
            }
            return vector;
        }

        @Override
        public int dimension() {
            return DIMENSION;
        }

        @Override
        public String modelName() {
            return "drawn";
        }
    }
}
