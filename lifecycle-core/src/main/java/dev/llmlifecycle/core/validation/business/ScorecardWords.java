package dev.llmlifecycle.core.validation.business;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.llmlifecycle.api.statistics.Interval;

/** Says figures in words that page and text share. */
final class ScorecardWords {

    static final String NONE = "nothing to check";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int PERCENT = 100;

    private ScorecardWords() {}

    static String about(Scorecard card) {
        String period = card.from().isPresent() && card.to().isPresent()
                ? ", from " + time(card.from().get()) + " to " + time(card.to().get())
                : "";
        return card.interactions() + (card.interactions() == 1 ? " interaction" : " interactions") + period
                + ". Written " + time(card.writtenAt()) + "."
                + card.rulesIdentity()
                        .map(identity -> " Rules: " + identity + ".")
                        .orElse("");
    }

    static String kept(Scorecard.RuleRow row) {
        return row.share().isPresent() ? percent(row.share().getAsDouble()) + range(row.interval(), true, "") : NONE;
    }

    static String measured(Scorecard.TargetRow row) {
        OptionalDouble value = row.value();
        boolean share = row.target().measure().isShare();
        return value.isPresent()
                ? figure(value.getAsDouble(), share, unit(row.target()))
                        + range(row.interval(), share, unit(row.target()))
                : NONE;
    }

    static String wanted(KpiTarget target) {
        return (target.bound() == KpiTarget.Bound.AT_LEAST ? "at least " : "at most ")
                + figure(target.value(), target.measure().isShare(), unit(target));
    }

    static String measure(KpiTarget target) {
        String of = "'" + target.of() + "'";
        return switch (target.measure()) {
            case ANSWERED_SHARE -> "questions that were answered";
            case OUTCOME_SHARE -> "questions that ended as " + of;
            case FINDING_SHARE -> "questions with a finding of " + of;
            case RULE_SHARE -> "answers that keep the rule " + of;
            case POSITIVE_FEEDBACK_SHARE -> "rated answers that helped";
            case MEDIAN_SECONDS -> "time of half of all answers";
            case P95_SECONDS -> "time of 95 of 100 answers";
            case MEAN_COST -> "mean cost of an answer";
        };
    }

    static String state(Scorecard.State state) {
        return switch (state) {
            case MET -> "MET";
            case MISSED -> "MISSED";
            case UNDECIDED -> "UNDECIDED";
        };
    }

    private static String unit(KpiTarget target) {
        return switch (target.measure()) {
            case MEDIAN_SECONDS, P95_SECONDS -> " s";
            default -> "";
        };
    }

    private static String range(Optional<Interval> interval, boolean share, String unit) {
        return interval.map(ends ->
                        " (" + figure(ends.low(), share, unit) + " to " + figure(ends.high(), share, unit) + ")")
                .orElse("");
    }

    private static String figure(double value, boolean share, String unit) {
        if (share) {
            return percent(value);
        }
        return Double.isInfinite(value)
                ? "any"
                : String.format(Locale.ROOT, value != 0 && value < 0.1 ? "%.5f" : "%.2f", value) + unit;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", PERCENT * share);
    }

    static String time(Instant time) {
        return TIME.format(time);
    }
}
