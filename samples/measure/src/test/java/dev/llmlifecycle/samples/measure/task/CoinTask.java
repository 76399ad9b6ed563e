package dev.llmlifecycle.samples.measure.task;

import java.util.List;

import dev.llmlifecycle.samples.measure.data.DataRow;

// docs:begin task
public final class CoinTask implements MeasureTask {

    @Override
    public String name() {
        return "coin";
    }

    @Override
    public String description() {
        return "share of heads";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<DataRow> rows = context.report("coins").rows("toss");
        long heads =
                rows.stream().filter(row -> row.text("toss").equals("heads")).count();
        return List.of(Figure.share("coins", "heads", heads, rows.size()));
    }
}
// docs:end task
