package dev.llmlifecycle.samples.measure.reasoning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.core.reasoning.AnswerExtractor;
import dev.llmlifecycle.core.reasoning.ExtractedAnswer;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepContext;
import dev.llmlifecycle.core.reasoning.steps.StepState;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * BIG-Bench Hard: answers extracted from recorded chains of thought, beside the accuracy that was published, and what a
 * refuted step tells of the answer. Nothing is fitted. Direct answers are compared with chains by {@code verdict-bbh}.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class BbhAnswersTask implements MeasureTask {

    private static final String SET = "bbh";
    private static final String CHAIN = "code-davinci-002_cot";
    private static final AnswerExtractor ANSWERS = AnswerExtractor.standard();

    /** Creates the task. */
    public BbhAnswersTask() {}

    @Override
    public String name() {
        return "bbh-answers";
    }

    @Override
    public String description() {
        return "answers extracted from recorded chains of thought, and their checked steps";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, Counts> tasks = new TreeMap<>();
        StepChecker checker = StepChecker.standard();
        for (DataRow row : context.report(SET).rows("task", "input", "target", CHAIN)) {
            tasks.computeIfAbsent(row.text("task"), task -> new Counts()).add(row, checker);
        }
        Map<String, Double> published = published(context);
        List<Figure> figures = new ArrayList<>();
        tasks.forEach(
                (task, counts) -> counts.figures(SET + "/" + task, Optional.ofNullable(published.get(task)), figures));
        return figures;
    }

    private static Map<String, Double> published(MeasureContext context) {
        Map<String, Double> published = new TreeMap<>();
        try {
            for (DataRow row : context.report(SET).rows("task", "mode", "accuracy")) {
                JsonNode accuracy = row.json().path("accuracy");
                if (!accuracy.isNumber()) {
                    throw row.damaged("field 'accuracy' is no number");
                }
                if (row.text("mode").equals("cot")) {
                    published.put(row.text("task"), accuracy.asDouble() / 100);
                }
            }
        } catch (MissingDataException e) {
            context.progress().accept("no published accuracies: " + e.getMessage());
        }
        return published;
    }

    /** What was found in the rows of a task. */
    private static final class Counts {

        private int rows;
        private int marked;
        private int right;
        private int checked;
        private int refuted;
        private int refutedWrong;

        void add(DataRow row, StepChecker checker) {
            ExtractedAnswer answer = ANSWERS.extract(row.text(CHAIN));
            boolean holds = ANSWERS.key(answer.answer()).equals(ANSWERS.key(row.text("target")));
            var steps = checker.check(row.text(CHAIN), StepContext.of(row.text("input")));
            boolean wrong = steps.firstWrong().isPresent();
            rows++;
            marked += answer.marked() ? 1 : 0;
            right += holds ? 1 : 0;
            checked += steps.count(StepState.UNCHECKED) < steps.steps().size() ? 1 : 0;
            refuted += wrong ? 1 : 0;
            refutedWrong += wrong && !holds ? 1 : 0;
        }

        void figures(String set, Optional<Double> published, List<Figure> figures) {
            figures.add(Figure.share(set, "answer is marked", marked, rows));
            figures.add(Figure.share(set, "extracted answer is right", right, rows));
            published.ifPresent(accuracy -> figures.add(Figure.exact(set, "published accuracy", accuracy, rows)));
            figures.add(Figure.share(set, "chains with a step that code decides", checked, rows));
            figures.add(Figure.share(set, "chains with a refuted step", refuted, rows));
            if (refuted > 0) {
                figures.add(Figure.share(set, "refuted step: precision for a wrong answer", refutedWrong, refuted));
            }
            if (rows > right) {
                figures.add(Figure.share(set, "refuted step: recall of wrong answers", refutedWrong, rows - right));
            }
        }
    }
}
