package dev.llmlifecycle.samples.measure.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.retrieval.cache.AcceptanceRule;
import dev.llmlifecycle.retrieval.cache.LabelledPair;
import dev.llmlifecycle.retrieval.embedding.CachedEmbeddingModel;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.samples.measure.cache.QuestionStream.Outcome;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Semantic cache: how often it answers rewordings and how often questions that only look alike, beside a fixed
 * threshold of the cosine; and what learning does on a stream of questions.
 *
 * <p>Pairs are parted by the hash of their first question: one side fits and calibrates, the other is reported on. With
 * a folder to report on, all of it is reported on. Thread-safe.
 *
 * @since 0.1
 */
public final class SemanticCacheTask implements MeasureTask {

    private static final double[] TOLERATED = {0.01, 0.02, 0.05};
    private static final int DRAWS = 500;
    private static final int MOST_ASKED = 4_000;

    private final Supplier<EmbeddingModel> models;
    private final double[] tolerated;

    /** Creates the task with all-MiniLM-L6-v2, quantised. */
    public SemanticCacheTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized, TOLERATED);
    }

    SemanticCacheTask(Supplier<EmbeddingModel> models, double... tolerated) {
        this.models = Objects.requireNonNull(models, "models");
        this.tolerated = tolerated.clone();
    }

    @Override
    public String name() {
        return "semantic-cache";
    }

    @Override
    public String description() {
        return "hits on rewordings and false hits on questions that look alike, beside a fixed threshold";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        EmbeddingModel model = CachedEmbeddingModel.builder(models.get()).build();
        List<QuestionPair> all = PairSet.of(context::training, model, context.seed());
        boolean apart = context.reportOn().isPresent();
        List<LabelledPair> calibrating = all.stream()
                .filter(pair -> apart || !pair.reported())
                .map(QuestionPair::pair)
                .toList();
        List<QuestionPair> reported = apart
                ? PairSet.of(context::report, model, context.seed())
                : all.stream().filter(QuestionPair::reported).toList();
        context.progress()
                .accept("pairs to calibrate on: " + calibrating.size() + ", to report on: " + reported.size());
        List<Figure> figures = new ArrayList<>();
        for (double share : tolerated) {
            figures.addAll(pairs(share, calibrating, reported, model));
        }
        figures.addAll(stream(context, model));
        return figures;
    }

    private List<Figure> pairs(
            double share, List<LabelledPair> calibrating, List<QuestionPair> reported, EmbeddingModel model) {
        String set = String.format(Locale.ROOT, "pairs, %.0f %% tolerated", 100 * share);
        AcceptanceRule rule = AcceptanceRule.calibrate(calibrating, model, share);
        double threshold = threshold(
                calibrating.stream()
                        .filter(pair -> !pair.same())
                        .mapToDouble(pair -> similarity(pair, model))
                        .toArray(),
                share);
        Counted learned = new Counted();
        Counted fixed = new Counted();
        Map<String, Counted> byKind = new LinkedHashMap<>();
        double[] cosines = new double[reported.size()];
        double[] scores = new double[reported.size()];
        boolean[] same = new boolean[reported.size()];
        long gained = 0;
        long lost = 0;
        for (int i = 0; i < reported.size(); i++) {
            LabelledPair pair = reported.get(i).pair();
            double cosine = similarity(pair, model);
            boolean passes = AcceptanceRule.passesGuards(pair.question(), pair.other());
            boolean accepted = rule.accepts(cosine, pair.question(), pair.other());
            learned.add(pair.same(), accepted);
            fixed.add(pair.same(), cosine > threshold);
            byKind.computeIfAbsent(reported.get(i).kind(), kind -> new Counted())
                    .add(pair.same(), accepted);
            byKind.computeIfAbsent(passes ? "passes the guards" : "refused by a guard", kind -> new Counted())
                    .add(pair.same(), accepted);
            cosines[i] = cosine;
            scores[i] = passes ? rule.probability(cosine, pair.question(), pair.other()) : 0;
            same[i] = pair.same();
        }
        double atEqualError = thresholdAt(cosines, same, learned.wrong);
        Counted equal = new Counted();
        for (int i = 0; i < cosines.length; i++) {
            boolean byThreshold = cosines[i] > atEqualError;
            equal.add(same[i], byThreshold);
            boolean byRule = scores[i] > rule.threshold();
            gained += same[i] && byRule && !byThreshold ? 1 : 0;
            lost += same[i] && !byRule && byThreshold ? 1 : 0;
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.share(set, "hit rate", learned.right, learned.same));
        figures.add(Figure.share(set, "false-hit rate", learned.wrong, learned.differing));
        figures.add(Figure.exact(set, "stated bound (passes the guards)", rule.errorBound(), rule.differingPairs()));
        byKind.forEach((kind, counted) -> {
            if (counted.differing > 0) {
                figures.add(Figure.share(set, "false-hit rate, " + kind, counted.wrong, counted.differing));
            }
        });
        figures.add(Figure.share(set, "fixed threshold: hit rate", fixed.right, fixed.same));
        figures.add(Figure.share(set, "fixed threshold: false-hit rate", fixed.wrong, fixed.differing));
        figures.add(Figure.share(set, "fixed threshold at equal error: hit rate", equal.right, equal.same));
        figures.add(new Figure(
                set,
                "hit rate above that of equal error",
                (double) (gained - lost) / learned.same,
                Proportions.pairedDifference(gained, lost, learned.same, Figure.LEVEL),
                learned.same));
        if (share == tolerated[0]) {
            // The regression is the same for all.
            figures.add(auroc(set, "AUROC", scores, same));
            figures.add(auroc(set, "AUROC, cosine", cosines, same));
        }
        return figures;
    }

    private List<Figure> stream(MeasureContext context, EmbeddingModel model) {
        QuestionStream stream = QuestionStream.of(
                context.report("banking77").rows("text", "category"), "category", MOST_ASKED, context.seed());
        List<float[]> vectors =
                model
                        .embedAll(stream.questions().stream()
                                .map(TextSegment::from)
                                .toList())
                        .content()
                        .stream()
                        .map(embedding -> {
                            embedding.normalize();
                            return embedding.vector();
                        })
                        .toList();
        List<Outcome> fixed = new ArrayList<>();
        for (double threshold = 0.8; threshold < 1; threshold += 0.02) {
            fixed.add(stream.fixed(vectors, threshold));
        }
        List<Figure> figures = new ArrayList<>();
        for (double share : tolerated) {
            String set = String.format(Locale.ROOT, "stream of banking77, %.0f %% tolerated", 100 * share);
            Outcome learned = stream.learn(model, share);
            Outcome best = fixed.stream()
                    .filter(outcome -> outcome.wrong() <= learned.wrong())
                    .reduce(
                            new Outcome(learned.lookups(), 0, 0),
                            (one, other) -> one.hits() >= other.hits() ? one : other);
            figures.add(Figure.share(set, "hit rate", learned.hits(), learned.lookups()));
            figures.add(Figure.share(set, "wrong answers of all lookups", learned.wrong(), learned.lookups()));
            figures.add(Figure.share(set, "fixed threshold at equal error: hit rate", best.hits(), best.lookups()));
            context.progress().accept(set + " done");
        }
        return figures;
    }

    /** Calibrates a threshold as the rule does: the share above it is bounded with 95 % confidence. */
    private static double threshold(double[] cosines, double share) {
        double[] sorted = cosines.clone();
        Arrays.sort(sorted);
        for (int above = 0; above < sorted.length; above++) {
            if (AcceptanceRule.bound(above + 1, sorted.length) > share) {
                return sorted[sorted.length - 1 - above];
            }
        }
        return Double.NEGATIVE_INFINITY;
    }

    /** Returns the lowest threshold that lets no more differing pairs through. */
    private static double thresholdAt(double[] cosines, boolean[] same, long wrong) {
        double[] differing = new double[cosines.length];
        int count = 0;
        for (int i = 0; i < cosines.length; i++) {
            if (!same[i]) {
                differing[count++] = cosines[i];
            }
        }
        double[] sorted = Arrays.copyOf(differing, count);
        Arrays.sort(sorted);
        return wrong >= count ? Double.NEGATIVE_INFINITY : sorted[count - 1 - (int) wrong];
    }

    private static Figure auroc(String set, String name, double[] scores, boolean[] same) {
        double[] rows = new double[scores.length];
        Arrays.setAll(rows, i -> i);
        ToDoubleFunction<double[]> area = drawn -> {
            double[] own = new double[drawn.length];
            boolean[] labels = new boolean[drawn.length];
            for (int i = 0; i < drawn.length; i++) {
                own[i] = scores[(int) drawn[i]];
                labels[i] = same[(int) drawn[i]];
            }
            return BinaryScores.auroc(own, labels);
        };
        return new Figure(
                set,
                name,
                area.applyAsDouble(rows),
                new Bootstrap(1, DRAWS).percentile(rows, area, Figure.LEVEL),
                scores.length);
    }

    private static double similarity(LabelledPair pair, EmbeddingModel model) {
        List<Embedding> both = model.embedAll(
                        List.of(TextSegment.from(pair.question()), TextSegment.from(pair.other())))
                .content();
        return CosineSimilarity.between(both.get(0), both.get(1));
    }

    /** Decisions on pairs of both kinds. */
    private static final class Counted {

        private long same;
        private long right;
        private long differing;
        private long wrong;

        private void add(boolean alike, boolean accepted) {
            same += alike ? 1 : 0;
            right += alike && accepted ? 1 : 0;
            differing += alike ? 0 : 1;
            wrong += !alike && accepted ? 1 : 0;
        }
    }
}
