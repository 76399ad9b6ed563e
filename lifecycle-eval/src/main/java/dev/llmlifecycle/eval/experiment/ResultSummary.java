package dev.llmlifecycle.eval.experiment;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.MetricRule;
import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.MissingPair;
import dev.llmlifecycle.api.experiment.PairedTest;
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
        if (result.use().restored() > 0) {
            line(
                    "  resumed     %d answers were there, %d were asked for, %d calls of before have no answer",
                    result.use().restored(), result.use().asked(), result.use().unanswered());
        }
        if (!result.isComplete()) {
            line(
                    "  missing     %s; the cap was reached after %s",
                    ids(result.missing().stream().map(ResultSummary::name).toList()),
                    result.use().spent());
        }
        verdict.metrics().forEach(this::metric);
        line("Verdict: %s (alpha %s)", verdict.conclusion(), verdict.policy().alpha());
        return text.toString();
    }

    private void metric(MetricVerdict metric) {
        MetricRule rule =
                Objects.requireNonNull(result.verdict().policy().metrics().get(metric.metric()));
        boolean rate = rule.scale() == MetricRule.Scale.RATE;
        boolean guardrail = rule.role() == MetricRule.Role.GUARDRAIL;
        line(
                "%s: %s%s",
                metric.metric(),
                metric.conclusion(),
                guardrail ? metric.holds() ? ", guardrail holds" : ", guardrail not shown to hold" : "");
        if (metric.test() == PairedTest.EXACT_MCNEMAR) {
            line(
                    "  passed      %s, %s of %d",
                    passed(result.baseline(), metric.baselinePassed(), metric.pairs()),
                    passed(result.candidate(), metric.candidatePassed(), metric.pairs()),
                    metric.pairs());
        } else {
            line(
                    "  mean        %s %s, %s %s over %s",
                    result.baseline(),
                    number(metric.baselineMean(), rate),
                    result.candidate(),
                    number(metric.candidateMean(), rate),
                    pairs(metric));
        }
        Interval difference = metric.difference();
        line(
                "  difference  %s, %s %% interval [%s, %s], %s matter",
                signed(metric.effect(), rate) + (rate ? " points" : ""),
                percent(difference.level()),
                signed(difference.low(), rate),
                signed(difference.high(), rate),
                rule.direction() == Direction.HIGHER_IS_BETTER
                        ? "at least " + number(rule.margin(), rate)
                        : "lower is better, at least " + number(rule.margin(), rate));
        line(
                "  p-value     %.4g %s, %.4g after Holm",
                metric.pValue(), metric.test().title(), metric.adjustedPValue());
        if (metric.test() != PairedTest.EXACT_MCNEMAR) {
            line("  test        as %s", metric.test().reason());
        }
        metric.assumptions().stream()
                .filter(check -> !check.holds())
                .forEach(check ->
                        line("  not so      %s (%.3g)", check.assumption().title(), check.value()));
        if (metric.missing() > 0) {
            line("  no pair     %s", ids(missing(metric.metric())));
        }
        line("  gained      %s", ids(result.gained(metric.metric())));
        line("  lost        %s", ids(result.lost(metric.metric())));
        if (metric.conclusion() == Conclusion.UNDECIDED) {
            line("  needed      about %d more examples", metric.pairsStillNeeded());
        }
    }

    private List<String> missing(String metric) {
        return result.rows().missing().stream()
                .filter(pair -> pair.metric().equals(metric))
                .map(MissingPair::exampleId)
                .toList();
    }

    private static String pairs(MetricVerdict metric) {
        return metric.pairs()
                + (metric.clusters() < metric.pairs() ? " in " + metric.clusters() + " clusters" : "")
                + (metric.repeats() > 1 ? ", each the mean of " + metric.repeats() + " repeats" : "");
    }

    private static String name(MissingAnswer missing) {
        return missing.arm() + "/" + missing.exampleId() + (missing.repeat() > 0 ? "/" + missing.repeat() : "");
    }

    /** Rates are written in points of a hundred, other numbers as they are. */
    private static String number(double value, boolean rate) {
        return rate ? String.format(Locale.ROOT, "%.1f", 100 * value) : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String signed(double value, boolean rate) {
        return rate ? String.format(Locale.ROOT, "%+.1f", 100 * value) : String.format(Locale.ROOT, "%+.4g", value);
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
