package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.classify.Classification;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.statistics.CalibrationError;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.classify.TextClassifierTrainer;
import dev.llmlifecycle.core.classify.TrainedTextClassifier;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * The trainable classifier on CLINC150 and BANKING77, with all and with few examples, beside nearest neighbours and
 * nearest means over the same embeddings.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ClassifierTask implements MeasureTask {

    private static final int[] SHOTS = {0, 10, 5};
    private static final int SEEDS = 3;
    private static final int BINS = 15;
    private static final int ROUNDS = 5;
    private static final int DRAWS = 1_000;
    private static final double NANOS = 1e9;
    private static final double MICROS = 1e3;
    private static final double KILO = 1e3;

    private final Supplier<EmbeddingModel> model;

    /** Creates the task with all-MiniLM-L6-v2, quantised. */
    public ClassifierTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized);
    }

    ClassifierTask(Supplier<EmbeddingModel> model) {
        this.model = Objects.requireNonNull(model, "model");
    }

    @Override
    public String name() {
        return "classifier";
    }

    @Override
    public String description() {
        return "intents: accuracy, calibration, out-of-scope, with all and few examples, beside kNN and centroids";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        RememberedEmbeddings embeddings = new RememberedEmbeddings(model.get());
        List<Figure> figures = new ArrayList<>();
        for (IntentSet set : List.of(IntentSet.clinc(context), IntentSet.banking(context))) {
            for (int shots : SHOTS) {
                context.progress()
                        .accept(set.name() + ": " + (shots == 0 ? "all examples" : shots + " examples an intent"));
                figures.addAll(measure(set, shots, embeddings, context.seed()));
            }
        }
        return figures;
    }

    private static List<Figure> measure(IntentSet set, int shots, RememberedEmbeddings embeddings, long seed) {
        String name = shots == 0 ? set.name() : set.name() + ", " + shots + " each";
        List<String> texts = set.report().stream().map(IntentSet.Row::text).toList();
        List<float[]> vectors = embeddings.vectors(texts);
        int runs = shots == 0 ? 1 : SEEDS;
        Counts counts = new Counts();
        List<Figure> figures = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            List<IntentSet.Row> train = shots == 0 ? set.train() : set.few(shots, seed + run);
            Trained trained = train(train, embeddings, seed + run);
            List<Classification> predicted = trained.classifier().predictAll(texts);
            counts.add(set, predicted);
            Neighbours neighbours = new Neighbours(
                    embeddings.vectors(train.stream().map(IntentSet.Row::text).toList()),
                    train.stream().map(IntentSet.Row::intent).toList());
            for (int i = 0; i < texts.size(); i++) {
                String truth = set.report().get(i).intent();
                counts.neighbours += neighbours.byNeighbours(vectors.get(i)).equals(truth) ? 1 : 0;
                counts.means += neighbours.byMeans(vectors.get(i)).equals(truth) ? 1 : 0;
            }
            if (shots == 0) {
                figures.addAll(cost(name, trained, texts));
                if (!set.outside().isEmpty()) {
                    figures.addAll(outside(name, trained.classifier(), predicted, set.outside(), seed));
                }
            }
        }
        figures.addAll(0, counts.figures(name, runs));
        return figures;
    }

    private static Trained train(List<IntentSet.Row> rows, EmbeddingModel embeddings, long seed) {
        TextClassifierTrainer trainer = TextClassifierTrainer.builder("intents")
                .embeddings("all-MiniLM-L6-v2-q", embeddings)
                .allowContradictions()
                .seed(seed)
                .build();
        List<LabelledText> labelled = rows.stream()
                .map(row -> new LabelledText(row.text(), List.of(row.intent()), Provenance.UNKNOWN))
                .toList();
        // Embedded beforehand, so that the time is that of learning.
        embeddings.embedAll(
                rows.stream().map(row -> TextSegment.from(row.text())).toList());
        long start = cpu();
        TrainedTextClassifier classifier = trainer.train(labelled).classifier();
        return new Trained(classifier, (cpu() - start) / NANOS);
    }

    private static List<Figure> cost(String set, Trained trained, List<String> texts) {
        double[] micros = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpu();
            texts.forEach(trained.classifier()::predict);
            micros[round] = (cpu() - start) / MICROS / texts.size();
        }
        // The last round is the one that is compiled.
        return List.of(
                Figure.exact(set, "training, CPU seconds", trained.seconds(), 1),
                Figure.exact(set, "prediction without embedding, CPU µs", micros[ROUNDS - 1], texts.size()),
                Figure.exact(set, "file, kB", size(trained.classifier()) / KILO, 1));
    }

    private static List<Figure> outside(
            String set,
            TrainedTextClassifier classifier,
            List<Classification> inside,
            List<String> outside,
            long seed) {
        List<Classification> strange = classifier.predictAll(outside);
        double[] scores = IntStream.range(0, inside.size() + strange.size())
                .mapToDouble(
                        i -> (i < inside.size() ? inside.get(i) : strange.get(i - inside.size())).outOfDistribution())
                .toArray();
        double[] rows = IntStream.range(0, scores.length).asDoubleStream().toArray();
        ToDoubleFunction<double[]> area = drawn -> area(drawn, scores, inside.size());
        Interval interval = new Bootstrap(seed, DRAWS).percentile(rows, area, Figure.LEVEL);
        long caught = strange.stream().filter(Classification::abstained).count();
        long refused = inside.stream().filter(Classification::abstained).count();
        return List.of(
                new Figure(set, "out-of-scope AUROC", area.applyAsDouble(rows), interval, rows.length),
                Figure.share(set, "out-of-scope abstained", caught, strange.size()),
                Figure.share(set, "in-scope abstained", refused, inside.size()));
    }

    private static double area(double[] rows, double[] scores, int inside) {
        boolean[] strange = new boolean[rows.length];
        double[] drawn = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            drawn[i] = scores[(int) rows[i]];
            strange[i] = rows[i] >= inside;
        }
        return BinaryScores.auroc(drawn, strange);
    }

    private static long size(TrainedTextClassifier classifier) {
        try {
            Path file = Files.createTempFile("intents", ".classifier");
            try {
                classifier.save(file);
                return Files.size(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Measuring a file failed", e);
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /**
     * A classifier and what it took.
     *
     * @param classifier the classifier
     * @param seconds of one core
     */
    private record Trained(TrainedTextClassifier classifier, double seconds) {}

    /** What was right, over all runs. */
    private static final class Counts {

        private final List<Double> confidence = new ArrayList<>();
        private final List<Boolean> right = new ArrayList<>();
        private long covered;
        private long members;
        private long neighbours;
        private long means;

        void add(IntentSet set, List<Classification> predicted) {
            for (int i = 0; i < predicted.size(); i++) {
                Classification each = predicted.get(i);
                String truth = set.report().get(i).intent();
                confidence.add(each.confidence());
                right.add(each.ranking().get(0).label().equals(truth));
                covered += each.conformalSet().contains(truth) ? 1 : 0;
                members += each.conformalSet().size();
            }
        }

        List<Figure> figures(String set, int runs) {
            int n = right.size();
            boolean[] outcomes = new boolean[n];
            for (int i = 0; i < n; i++) {
                outcomes[i] = right.get(i);
            }
            double[] probabilities =
                    confidence.stream().mapToDouble(Double::doubleValue).toArray();
            return List.of(
                    share(set, "accuracy", right.stream().filter(each -> each).count(), runs),
                    share(set, "accuracy, kNN", neighbours, runs),
                    share(set, "accuracy, centroid", means, runs),
                    Figure.exact(
                            set,
                            "expected calibration error",
                            CalibrationError.expected(probabilities, outcomes, BINS),
                            n / runs),
                    share(set, "coverage of 0.95 sets", covered, runs),
                    Figure.exact(set, "labels in a set", members / (double) n, n / runs));
        }

        /** The mean of the runs; they judge the same texts, so the interval is that of one. */
        private Figure share(String set, String name, long count, int runs) {
            int rows = right.size() / runs;
            Interval interval = Proportions.wilson(Math.round(count / (double) runs), rows, Figure.LEVEL);
            return new Figure(set, name, count / (double) right.size(), interval, rows);
        }
    }
}
