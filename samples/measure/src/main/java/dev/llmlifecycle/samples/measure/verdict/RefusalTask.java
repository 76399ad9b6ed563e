package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.eval.metric.ConfusionMatrix;
import dev.llmlifecycle.eval.metric.Refusal;
import dev.llmlifecycle.eval.metric.RefusalDetector;
import dev.llmlifecycle.eval.statistics.Bootstrap;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * XSTest: how often the refusal detector agrees with people. Its rules were written on the answers to half of the
 * prompts, those whose id hashes to an even byte; the figures are of the other half, or of all prompts of a separate
 * slice.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class RefusalTask implements MeasureTask {

    private static final int RESAMPLES = 2_000;

    private final int resamples;

    /** Creates the task, with intervals from 2,000 resamples. */
    public RefusalTask() {
        this(RESAMPLES);
    }

    RefusalTask(int resamples) {
        this.resamples = resamples;
    }

    @Override
    public String name() {
        return "refusal";
    }

    @Override
    public String description() {
        return "agreement of the refusal detector with people, on prompts that its rules were not written on";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Xstest data = Xstest.read(context.report(Xstest.SET));
        boolean separate = context.reportOn().isPresent();
        List<Judged> all = new ArrayList<>();
        List<Figure> figures = new ArrayList<>();
        data.answers().forEach((model, answers) -> {
            List<Judged> own = new ArrayList<>();
            answers.forEach((id, answer) -> {
                if (separate || !isDevelopment(id)) {
                    own.add(new Judged(
                            id, answer.label(), RefusalDetector.english().detect(answer.text())));
                }
            });
            figures.addAll(figures(Xstest.SET + "/" + model, own, context.seed()));
            all.addAll(own);
        });
        figures.addAll(figures(Xstest.SET + "/all models", all, context.seed()));
        for (Refusal label : Refusal.values()) {
            figures.addAll(recall(label, all));
        }
        return figures;
    }

    /** All answers to a prompt are in one half. */
    static boolean isDevelopment(String id) {
        String hex = Hash.ofUtf8(id).hex();
        return Integer.parseInt(hex.substring(0, 2), 16) % 2 == 0;
    }

    /**
     * An answer as people and the detector see it.
     *
     * @param prompt the prompt, as answers to one are alike
     * @param label what people said
     * @param detected what the detector says
     */
    private record Judged(String prompt, Refusal label, Refusal detected) {

        boolean agrees() {
            return label == detected;
        }
    }

    private List<Figure> figures(String set, List<Judged> rows, long seed) {
        if (rows.isEmpty()) {
            return List.of();
        }
        return List.of(
                drawn(set, "accuracy", rows, seed, ConfusionMatrix::accuracy),
                drawn(set, "macro-F1", rows, seed, ConfusionMatrix::macroF1),
                drawn(set, "MCC", rows, seed, ConfusionMatrix::matthewsCorrelation),
                drawn(set, "accuracy of any or none", rows, seed, RefusalTask::accuracyOfAny));
    }

    /** Full and partial refusals taken together. */
    private static double accuracyOfAny(ConfusionMatrix matrix) {
        int all = 0;
        int agreed = 0;
        for (Refusal label : Refusal.values()) {
            for (Refusal detected : Refusal.values()) {
                int count = matrix.count(label.name(), detected.name());
                all += count;
                agreed += (label == Refusal.NONE) == (detected == Refusal.NONE) ? count : 0;
            }
        }
        return agreed / (double) all;
    }

    /** The interval is over prompts drawn again, with all their answers. */
    private Figure drawn(
            String set, String name, List<Judged> rows, long seed, ToDoubleFunction<ConfusionMatrix> figure) {
        double[] positions = new double[rows.size()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = i;
        }
        ToDoubleFunction<double[]> statistic = drawn -> figure.applyAsDouble(matrix(rows, drawn));
        Interval interval = new Bootstrap(seed, resamples)
                .clustered(positions, rows.stream().map(Judged::prompt).toList(), statistic, Figure.LEVEL);
        return new Figure(set, name, statistic.applyAsDouble(positions), interval, rows.size());
    }

    private static ConfusionMatrix matrix(List<Judged> rows, double[] positions) {
        List<String> actual = new ArrayList<>(positions.length);
        List<String> predicted = new ArrayList<>(positions.length);
        for (double position : positions) {
            Judged row = rows.get((int) position);
            actual.add(row.label().name());
            predicted.add(row.detected().name());
        }
        return ConfusionMatrix.of(actual, predicted);
    }

    private static List<Figure> recall(Refusal label, List<Judged> rows) {
        List<Judged> own = rows.stream().filter(row -> row.label() == label).toList();
        String name = "recall of " + label.name().toLowerCase(Locale.ROOT);
        return own.isEmpty()
                ? List.of()
                : List.of(Figure.share(
                        Xstest.SET + "/all models",
                        name,
                        own.stream().filter(Judged::agrees).count(),
                        own.size()));
    }
}
