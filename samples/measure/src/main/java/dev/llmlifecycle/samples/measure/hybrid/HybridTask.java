package dev.llmlifecycle.samples.measure.hybrid;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.eval.metric.RankingScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.retrieval.hybrid.Fusion;
import dev.llmlifecycle.retrieval.hybrid.HybridRetriever;
import dev.llmlifecycle.retrieval.hybrid.JudgedQuery;
import dev.llmlifecycle.retrieval.hybrid.LearnedFusion;
import dev.llmlifecycle.retrieval.hybrid.QueryExpansion;
import dev.llmlifecycle.retrieval.hybrid.QueryTransformation;
import dev.llmlifecycle.retrieval.hybrid.QueryTransformations;
import dev.llmlifecycle.retrieval.hybrid.RetrievalPipeline;
import dev.llmlifecycle.retrieval.hybrid.RetrievalStages;
import dev.llmlifecycle.retrieval.lexical.HybridIndex;
import dev.llmlifecycle.retrieval.lexical.SpellingVocabulary;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Vectors and words, each alone, fused in three ways, and ranked anew. The learned fusion, and which source alone is
 * the better one, come from one half of the questions; all figures are of the other half. Questions of one passage or
 * conversation stay in one half. With a folder to report on, all questions of the other folder teach.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class HybridTask implements MeasureTask {

    private static final int DEPTH = 50;
    private static final String VECTOR = "vector";
    private static final String WORDS = "bm25";
    private static final String NDCG = "nDCG@10";
    private static final Identity MODEL = Identity.of("all-minilm-l6-v2-q", "1");

    private static final Map<String, ToDoubleFunction<RankingScores>> METRICS = metrics();

    private final Supplier<EmbeddingModel> embeddings;

    /** Creates the task with the embedded embedding model. */
    public HybridTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized);
    }

    HybridTask(Supplier<EmbeddingModel> embeddings) {
        this.embeddings = Objects.requireNonNull(embeddings, "embeddings");
    }

    @Override
    public String name() {
        return "hybrid";
    }

    @Override
    public String description() {
        return "recall, MRR and nDCG of vectors, words, their fusions and reranking, on five sets";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        EmbeddingModel model = embeddings.get();
        List<Figure> figures = new ArrayList<>();
        RetrievalSets.all().forEach((name, reader) -> {
            Optional<RetrievalSet> report = read(reader, context.reportOn().orElse(context.data()), context);
            Optional<RetrievalSet> training =
                    context.reportOn().isPresent() ? read(reader, context.data(), context) : report;
            report.ifPresent(set -> figures.addAll(measure(training, set, model, context)));
        });
        if (figures.isEmpty()) {
            throw new MissingDataException("Measuring hybrid retrieval found none of the sets "
                    + String.join(", ", RetrievalSets.all().keySet()) + "; name their folder with --data");
        }
        return figures;
    }

    private static Optional<RetrievalSet> read(Function<Path, RetrievalSet> reader, Path data, MeasureContext context) {
        try {
            return Optional.of(reader.apply(data));
        } catch (MissingDataException e) {
            context.progress().accept("left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Figure> measure(
            Optional<RetrievalSet> training, RetrievalSet set, EmbeddingModel model, MeasureContext context) {
        boolean split = context.reportOn().isEmpty();
        List<RetrievalSet.Question> asked = split ? set.half(false) : set.questions();
        context.progress()
                .accept(set.name() + ": " + set.passages().size() + " passages, " + asked.size()
                        + " questions reported on");
        if (asked.size() < 2) {
            return List.of();
        }
        try (HybridIndex index = index(set, model)) {
            Map<String, Retriever> sources = sources(index, model);
            Learned learned = new Learned(Optional.empty(), VECTOR);
            if (split) {
                learned = learn(set.name(), sources, set.half(true), context);
            } else if (training.isPresent()) {
                try (HybridIndex other = index(training.get(), model)) {
                    learned = learn(
                            set.name(), sources(other, model), training.get().questions(), context);
                }
            }
            Map<String, Map<String, double[]>> results = new LinkedHashMap<>();
            systems(sources, learned.fusion())
                    .forEach((system, retriever) -> results.put(system, scores(retriever, asked)));
            List<Figure> figures = new ArrayList<>(figures(set.name(), results, learned.better(), context.seed()));
            figures.addAll(misspelt(set, sources, asked, context.seed()));
            return figures;
        }
    }

    /** Asks each question with two letters of its longest word swapped, as it is and corrected. */
    private static List<Figure> misspelt(
            RetrievalSet set, Map<String, Retriever> sources, List<RetrievalSet.Question> asked, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<RetrievalSet.Question> misspelt = asked.stream()
                .map(question -> new RetrievalSet.Question(
                        question.group(), Misspelling.of(question.text(), random), question.relevant()))
                .toList();
        QueryTransformation spelling = QueryTransformations.spelling(
                SpellingVocabulary.of(set.passages().values()));
        Map<String, Retriever> systems = new LinkedHashMap<>();
        systems.put(WORDS, Objects.requireNonNull(sources.get(WORDS)));
        systems.put("relative score", hybrid(sources, Fusion.relativeScore()));
        List<Figure> figures = new ArrayList<>();
        systems.forEach((name, retriever) -> {
            Retriever corrected = QueryExpansion.builder(retriever, Runnable::run)
                    .transformation(spelling)
                    .maxPassages(DEPTH)
                    .build();
            figures.add(figure(
                    set.name(),
                    name + ", misspelt " + NDCG,
                    Objects.requireNonNull(scores(retriever, misspelt).get(NDCG)),
                    seed,
                    ""));
            figures.add(figure(
                    set.name(),
                    name + ", misspelt, corrected " + NDCG,
                    Objects.requireNonNull(scores(corrected, misspelt).get(NDCG)),
                    seed,
                    ""));
        });
        return figures;
    }

    /**
     * What the questions to learn from taught.
     *
     * @param fusion the learned fusion, where there were enough of them
     * @param better which source alone has the higher nDCG@10
     */
    private record Learned(Optional<Fusion> fusion, String better) {}

    private static Learned learn(
            String set, Map<String, Retriever> sources, List<RetrievalSet.Question> questions, MeasureContext context) {
        if (questions.isEmpty()) {
            return new Learned(Optional.empty(), VECTOR);
        }
        double vector = mean(scores(Objects.requireNonNull(sources.get(VECTOR)), questions));
        double words = mean(scores(Objects.requireNonNull(sources.get(WORDS)), questions));
        Optional<Fusion> fusion = Optional.empty();
        if (questions.size() >= 2 * LearnedFusion.LEAST_QUERIES) {
            LearnedFusion learned = LearnedFusion.train(
                    hybrid(sources, Fusion.reciprocalRank(60)),
                    questions.stream()
                            .map(question -> new JudgedQuery(RetrievalRequest.of(question.text()), question.relevant()))
                            .toList());
            fusion = Optional.of(learned.fusion());
            context.progress().accept(set + ": learned " + learned.weights() + ", " + learned.quality());
        }
        return new Learned(fusion, vector >= words ? VECTOR : WORDS);
    }

    private static double mean(Map<String, double[]> scores) {
        double[] values = Objects.requireNonNull(scores.get(NDCG));
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static HybridIndex index(RetrievalSet set, EmbeddingModel model) {
        List<String> ids = List.copyOf(set.passages().keySet());
        List<TextSegment> segments =
                ids.stream().map(id -> TextSegment.from(set.passages().get(id))).toList();
        List<Embedding> vectors = model.embedAll(segments).content();
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            entries.add(VectorEntry.of(ids.get(i), vectors.get(i).vector(), segments.get(i)));
        }
        HybridIndex index = HybridIndex.builder(vectors.get(0).dimension())
                .words(words -> words.language(set.language()))
                .build();
        index.addAll(entries);
        return index;
    }

    private static Map<String, Retriever> sources(HybridIndex index, EmbeddingModel model) {
        Map<String, Retriever> sources = new LinkedHashMap<>();
        sources.put(VECTOR, new RememberedRetriever(index.vectorRetriever(model, MODEL, DEPTH)));
        sources.put(WORDS, new RememberedRetriever(index.lexicalRetriever(DEPTH)));
        return sources;
    }

    private static HybridRetriever hybrid(Map<String, Retriever> sources, Fusion fusion) {
        HybridRetriever.Builder builder =
                HybridRetriever.builder("measure", Runnable::run).fusion(fusion).maxPassages(DEPTH);
        sources.forEach(builder::source);
        return builder.build();
    }

    private static Map<String, Retriever> systems(Map<String, Retriever> sources, Optional<Fusion> learned) {
        Map<String, Retriever> systems = new LinkedHashMap<>(sources);
        Retriever ranks = hybrid(sources, Fusion.reciprocalRank(60));
        Retriever relative = hybrid(sources, Fusion.relativeScore());
        systems.put("rrf", ranks);
        systems.put("relative score", relative);
        systems.put(
                "relative score + words",
                RetrievalPipeline.builder(relative)
                        .stage(RetrievalStages.rerankByWords(0.5))
                        .build());
        systems.put(
                "relative score + mmr",
                RetrievalPipeline.builder(relative)
                        .stage(RetrievalStages.mmr(0.7, 10))
                        .build());
        learned.ifPresent(fusion -> {
            Retriever byLearning = hybrid(sources, fusion);
            systems.put("learned", byLearning);
            systems.put(
                    "learned + words",
                    RetrievalPipeline.builder(byLearning)
                            .stage(RetrievalStages.rerankByWords(0.5))
                            .build());
        });
        return systems;
    }

    /** Returns each metric of each question. */
    private static Map<String, double[]> scores(Retriever retriever, List<RetrievalSet.Question> questions) {
        Map<String, double[]> scores = new LinkedHashMap<>();
        METRICS.keySet().forEach(metric -> scores.put(metric, new double[questions.size()]));
        for (int i = 0; i < questions.size(); i++) {
            RetrievalSet.Question question = questions.get(i);
            List<String> ranking = retriever.retrieve(RetrievalRequest.of(question.text())).passages().stream()
                    .map(Passage::id)
                    .toList();
            RankingScores ranked = RankingScores.of(
                    ranking, question.relevant().stream().collect(Collectors.toMap(id -> id, id -> 1)));
            int place = i;
            METRICS.forEach(
                    (metric, value) -> Objects.requireNonNull(scores.get(metric))[place] = value.applyAsDouble(ranked));
        }
        return scores;
    }

    private static List<Figure> figures(
            String set, Map<String, Map<String, double[]>> results, String better, long seed) {
        List<Figure> figures = new ArrayList<>();
        results.forEach((system, scores) ->
                scores.forEach((metric, values) -> figures.add(figure(set, system + " " + metric, values, seed, ""))));
        double[] base = Objects.requireNonNull(
                Objects.requireNonNull(results.get(better)).get(NDCG));
        results.forEach((system, scores) -> {
            if (!system.equals(VECTOR) && !system.equals(WORDS)) {
                double[] own = Objects.requireNonNull(scores.get(NDCG));
                double[] difference = new double[own.length];
                for (int i = 0; i < own.length; i++) {
                    difference[i] = own[i] - base[i];
                }
                Figure gain = figure(set, system + " minus " + better + " " + NDCG, difference, seed, "");
                figures.add(new Figure(
                        gain.set(), gain.name(), gain.value(), gain.interval(), gain.n(), verdict(gain.interval())));
            }
        });
        return figures;
    }

    private static String verdict(Interval interval) {
        if (interval.low() > 0) {
            return "better";
        }
        return interval.high() < 0 ? "worse" : "undecided";
    }

    private static Figure figure(String set, String name, double[] values, long seed, String note) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        Interval interval =
                Bootstrap.withSeed(seed).means(List.of(values), Figure.LEVEL).get(0);
        return new Figure(set, name, sum / values.length, interval, values.length, note);
    }

    private static Map<String, ToDoubleFunction<RankingScores>> metrics() {
        Map<String, ToDoubleFunction<RankingScores>> metrics = new LinkedHashMap<>();
        for (int k : List.of(1, 5, 10)) {
            metrics.put(String.format(Locale.ROOT, "recall@%d", k), scores -> scores.recallAt(k));
        }
        metrics.put("MRR", RankingScores::reciprocalRank);
        metrics.put(NDCG, scores -> scores.ndcgAt(10));
        return metrics;
    }
}
