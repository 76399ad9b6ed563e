package dev.llmlifecycle.samples.measure.reasoning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.core.reasoning.steps.CheckedStep;
import dev.llmlifecycle.core.reasoning.steps.ReasoningStep;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepContext;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * BIG-Bench Mistake: how often the first wrong step that people marked is the first that code refutes, by kind of task.
 * The rules were looked at on the rows of even lines; figures are on the odd ones, or on all rows of a slice kept
 * apart.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class MistakeStepsTask implements MeasureTask {

    private static final String SET = "big_bench_mistake";
    private static final String MARK = "mistake_index";

    /** Creates the task. */
    public MistakeStepsTask() {}

    @Override
    public String name() {
        return "steps-mistake";
    }

    @Override
    public String description() {
        return "the first wrong step of a chain, located by code alone";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, Counts> tasks = new TreeMap<>();
        StepChecker checker = StepChecker.standard();
        boolean apart = context.reportOn().isPresent();
        for (DataRow row : context.report(SET).rows("input", "steps", "answer", "target", MARK)) {
            String file = row.file().substring(row.file().replace('\\', '/').lastIndexOf('/') + 1);
            String task = file.endsWith(".jsonl") ? file.substring(0, file.length() - 6) : file;
            String part = apart || row.line() % 2 == 1 ? "" : " (looked at)";
            tasks.computeIfAbsent(SET + "/" + task + part, name -> new Counts()).add(row, checker);
        }
        List<Figure> figures = new ArrayList<>();
        tasks.forEach((task, counts) -> counts.figures(task, figures));
        return figures;
    }

    /** What was found in the rows of a task. */
    private static final class Counts {

        private int rows;
        private int located;
        private int mistakes;
        private int exact;
        private int early;
        private int late;
        private int missed;
        private int sound;
        private int falseAlarms;
        private int overlooked;
        private int overlookedFound;

        void add(DataRow row, StepChecker checker) {
            List<ReasoningStep> steps = new ArrayList<>();
            for (JsonNode step : row.json().path("steps")) {
                if (!step.isTextual()) {
                    throw row.damaged("field 'steps' holds something that is no text");
                }
                steps.add(ReasoningStep.of(steps.size(), step.asText()));
            }
            JsonNode mark = row.json().path(MARK);
            boolean right = row.text("answer").strip().equals(row.text("target").strip());
            if (!mark.isNull() && !mark.canConvertToInt()) {
                throw row.damaged("field '" + MARK + "' is neither a number nor null");
            }
            int found = checker.check(steps, StepContext.of(row.text("input"))).stream()
                    .filter(step -> step.failure().isPresent())
                    .map(CheckedStep::step)
                    .mapToInt(ReasoningStep::index)
                    .findFirst()
                    .orElse(-1);
            int wanted = mark.isNull() ? -1 : mark.asInt();
            rows++;
            located += found == wanted ? 1 : 0;
            if (wanted < 0 && !right) {
                // People found no mistake, and yet the chain ends wrong.
                overlooked++;
                overlookedFound += found >= 0 ? 1 : 0;
            } else if (wanted < 0) {
                sound++;
                falseAlarms += found >= 0 ? 1 : 0;
            } else {
                mistakes++;
                exact += found == wanted ? 1 : 0;
                missed += found < 0 ? 1 : 0;
                early += found >= 0 && found < wanted ? 1 : 0;
                late += found > wanted ? 1 : 0;
            }
        }

        void figures(String set, List<Figure> figures) {
            figures.add(Figure.share(set, "first wrong step, or none, as marked", located, rows));
            if (mistakes > 0) {
                figures.add(Figure.share(set, "mistakes located exactly", exact, mistakes));
                figures.add(Figure.share(set, "refuted before the mark", early, mistakes));
                figures.add(Figure.share(set, "refuted after the mark", late, mistakes));
                figures.add(Figure.share(set, "not refuted: left to a judge", missed, mistakes));
            }
            if (sound > 0) {
                figures.add(Figure.share(set, "refuted though unmarked and right (false alarms)", falseAlarms, sound));
            }
            if (overlooked > 0) {
                figures.add(Figure.share(set, "refuted, unmarked, answer wrong", overlookedFound, overlooked));
            }
        }
    }
}
