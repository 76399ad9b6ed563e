package dev.llmlifecycle.eval.junit;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.eval.replay.Cassette;
import dev.llmlifecycle.eval.replay.ReplayMode;

/** What a run came to, for the report. */
record RunSummary(
        String name,
        Dataset dataset,
        List<Example> order,
        CaseResults results,
        ReplayMode mode,
        int passed,
        int failed,
        long calls,
        long liveCalls,
        long tokens,
        Optional<BigDecimal> cost,
        List<String> unused) {

    private static final double LEVEL = 0.95;

    static RunSummary of(
            String name,
            Dataset dataset,
            List<Example> order,
            CaseResults results,
            RunMeter meter,
            Budget budget,
            Optional<Cassette> cassette,
            ReplayMode mode) {
        return new RunSummary(
                name,
                dataset,
                order,
                results,
                mode,
                results.count(CaseStatus.PASSED),
                results.count(CaseStatus.FAILED),
                meter.calls(),
                budget.calls(),
                meter.tokens(),
                budget.cost(),
                cassette.map(Cassette::unused).orElse(List.of()));
    }

    /** Returns one line for people. */
    String line() {
        StringBuilder line = new StringBuilder(name).append(": ");
        line.append(passed).append(" of ").append(passed + failed).append(" passed");
        interval()
                .ifPresent(interval -> line.append(String.format(
                        Locale.ROOT,
                        " (%.1f %%, 95 %% interval %.1f to %.1f)",
                        100.0 * passed / (passed + failed),
                        100 * interval.low(),
                        100 * interval.high())));
        add(line, results.count(CaseStatus.BROKEN), "broken");
        add(line, results.count(CaseStatus.SKIPPED), "skipped");
        add(line, notRun(), "not run");
        line.append("; ").append(calls).append(" calls, ").append(liveCalls).append(" live");
        line.append(", ").append(tokens).append(" tokens");
        cost.ifPresent(money -> line.append(", cost ").append(money.toPlainString()));
        if (!unused.isEmpty()) {
            line.append("; recordings that no test has used so far: ").append(unused.size());
        }
        return line.toString();
    }

    /** Returns the ids of cases that failed, the first of them, for the message of a rate that was not reached. */
    String failedCases() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            if (results.result(i)
                    .filter(result -> result.status() == CaseStatus.FAILED)
                    .isPresent()) {
                ids.add(order.get(i).id());
            }
        }
        return ids.isEmpty() ? "" : "\n  failed  " + BaselineRule.named(ids);
    }

    /** Writes the summary, and a row for each case, into files of a name. */
    void write(Path folder, String file) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("test", name);
        summary.put("dataset", dataset.name());
        summary.put("datasetHash", dataset.hash().hex());
        summary.put("mode", mode.name().toLowerCase(Locale.ROOT));
        summary.put("cases", dataset.size());
        summary.put("passed", passed);
        summary.put("failed", failed);
        summary.put("broken", results.count(CaseStatus.BROKEN));
        summary.put("skipped", results.count(CaseStatus.SKIPPED));
        summary.put("notRun", notRun());
        interval().ifPresent(interval -> {
            summary.put("passRate", passed / (double) (passed + failed));
            summary.put("passRateLow", interval.low());
            summary.put("passRateHigh", interval.high());
        });
        summary.put("calls", calls);
        summary.put("liveCalls", liveCalls);
        summary.put("tokens", tokens);
        cost.ifPresent(money -> summary.put("cost", money.toPlainString()));
        summary.put("unusedRecordings", unused);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < order.size(); i++) {
            Optional<CaseResults.Result> result = results.result(i);
            if (result.isPresent()) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("id", order.get(i).id());
                row.put("status", result.get().status().name().toLowerCase(Locale.ROOT));
                result.get().failure().ifPresent(failure -> row.put("failure", failure));
                rows.append(JsonObject.line(row)).append('\n');
            }
        }
        DurableFiles.write(
                folder.resolve(file + ".json"), JsonObject.pretty(summary).getBytes(StandardCharsets.UTF_8));
        DurableFiles.write(folder.resolve(file + ".jsonl"), rows.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Interval> interval() {
        return passed + failed == 0
                ? Optional.empty()
                : Optional.of(Proportions.wilson(passed, (long) passed + failed, LEVEL));
    }

    private int notRun() {
        return order.size() - passed - failed - results.count(CaseStatus.BROKEN) - results.count(CaseStatus.SKIPPED);
    }

    private static void add(StringBuilder line, int count, String what) {
        if (count > 0) {
            line.append(", ").append(count).append(' ').append(what);
        }
    }
}
