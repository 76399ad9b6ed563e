package dev.llmlifecycle.eval.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.eval.experiment.ExampleResult;
import dev.llmlifecycle.eval.experiment.ExperimentResult;

/** A result as the page shows it. */
record Comparison(ExperimentResult result, List<MetricVerdict> metrics, List<Line> lines) {

    static Comparison of(ExperimentResult result) {
        Map<String, Map<String, Change>> byExample = new HashMap<>();
        for (PairedRow row : result.rows()) {
            byExample
                    .computeIfAbsent(row.exampleId(), id -> new HashMap<>())
                    .put(row.metric(), Change.of(row.baseline() >= 1, row.candidate() >= 1));
        }
        List<Line> lines = new ArrayList<>();
        for (ExampleResult example : result.examples()) {
            Map<String, Change> changes =
                    byExample.getOrDefault(example.example().id(), Map.of());
            lines.add(new Line(example, Map.copyOf(changes)));
        }
        return new Comparison(result, result.verdict().metrics(), List.copyOf(lines));
    }

    /** Returns the smallest difference that matters in a metric. */
    double margin(MetricVerdict metric) {
        return result.verdict().policy().margins().getOrDefault(metric.metric(), 1.0);
    }

    /** Returns how many examples changed in a way under a metric. */
    int count(MetricVerdict metric, Change change) {
        return (int) lines.stream()
                .filter(line -> line.change(metric.metric()) == change)
                .count();
    }

    /** Returns at most so many lines in their order, where not all fit those that changed under some metric first. */
    List<Line> lines(int most) {
        if (lines.size() <= most) {
            return lines;
        }
        List<Line> chosen =
                new ArrayList<>(lines.stream().filter(Line::changed).limit(most).toList());
        lines.stream()
                .filter(line -> !line.changed())
                .limit(most - chosen.size())
                .forEach(chosen::add);
        return chosen;
    }

    /** One example with both answers, and what became of it under each metric. */
    record Line(ExampleResult example, Map<String, Change> changes) {

        Change change(String metric) {
            return changes.getOrDefault(metric, Change.NEITHER);
        }

        boolean changed() {
            return changes.containsValue(Change.GAINED) || changes.containsValue(Change.LOST);
        }
    }

    /** Which of the arms passed. */
    enum Change {
        GAINED("gained", "only the candidate passed"),
        LOST("lost", "only the baseline passed"),
        BOTH("both", "both passed"),
        NEITHER("neither", "neither passed");

        private final String label;
        private final String passed;

        Change(String label, String passed) {
            this.label = label;
            this.passed = passed;
        }

        static Change of(boolean baseline, boolean candidate) {
            if (baseline) {
                return candidate ? BOTH : LOST;
            }
            return candidate ? GAINED : NEITHER;
        }

        String label() {
            return label;
        }

        /** Says which arm passed. */
        String passed() {
            return passed;
        }
    }
}
