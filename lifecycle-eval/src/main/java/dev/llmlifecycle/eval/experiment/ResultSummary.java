package dev.llmlifecycle.eval.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.statistics.Interval;

/** A result as text. */
final class ResultSummary {

    private static final int SHOWN_IDS = 8;

    private final ExperimentResult result;
    private final StringBuilder text = new StringBuilder();

    ResultSummary(ExperimentResult result) {
        this.result = result;
    }

    String text() {
        Verdict verdict = result.verdict();
        line("Experiment on %s", result.dataset());
        line(
                "  baseline    %s, release %s",
                result.baseline(), verdict.baseline().shortForm());
        line(
                "  candidate   %s, release %s",
                result.candidate(), verdict.candidate().shortForm());
        line("  failed      %s, %s", failed(result.baseline()), failed(result.candidate()));
        verdict.metrics().forEach(this::metric);
        line("Verdict: %s (alpha %s)", verdict.conclusion(), verdict.policy().alpha());
        return text.toString();
    }

    private void metric(MetricVerdict metric) {
        line("%s: %s", metric.metric(), metric.conclusion());
        line(
                "  passed      %s, %s of %d",
                passed(result.baseline(), metric.baselinePassed(), metric.pairs()),
                passed(result.candidate(), metric.candidatePassed(), metric.pairs()),
                metric.pairs());
        Interval difference = metric.difference();
        line(
                "  difference  %+.1f points, %s %% interval [%+.1f, %+.1f], at least %.1f matter",
                100 * metric.effect(),
                percent(difference.level()),
                100 * difference.low(),
                100 * difference.high(),
                100 * result.verdict().policy().margins().getOrDefault(metric.metric(), Double.NaN));
        line("  p-value     %.4g exact McNemar, %.4g after Holm", metric.pValue(), metric.adjustedPValue());
        line("  gained      %s", ids(result.gained(metric.metric())));
        line("  lost        %s", ids(result.lost(metric.metric())));
        if (metric.conclusion() == Conclusion.UNDECIDED) {
            line("  needed      about %d more examples", metric.pairsStillNeeded());
        }
    }

    private static String percent(double share) {
        return BigDecimal.valueOf(100 * share)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String passed(String arm, int passed, int pairs) {
        return String.format(Locale.ROOT, "%s %d (%.1f %%)", arm, passed, 100.0 * passed / pairs);
    }

    private String failed(String arm) {
        return arm + " "
                + ids(result.failures().stream()
                        .filter(failure -> failure.arm().equals(arm))
                        .map(ArmFailure::exampleId)
                        .toList());
    }

    private static String ids(List<String> ids) {
        if (ids.isEmpty()) {
            return "none";
        }
        String shown = String.join(" ", ids.subList(0, Math.min(SHOWN_IDS, ids.size())));
        int more = ids.size() - SHOWN_IDS;
        return ids.size() + ": " + shown + (more > 0 ? " and " + more + " more" : "");
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
