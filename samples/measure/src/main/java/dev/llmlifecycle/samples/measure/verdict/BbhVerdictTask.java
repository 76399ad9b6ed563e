package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * BIG-Bench Hard: recorded answers of code-davinci-002, asked directly and with a chain of thought, each right when the
 * final answer is the target. Nothing is fitted or tuned.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class BbhVerdictTask implements MeasureTask {

    private static final String SET = "bbh";
    private static final String DIRECT = "code-davinci-002_direct";
    private static final String CHAIN = "code-davinci-002_cot";

    /** Creates the task. */
    public BbhVerdictTask() {}

    @Override
    public String name() {
        return "verdict-bbh";
    }

    @Override
    public String description() {
        return "verdicts on direct answers against chains of thought, by task";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, List<Comparison.Row>> tasks = new TreeMap<>();
        for (DataRow row : context.report(SET).rows("task", "target", DIRECT, CHAIN)) {
            String target = row.text("target").strip();
            boolean direct = row.text(DIRECT).strip().equals(target);
            boolean chain = RecordedAnswers.conclusion(row.text(CHAIN)).equals(Optional.of(target));
            tasks.computeIfAbsent(row.text("task"), task -> new ArrayList<>())
                    .add(new Comparison.Row(RecordedAnswers.id(row), direct, chain));
        }
        return VerdictTable.figures(tasks.entrySet().stream()
                .map(task -> new Comparison(SET + "/" + task.getKey(), "direct", "chain", task.getValue()))
                .toList());
    }
}
