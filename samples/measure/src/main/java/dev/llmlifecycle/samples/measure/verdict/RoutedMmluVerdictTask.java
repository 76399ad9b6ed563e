package dev.llmlifecycle.samples.measure.verdict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * MMLU as RouteLLM recorded it: a weak and a strong model by the recorded labels, on all subjects together and on each.
 * A subject is what its file is called. Nothing is fitted or tuned.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class RoutedMmluVerdictTask implements MeasureTask {

    private static final String SET = "routellm_mmlu";

    /** Creates the task. */
    public RoutedMmluVerdictTask() {}

    @Override
    public String name() {
        return "verdict-routellm-mmlu";
    }

    @Override
    public String description() {
        return "verdicts on a weak against a strong model on multiple choice, by subject";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Comparison.Row> all = new ArrayList<>();
        Map<String, List<Comparison.Row>> subjects = new TreeMap<>();
        for (DataRow row :
                context.report(SET).rows("prompt", RoutedGsm8kVerdictTask.WEAK, RoutedGsm8kVerdictTask.STRONG)) {
            Comparison.Row labels = RoutedGsm8kVerdictTask.labels(row);
            all.add(labels);
            subjects.computeIfAbsent(subject(row), subject -> new ArrayList<>()).add(labels);
        }
        List<Figure> figures = new ArrayList<>(VerdictTable.figures(List.of(comparison("all subjects", all))));
        figures.addAll(VerdictTable.figures(subjects.entrySet().stream()
                .map(subject -> comparison(subject.getKey(), subject.getValue()))
                .toList()));
        return figures;
    }

    private static Comparison comparison(String subject, List<Comparison.Row> rows) {
        return new Comparison(SET + "/" + subject, "Mixtral-8x7B", "GPT-4", rows);
    }

    private static String subject(DataRow row) {
        String file = Path.of(row.file()).getFileName().toString();
        int dot = file.indexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }
}
