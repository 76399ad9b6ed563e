package dev.llmlifecycle.samples.measure.reasoning;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.core.reasoning.AnswerExtractor;
import dev.llmlifecycle.core.reasoning.steps.CheckedStep;
import dev.llmlifecycle.core.reasoning.steps.CheckedSteps;
import dev.llmlifecycle.core.reasoning.steps.ReasoningStep;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepContext;
import dev.llmlifecycle.core.reasoning.steps.StepState;
import dev.llmlifecycle.core.reasoning.steps.StepValidator;
import dev.llmlifecycle.core.reasoning.steps.StepValidators;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * GSM8K: whether every annotation of the worked solutions is confirmed and no step of them refuted, how well a refuted
 * step tells a wrong answer of four models, and whether the extracted answers agree with the recorded labels. The rules
 * were looked at on the training part; its figures are named {@code gsm8k/train}.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Gsm8kStepsTask implements MeasureTask {

    private static final AnswerExtractor ANSWERS = AnswerExtractor.standard();

    /** Creates the task. */
    public Gsm8kStepsTask() {}

    @Override
    public String name() {
        return "steps-gsm8k";
    }

    @Override
    public String description() {
        return "checked steps of worked and recorded solutions, and what they tell of the answer";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<Figure> figures = new ArrayList<>();
        List<Gsm8k.Solution> training = Gsm8k.references(context);
        if (!training.isEmpty()) {
            references("gsm8k/train", training, context, figures);
        }
        List<DataRow> rows = Gsm8k.rows(context);
        references(
                "gsm8k/test",
                rows.stream()
                        .map(row -> new Gsm8k.Solution(row.text("question"), row.text("ground_truth"), true))
                        .toList(),
                context,
                figures);
        for (String model : Gsm8k.MODELS) {
            recorded("gsm8k/" + model, rows, model, figures);
        }
        return figures;
    }

    private static void references(
            String set, List<Gsm8k.Solution> solutions, MeasureContext context, List<Figure> figures) {
        StepValidator arithmetic = StepValidators.arithmetic();
        StepChecker checker = StepChecker.standard();
        int annotations = 0;
        int decided = 0;
        int confirmed = 0;
        int steps = 0;
        int refuted = 0;
        int correct = 0;
        for (Gsm8k.Solution solution : solutions) {
            StepContext about = StepContext.of(solution.question());
            for (String annotation : annotations(solution.text())) {
                StepState state = arithmetic
                        .check(ReasoningStep.of(0, "<<" + annotation + ">>"), about)
                        .state();
                annotations++;
                decided += state == StepState.UNCHECKED ? 0 : 1;
                confirmed += state == StepState.CORRECT ? 1 : 0;
            }
            CheckedSteps checked = checker.check(solution.text(), about);
            steps += checked.steps().size();
            refuted += checked.count(StepState.WRONG);
            correct += checked.count(StepState.CORRECT);
            for (CheckedStep step : checked.steps()) {
                step.failure()
                        .ifPresent(failure -> context.progress()
                                .accept("refuted in " + set + " by " + failure.validator() + ": "
                                        + failure.evidence()));
            }
        }
        figures.add(Figure.share(set, "annotations that can be read", decided, annotations));
        figures.add(Figure.share(set, "of these confirmed", confirmed, Math.max(1, decided)));
        figures.add(Figure.share(set, "steps confirmed", correct, steps));
        figures.add(Figure.share(set, "steps refuted", refuted, steps));
    }

    private static void recorded(String set, List<DataRow> rows, String model, List<Figure> figures) {
        StepChecker checker = StepChecker.standard();
        int wrong = 0;
        int flagged = 0;
        int both = 0;
        int agreed = 0;
        for (DataRow row : rows) {
            Gsm8k.Solution solution = Gsm8k.solution(row, model);
            boolean flag = checker.check(solution.text(), StepContext.of(solution.question()))
                    .firstWrong()
                    .isPresent();
            String given = ANSWERS.key(ANSWERS.extract(solution.text()).answer());
            String wanted =
                    ANSWERS.key(ANSWERS.extract(row.text("ground_truth")).answer());
            agreed += given.equals(wanted) == solution.right() ? 1 : 0;
            wrong += solution.right() ? 0 : 1;
            flagged += flag ? 1 : 0;
            both += flag && !solution.right() ? 1 : 0;
        }
        figures.add(Figure.share(set, "answer agrees with the label", agreed, rows.size()));
        if (flagged > 0) {
            figures.add(Figure.share(set, "refuted step: precision for a wrong answer", both, flagged));
        }
        if (wrong > 0) {
            figures.add(Figure.share(set, "refuted step: recall of wrong answers", both, wrong));
        }
    }

    private static List<String> annotations(String text) {
        List<String> annotations = new ArrayList<>();
        int at = text.indexOf("<<");
        while (at >= 0) {
            int end = text.indexOf(">>", at);
            if (end < 0) {
                break;
            }
            annotations.add(text.substring(at + 2, end));
            at = text.indexOf("<<", end);
        }
        return annotations;
    }
}
