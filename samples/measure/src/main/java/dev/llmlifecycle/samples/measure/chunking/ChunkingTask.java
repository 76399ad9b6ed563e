package dev.llmlifecycle.samples.measure.chunking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.splitter.DocumentSplitters;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Chunkers: how much of what a question asks for is in the five nearest chunks, and how little else. Nothing is fitted
 * or tuned.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ChunkingTask implements MeasureTask {

    private static final String SET = "chunking_eval";
    private static final int RETRIEVED = 5;
    private static final List<Integer> SIZES = List.of(100, 200);
    private static final int CHILD = 50;

    private static final Map<String, ToDoubleFunction<Overlap>> METRICS = metrics();

    private final Supplier<EmbeddingModel> embeddings;
    private final Supplier<TokenCountEstimator> tokens;

    /** Creates the task with the embedded embedding model and its tokens. */
    public ChunkingTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized, HuggingFaceTokenCountEstimator::new);
    }

    ChunkingTask(Supplier<EmbeddingModel> embeddings, Supplier<TokenCountEstimator> tokens) {
        this.embeddings = Objects.requireNonNull(embeddings, "embeddings");
        this.tokens = Objects.requireNonNull(tokens, "tokens");
    }

    @Override
    public String name() {
        return "chunking";
    }

    @Override
    public String description() {
        return "token IoU, precision and recall of the five nearest chunks, by chunker and size";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<DataRow> rows =
                context.report(SET).rows(ChunkQuestion.QUESTION, ChunkQuestion.REFERENCES, ChunkQuestion.CORPUS);
        Map<String, TokenizedText> corpora = corpora(context, rows);
        List<ChunkQuestion> questions = new ArrayList<>();
        for (DataRow row : rows) {
            questions.add(ChunkQuestion.of(
                    row, Objects.requireNonNull(corpora.get(row.text(ChunkQuestion.CORPUS)), "corpus")));
        }
        EmbeddingModel model = embeddings.get();
        List<float[]> vectors = new ArrayList<>();
        model.embedAll(questions.stream()
                        .map(question -> TextSegment.from(question.text()))
                        .toList())
                .content()
                .forEach(embedding -> vectors.add(embedding.vector()));
        List<Figure> figures = new ArrayList<>();
        splitters(tokens.get()).forEach((name, splitter) -> {
            context.progress().accept(SET + ": " + name);
            ChunkCollection chunks = new ChunkCollection(splitter, corpora, model);
            List<Overlap> overlaps = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                overlaps.add(chunks.retrieve(questions.get(i), vectors.get(i), RETRIEVED));
            }
            figures.addAll(figures(SET, name, overlaps, context.seed()));
            for (String corpus : corpora.keySet()) {
                List<Overlap> own = new ArrayList<>();
                for (int i = 0; i < questions.size(); i++) {
                    if (questions.get(i).corpus().equals(corpus)) {
                        own.add(overlaps.get(i));
                    }
                }
                figures.addAll(figures(SET + "/" + corpus, name, own, context.seed()));
            }
        });
        return figures;
    }

    private static List<Figure> figures(String set, String splitter, List<Overlap> overlaps, long seed) {
        List<Figure> figures = new ArrayList<>();
        METRICS.forEach((metric, value) -> {
            double[] values = overlaps.stream().mapToDouble(value).toArray();
            double sum = 0;
            for (double each : values) {
                sum += each;
            }
            figures.add(new Figure(
                    set,
                    splitter + " " + metric,
                    sum / values.length,
                    Bootstrap.withSeed(seed)
                            .means(List.of(values), Figure.LEVEL)
                            .get(0),
                    values.length));
        });
        return figures;
    }

    private static Map<String, ToDoubleFunction<Overlap>> metrics() {
        Map<String, ToDoubleFunction<Overlap>> metrics = new LinkedHashMap<>();
        metrics.put("IoU", Overlap::iou);
        metrics.put("precision", Overlap::precision);
        metrics.put("recall", Overlap::recall);
        return metrics;
    }

    private static Map<String, DocumentSplitter> splitters(TokenCountEstimator tokens) {
        Map<String, DocumentSplitter> splitters = new LinkedHashMap<>();
        for (int size : SIZES) {
            splitters.put("langchain4j recursive " + size, DocumentSplitters.recursive(size, 0, tokens));
            splitters.put("tokens " + size, Chunkers.byTokens(size, 0, tokens));
            splitters.put("sentences " + size, Chunkers.bySentences(size, 0, tokens));
            splitters.put("structure " + size, Chunkers.byStructure(size, tokens));
            splitters.put(
                    "parents " + size + " of children " + CHILD,
                    Chunkers.parentChild(Chunkers.byStructure(size, tokens), Chunkers.bySentences(CHILD, 0, tokens)));
        }
        return splitters;
    }

    /** Reads the corpora that questions are about: files somewhere in the folder that are called as they are. */
    private static Map<String, TokenizedText> corpora(MeasureContext context, List<DataRow> rows) {
        Path folder = context.reportOn().orElse(context.data()).resolve(SET);
        Map<String, TokenizedText> corpora = new TreeMap<>();
        for (DataRow row : rows) {
            corpora.computeIfAbsent(row.text(ChunkQuestion.CORPUS), name -> {
                try (Stream<Path> files = Files.walk(folder)) {
                    Path file = files.filter(
                                    path -> path.getFileName().toString().matches("(?s)\\Q" + name + "\\E\\.(md|txt)"))
                            .min(Path::compareTo)
                            .orElseThrow(() -> new MissingDataException("Reading " + folder + ": there is no text of"
                                    + " the corpus '" + name + "'; put " + name + ".md there"));
                    return new TokenizedText(Files.readString(file));
                } catch (IOException | UncheckedIOException e) {
                    throw new LifecycleException("Reading the corpora in " + folder + " failed; check them", e);
                }
            });
        }
        return corpora;
    }
}
