package dev.llmlifecycle.samples.measure.classifier;

import java.lang.management.ManagementFactory;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.classify.TextClassifier;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.statistics.CalibrationError;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.classify.TextClassifierTrainer;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.retrieval.routing.IntentRoute;
import dev.llmlifecycle.retrieval.routing.IntentRouter;
import dev.llmlifecycle.retrieval.routing.RoutedIntent;
import dev.llmlifecycle.retrieval.routing.RoutingAudit;
import dev.llmlifecycle.retrieval.routing.RoutingDecision;
import dev.llmlifecycle.retrieval.routing.RoutingLayer;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * The intent router on CLINC150 and BANKING77, with all and with few examples, with and without a trained head, with
 * and without examples of what is out of scope. Weights and thresholds come from the training rows alone.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class RoutingTask implements MeasureTask {

    private static final int[] SHOTS = {0, 10, 5};
    private static final int SEEDS = 3;
    private static final int BINS = 15;
    private static final int DRAWS = 1_000;
    private static final int PAIRS = 1_000;
    private static final int FEWEST_OUTSIDE = 20;
    private static final double MICROS = 1e3;
    private static final String MODEL = "all-MiniLM-L6-v2-q";

    private final Supplier<EmbeddingModel> model;
    private final int seeds;

    /** Creates the task with all-MiniLM-L6-v2, quantised. */
    public RoutingTask() {
        this(InProcessEmbeddingModel::allMiniLmL6V2Quantized, SEEDS);
    }

    RoutingTask(Supplier<EmbeddingModel> model, int seeds) {
        this.model = Objects.requireNonNull(model, "model");
        this.seeds = seeds;
    }

    @Override
    public String name() {
        return "routing";
    }

    @Override
    public String description() {
        return "routing by intent: accuracy, out-of-scope, the stated share of refusals, with and without a head";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        RememberedEmbeddings embeddings = new RememberedEmbeddings(model.get());
        List<Figure> figures = new ArrayList<>();
        IntentSet clinc = IntentSet.clinc(context);
        List<String> known = knownOutside(context);
        List<IntentSet> sets = List.of(clinc, IntentSet.banking(context));
        sets.forEach(set -> embed(embeddings, set, context));
        figures.addAll(several(clinc, embeddings, context));
        // Quick ones first, for the person who waits.
        for (boolean head : new boolean[] {false, true}) {
            for (int shots : SHOTS) {
                for (IntentSet set : sets) {
                    figures.addAll(new Measurement(set, shots, head, List.of(), seeds).figures(embeddings, context));
                }
            }
            if (known.size() >= FEWEST_OUTSIDE) {
                figures.addAll(new Measurement(clinc, 0, head, known, seeds).figures(embeddings, context));
            }
        }
        return figures;
    }

    /** Embeds everything, by length, so that a model that pads has little to pad. */
    private static void embed(EmbeddingModel embeddings, IntentSet set, MeasureContext context) {
        context.progress().accept(set.name() + ": embedding");
        List<String> texts = Stream.concat(
                        Stream.concat(set.train().stream(), set.report().stream())
                                .map(IntentSet.Row::text),
                        set.outside().stream())
                .distinct()
                .sorted((a, b) -> Integer.compare(a.length(), b.length()))
                .toList();
        int batch = 64;
        for (int from = 0; from < texts.size(); from += batch) {
            embeddings.embedAll(texts.subList(from, Math.min(texts.size(), from + batch)).stream()
                    .map(TextSegment::from)
                    .toList());
        }
    }

    private static List<String> knownOutside(MeasureContext context) {
        List<String> texts = new ArrayList<>();
        for (DataRow row : context.training("clinc150").rows("text", "intent", "split")) {
            if (row.text("split").equals("oos_train")) {
                texts.add(row.text("text"));
            }
        }
        return texts;
    }

    private static IntentRouter.Builder builder(List<IntentSet.Row> rows, EmbeddingModel embeddings, long seed) {
        Map<String, List<String>> byIntent = new LinkedHashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (IntentSet.Row row : rows) {
            // What stands under two intents is left to the first, since a router refuses it.
            if (owners.computeIfAbsent(key(row.text()), key -> row.intent()).equals(row.intent())) {
                byIntent.computeIfAbsent(row.intent(), intent -> new ArrayList<>())
                        .add(row.text());
            }
        }
        IntentRouter.Builder builder =
                IntentRouter.builder(embeddings).modelName(MODEL).seed(seed).clarifyWithin(0);
        byIntent.forEach((intent, texts) -> builder.route(IntentRoute.builder(intent, new Route.ToPrompt(intent))
                .examples(texts)
                .build()));
        return builder;
    }

    private static String key(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\s\\p{Z}]+", " ")
                .replaceAll("[ .!?。！？؟]++$", "")
                .strip();
    }

    private static TextClassifier train(Map<String, List<String>> examples, EmbeddingModel embeddings, long seed) {
        List<LabelledText> rows = new ArrayList<>();
        examples.forEach((intent, texts) ->
                texts.forEach(text -> rows.add(new LabelledText(text, List.of(intent), Provenance.UNKNOWN))));
        return TextClassifierTrainer.builder("intents")
                .embeddings(MODEL, embeddings)
                .allowContradictions()
                .seed(seed)
                .build()
                .train(rows)
                .classifier();
    }

    /** Two questions in one, and one alone. */
    private static List<Figure> several(IntentSet set, EmbeddingModel embeddings, MeasureContext context) {
        context.progress().accept(set.name() + ": two questions in one");
        IntentRouter router = builder(set.train(), embeddings, context.seed())
                .severalIntents(true)
                .build();
        Random random = new Random(context.seed());
        int both = 0;
        int onlyThose = 0;
        int alone = 0;
        for (int i = 0; i < PAIRS; i++) {
            IntentSet.Row first = set.report().get(random.nextInt(set.report().size()));
            IntentSet.Row second = first;
            while (second.intent().equals(first.intent())) {
                second = set.report().get(random.nextInt(set.report().size()));
            }
            Set<String> found = new HashSet<>();
            String text = first.text() + "; " + second.text();
            RoutingDecision decision = router.decide(Question.of(text));
            decision.intents().forEach(each -> each.intent().ifPresent(found::add));
            boolean hit = found.contains(first.intent()) && found.contains(second.intent());
            both += hit ? 1 : 0;
            onlyThose += hit && found.size() == 2 ? 1 : 0;
            alone += router.decide(Question.of(first.text())).intents().size() > 1 ? 1 : 0;
        }
        String name = set.name() + ", two in one";
        return List.of(
                Figure.share(name, "both intents found", both, PAIRS),
                Figure.share(name, "both intents found and no other", onlyThose, PAIRS),
                Figure.share(name, "one question taken for several", alone, PAIRS));
    }

    /**
     * One way to build a router.
     *
     * @param set the set
     * @param shots examples of each intent, 0 for all
     * @param head whether a head is trained along
     * @param known examples of what is out of scope
     * @param seeds how many draws of few examples
     */
    private record Measurement(IntentSet set, int shots, boolean head, List<String> known, int seeds) {

        String label() {
            return set.name()
                    + (shots == 0 ? "" : ", " + shots + " each")
                    + (head ? ", head" : "")
                    + (known.isEmpty() ? "" : ", out-of-scope examples");
        }

        List<Figure> figures(EmbeddingModel embeddings, MeasureContext context) {
            int runs = shots == 0 ? 1 : seeds;
            Counts counts = new Counts();
            Set<String> fitted = new HashSet<>(known);
            List<String> outside = set.outside().stream()
                    .filter(text -> !fitted.contains(text))
                    .toList();
            List<Figure> times = new ArrayList<>();
            Optional<Figure> last = Optional.empty();
            double areas = 0;
            for (int run = 0; run < runs; run++) {
                long seed = context.seed() + run;
                IntentRouter.Builder builder =
                        builder(shots == 0 ? set.train() : set.few(shots, seed), embeddings, seed);
                if (head) {
                    builder.head(examples -> train(examples, embeddings, seed));
                }
                IntentRouter router = builder.outOfScopeExamples(known).build();
                List<RoutedIntent> inside = set.report().stream()
                        .map(row -> router.decide(Question.of(row.text())).whole())
                        .toList();
                List<RoutedIntent> strange = outside.stream()
                        .map(text -> router.decide(Question.of(text)).whole())
                        .toList();
                counts.add(set.report(), inside, strange, router.audit());
                if (shots == 0 && !head) {
                    times.addAll(times(label(), router, set.report()));
                }
                if (!strange.isEmpty()) {
                    Figure area = area(label(), inside, strange, context.seed());
                    areas += area.value() / runs;
                    last = Optional.of(area);
                }
            }
            List<Figure> figures = new ArrayList<>(counts.figures(label(), runs));
            double mean = areas;
            last.ifPresent(area -> figures.add(around(area, mean)));
            figures.addAll(times);
            figures.forEach(figure -> context.progress()
                    .accept(String.format(Locale.ROOT, "%s: %s %.4f", label(), figure.name(), figure.value())));
            return figures;
        }
    }

    /** The mean of the runs, with the interval of one moved to it. */
    private static Figure around(Figure area, double mean) {
        double shift = mean - area.value();
        Interval interval = new Interval(
                Math.max(0, area.interval().low() + shift),
                Math.min(1, area.interval().high() + shift),
                Figure.LEVEL);
        return new Figure(area.set(), area.name(), mean, interval, area.n());
    }

    /** Of a router that has decided about all of them already, so that its code is compiled. */
    private static List<Figure> times(String set, IntentRouter router, List<IntentSet.Row> rows) {
        double[] micros = new double[rows.size()];
        for (int i = 0; i < micros.length; i++) {
            Question question = Question.of(rows.get(i).text());
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            router.decide(question);
            micros[i] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / MICROS;
        }
        Arrays.sort(micros);
        return List.of(
                Figure.exact(
                        set, "routing without embedding, CPU µs, median", micros[micros.length / 2], micros.length),
                Figure.exact(
                        set,
                        "routing without embedding, CPU µs, p99",
                        micros[(int) (0.99 * micros.length)],
                        micros.length));
    }

    private static Figure area(String set, List<RoutedIntent> inside, List<RoutedIntent> strange, long seed) {
        double[] scores = Stream.concat(inside.stream(), strange.stream())
                .mapToDouble(RoutedIntent::strangeness)
                .toArray();
        double[] rows = IntStream.range(0, scores.length).asDoubleStream().toArray();
        ToDoubleFunction<double[]> area = drawn -> {
            boolean[] labels = new boolean[drawn.length];
            double[] values = new double[drawn.length];
            for (int i = 0; i < drawn.length; i++) {
                values[i] = scores[(int) drawn[i]];
                labels[i] = drawn[i] >= inside.size();
            }
            return BinaryScores.auroc(values, labels);
        };
        Interval interval = new Bootstrap(seed, DRAWS).percentile(rows, area, Figure.LEVEL);
        return new Figure(set, "out-of-scope AUROC", area.applyAsDouble(rows), interval, rows.length);
    }

    /** What was right, over all runs. */
    private static final class Counts {

        private final List<Double> confidence = new ArrayList<>();
        private final List<Boolean> right = new ArrayList<>();
        private long accepted;
        private long refused;
        private long covered;
        private long members;
        private long caught;
        private long strange;
        private double audited;

        void add(List<IntentSet.Row> rows, List<RoutedIntent> inside, List<RoutedIntent> outside, RoutingAudit audit) {
            for (int i = 0; i < rows.size(); i++) {
                RoutedIntent each = inside.get(i);
                String truth = rows.get(i).intent();
                confidence.add(each.probability());
                right.add(each.ranking().get(0).label().equals(truth));
                accepted += each.intent().equals(Optional.of(truth)) ? 1 : 0;
                refused += each.layer() == RoutingLayer.SCOPE ? 1 : 0;
                covered += each.labelSet().contains(truth) ? 1 : 0;
                members += each.labelSet().size();
            }
            caught += outside.stream()
                    .filter(each -> each.layer() == RoutingLayer.SCOPE)
                    .count();
            strange += outside.size();
            audited += audit.accuracy();
        }

        List<Figure> figures(String set, int runs) {
            int n = right.size();
            boolean[] outcomes = new boolean[n];
            for (int i = 0; i < n; i++) {
                outcomes[i] = right.get(i);
            }
            double[] probabilities =
                    confidence.stream().mapToDouble(Double::doubleValue).toArray();
            List<Figure> figures = new ArrayList<>(List.of(
                    share(set, "accuracy", right.stream().filter(each -> each).count(), n, runs),
                    Figure.exact(set, "accuracy that the audit promised", audited / runs, n / runs),
                    share(set, "refused in scope, 0.05 stated", refused, n, runs),
                    share(set, "accepted and right", accepted, n, runs),
                    share(set, "coverage of 0.95 label sets", covered, n, runs),
                    Figure.exact(set, "intents in a label set", members / (double) n, n / runs),
                    Figure.exact(
                            set,
                            "expected calibration error",
                            CalibrationError.expected(probabilities, outcomes, BINS),
                            n / runs)));
            if (strange > 0) {
                figures.add(share(set, "out-of-scope recall", caught, strange, runs));
            }
            return figures;
        }

        /** The mean of the runs; they judge the same texts, so the interval is that of one. */
        private static Figure share(String set, String name, long count, long all, int runs) {
            long rows = all / runs;
            Interval interval = Proportions.wilson(Math.round(count / (double) runs), rows, Figure.LEVEL);
            return new Figure(set, name, count / (double) all, interval, rows);
        }
    }
}
