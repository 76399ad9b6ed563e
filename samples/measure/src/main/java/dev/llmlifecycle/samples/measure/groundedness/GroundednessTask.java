package dev.llmlifecycle.samples.measure.groundedness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.core.validation.content.GroundednessModel;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import dev.llmlifecycle.core.validation.content.LabelledAnswer;
import dev.llmlifecycle.eval.metric.BinaryScores;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * How well the groundedness check tells supported answers from others, on the halves of its sets that its weights were
 * not fitted on; beside it the share of content words alone, and a model that saw no text of the kind at all.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class GroundednessTask implements MeasureTask {

    /** Its licence asks those who share the data, so the shipped weights do without it. */
    private static final String NOT_FITTED = "begin/tc";

    private static final int RESAMPLES = 1_000;
    private static final Map<String, Double> SHARE_ALONE = Map.of(
            "contentShare",
            1.0,
            "unknownWords",
            0.0,
            "copiedShare",
            0.0,
            "wordShare",
            0.0,
            "sentenceShare",
            0.0,
            "speaker",
            0.0,
            GroundednessModel.INTERCEPT,
            0.0);

    private final int resamples;

    /** Creates the task, with intervals from 1,000 resamples. */
    public GroundednessTask() {
        this(RESAMPLES);
    }

    GroundednessTask(int resamples) {
        this.resamples = resamples;
    }

    @Override
    public String name() {
        return "groundedness";
    }

    @Override
    public String description() {
        return "how well the groundedness check tells supported answers from others, and changed sentences from copies";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, List<LabelledAnswer>> training = new LinkedHashMap<>();
        training.putAll(JudgedAnswers.begin(context.training(JudgedAnswers.BEGIN)));
        training.putAll(JudgedAnswers.faithDial(context.training(JudgedAnswers.FAITHDIAL)));
        Map<String, List<LabelledAnswer>> reported = new LinkedHashMap<>();
        reported.putAll(JudgedAnswers.begin(context.report(JudgedAnswers.BEGIN)));
        reported.putAll(JudgedAnswers.faithDial(context.report(JudgedAnswers.FAITHDIAL)));
        boolean separate = context.reportOn().isPresent();
        reported.replaceAll((set, rows) -> rows.stream()
                .filter(row -> separate || JudgedAnswers.isReported(row))
                .toList());

        List<Figure> figures = new ArrayList<>();
        reported.forEach((set, rows) -> {
            areas(set, rows, trained(training, other -> !kind(other).equals(kind(set))), context.seed(), figures);
            decisions(set, rows, figures);
        });
        copies(reported, figures);
        List<LabelledAnswer> mtrag = JudgedAnswers.mtrag(context.report("mtrag_human_eval")).stream()
                .filter(row -> separate || JudgedAnswers.isReported(row))
                .toList();
        areas("mtrag_human_eval", mtrag, trained(training, set -> true), context.seed(), figures);
        decisions("mtrag_human_eval", mtrag, figures);
        areas(
                "halueval/qa of one length",
                JudgedAnswers.haluEval(context.report("halueval")),
                trained(training, set -> true),
                context.seed(),
                figures);
        changed(figures);
        GroundednessModel again = trained(training, set -> !set.equals(NOT_FITTED));
        long fitted = training.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(NOT_FITTED))
                .flatMap(entry -> entry.getValue().stream())
                .filter(row -> !JudgedAnswers.isReported(row))
                .count();
        again.weights().forEach((name, weight) -> figures.add(Figure.exact("fitted again", name, weight, fitted)));
        return figures;
    }

    /** FaithDial's texts are of the kind of BEGIN's first source. */
    private static String kind(String set) {
        return set.startsWith(JudgedAnswers.FAITHDIAL) ? "begin/wow" : set;
    }

    /** Fits on the halves that are not reported. */
    private static GroundednessModel trained(Map<String, List<LabelledAnswer>> sets, Predicate<String> which) {
        return GroundednessModel.train(sets.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream())
                .filter(row -> !JudgedAnswers.isReported(row))
                .toList());
    }

    private void areas(
            String set, List<LabelledAnswer> rows, GroundednessModel otherKinds, long seed, List<Figure> figures) {
        if (rows.stream().map(LabelledAnswer::supported).distinct().count() < 2) {
            return;
        }
        figures.add(area(set, "AUROC", rows, GroundednessModel.shipped(), seed));
        figures.add(area(set, "AUROC, fitted on other kinds", rows, otherKinds, seed));
        figures.add(area(set, "AUROC, content share alone", rows, GroundednessModel.of(SHARE_ALONE), seed));
    }

    /** The interval draws answers. */
    private Figure area(String set, String name, List<LabelledAnswer> rows, GroundednessModel model, long seed) {
        double[] scores = rows.stream()
                .mapToDouble(row -> model.probability(row.answer(), passages(row.passages())))
                .toArray();
        double[] positions = new double[scores.length];
        Arrays.setAll(positions, i -> i);
        ToDoubleFunction<double[]> area = drawn -> {
            double[] own = new double[drawn.length];
            boolean[] supported = new boolean[drawn.length];
            for (int i = 0; i < drawn.length; i++) {
                own[i] = scores[(int) drawn[i]];
                supported[i] = rows.get((int) drawn[i]).supported();
            }
            return BinaryScores.auroc(own, supported);
        };
        Interval interval = new Bootstrap(seed, resamples).percentile(positions, area, Figure.LEVEL);
        return new Figure(set, name, area.applyAsDouble(positions), interval, scores.length);
    }

    /** What the validator does at its defaults, sentence by sentence. */
    private static void decisions(String set, List<LabelledAnswer> rows, List<Figure> figures) {
        for (boolean supported : new boolean[] {true, false}) {
            List<LabelledAnswer> own =
                    rows.stream().filter(row -> row.supported() == supported).toList();
            if (!own.isEmpty()) {
                long refused = own.stream()
                        .filter(row -> refuses(row.answer(), row.passages()))
                        .count();
                figures.add(Figure.share(
                        set, (supported ? "supported" : "unsupported") + " answers refused", refused, own.size()));
            }
        }
    }

    /** Each sentence of the texts as an answer over its own text. */
    private static void copies(Map<String, List<LabelledAnswer>> sets, List<Figure> figures) {
        List<String> texts = sets.values().stream()
                .flatMap(List::stream)
                .map(row -> row.passages().get(0))
                .distinct()
                .toList();
        long refused = 0;
        long all = 0;
        for (String text : texts) {
            for (var span : Sentences.split(text)) {
                all++;
                refused += refuses(span.of(text), List.of(text)) ? 1 : 0;
            }
        }
        figures.add(Figure.share("copied sentences", "refused", refused, all));
    }

    private static void changed(List<Figure> figures) {
        Map<String, List<Boolean>> kinds = new LinkedHashMap<>();
        for (ChangedSentences.Pair pair : ChangedSentences.all()) {
            kinds.computeIfAbsent(pair.kind(), key -> new ArrayList<>())
                    .add(refuses(pair.changed(), List.of(pair.source())));
        }
        kinds.forEach((kind, refused) -> figures.add(Figure.share(
                "changed sentences",
                kind.equals(ChangedSentences.PARAPHRASE) ? "true paraphrase refused" : kind + " noticed",
                refused.stream().filter(each -> each).count(),
                refused.size())));
    }

    private static boolean refuses(String answer, List<String> texts) {
        ValidationOutcome outcome =
                GroundednessValidator.builder().build().validate(answer, ValidationContext.of("?", passages(texts)));
        return !(outcome instanceof ValidationOutcome.Pass);
    }

    private static List<Passage> passages(List<String> texts) {
        List<Passage> passages = new ArrayList<>();
        for (String text : texts) {
            passages.add(new Passage(Integer.toString(passages.size()), TextSegment.from(text), 1));
        }
        return passages;
    }
}
