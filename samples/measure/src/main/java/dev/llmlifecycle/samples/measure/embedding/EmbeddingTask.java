package dev.llmlifecycle.samples.measure.embedding;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;

import com.sun.management.OperatingSystemMXBean;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.eval.statistics.ConfidenceIntervals;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Embedding: texts for each second of CPU time, the library's model in process beside LangChain4j's over the same
 * files, and how equal their vectors are.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class EmbeddingTask implements MeasureTask {

    private static final int ROUNDS = 5;
    private static final int TEXTS = 600;
    private static final int CHUNK = 400;
    private static final double NANOS = 1e9;

    private final Supplier<EmbeddingModel> ours;
    private final Supplier<EmbeddingModel> reference;

    /** Creates the task with all-MiniLM-L6-v2, quantised. */
    public EmbeddingTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized, AllMiniLmL6V2QuantizedEmbeddingModel::new);
    }

    EmbeddingTask(Supplier<EmbeddingModel> ours, Supplier<EmbeddingModel> reference) {
        this.ours = Objects.requireNonNull(ours, "ours");
        this.reference = Objects.requireNonNull(reference, "reference");
    }

    @Override
    public String name() {
        return "embedding";
    }

    @Override
    public String description() {
        return "texts for each second of CPU time, beside LangChain4j's embedAll, and equality of vectors";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        EmbeddingModel own = ours.get();
        EmbeddingModel other = reference.get();
        List<Figure> figures = new ArrayList<>();
        texts(context).forEach((set, texts) -> figures.addAll(measure(set, texts, own, other, context)));
        return figures;
    }

    private static List<Figure> measure(
            String set, List<TextSegment> texts, EmbeddingModel own, EmbeddingModel other, MeasureContext context) {
        // The first time warms both up, and is what their vectors are compared by.
        double closest = 1;
        for (int i = 0; i < texts.size(); i++) {
            closest = Math.min(
                    closest,
                    CosineSimilarity.between(
                            own.embed(texts.get(i)).content(),
                            other.embed(texts.get(i)).content()));
        }
        double[] ownRates = new double[ROUNDS];
        double[] otherRates = new double[ROUNDS];
        double[] ratios = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            context.progress().accept(set + ": round " + (round + 1) + " of " + ROUNDS);
            boolean ownFirst = round % 2 == 0;
            double first = rate(ownFirst ? own : other, texts);
            double second = rate(ownFirst ? other : own, texts);
            ownRates[round] = ownFirst ? first : second;
            otherRates[round] = ownFirst ? second : first;
            ratios[round] = ownRates[round] / otherRates[round];
        }
        return List.of(
                mean(set, "texts per CPU second", ownRates),
                mean(set, "texts per CPU second, langchain4j embedAll", otherRates),
                mean(set, "ratio", ratios),
                new Figure(
                        set, "smallest cosine", closest, new Interval(closest, closest, Figure.LEVEL), texts.size()));
    }

    private static double rate(EmbeddingModel model, List<TextSegment> texts) {
        long before = cpuNanos();
        model.embedAll(texts);
        return texts.size() * NANOS / Math.max(1, cpuNanos() - before);
    }

    private static long cpuNanos() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            return system.getProcessCpuTime();
        }
        throw new LifecycleException(
                "Reading the CPU time of this process failed: the JVM does not tell it; use a HotSpot JVM");
    }

    private static Figure mean(String set, String name, double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return new Figure(
                set, name, sum / values.length, ConfidenceIntervals.mean(values, Figure.LEVEL), values.length);
    }

    private static Map<String, List<TextSegment>> texts(MeasureContext context) {
        Map<String, List<TextSegment>> texts = new LinkedHashMap<>();
        texts.put(
                "clinc150",
                drawn(
                        context.report("clinc150").rows("text", "intent").stream()
                                .map(row -> TextSegment.from(row.text("text")))
                                .toList(),
                        context.seed()));
        List<TextSegment> references = new ArrayList<>();
        context.report("chunking_eval").rows("question", "references").stream()
                .map(row -> String.join(" ", row.texts("references", "content")))
                .map(text -> Chunkers.bySentences(CHUNK, 0).split(Document.from(text)))
                .forEach(references::addAll);
        texts.put("chunking_eval", drawn(references, context.seed()));
        return texts;
    }

    private static List<TextSegment> drawn(List<TextSegment> texts, long seed) {
        if (texts.isEmpty()) {
            throw new MissingDataException("Reading texts to embed found none; name the folder with --data");
        }
        List<TextSegment> shuffled = new ArrayList<>(texts);
        Collections.shuffle(shuffled, new Random(seed));
        return List.copyOf(shuffled.subList(0, Math.min(TEXTS, shuffled.size())));
    }
}
