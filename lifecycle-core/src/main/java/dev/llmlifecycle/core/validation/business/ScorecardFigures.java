package dev.llmlifecycle.core.validation.business;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.PairedDifferences;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;

/** Counts and measures what a scorecard shows. */
final class ScorecardFigures {

    static final int SHOWN_BREACHES = 5;

    private static final String ANSWERED = "answered";
    private static final double NANOS = 1e9;

    private final List<Interaction> interactions;
    private final Map<String, Feedback> latest = new HashMap<>();
    private final Map<String, Scorecard.RuleRow> rows = new LinkedHashMap<>();

    ScorecardFigures(
            Optional<BusinessRules> rules,
            List<Interaction> interactions,
            List<Feedback> feedback,
            Function<Interaction, ValidationContext> contextOf) {
        this.interactions = interactions;
        for (Feedback one : feedback) {
            latest.merge(
                    one.interactionId(), one, (earlier, later) -> later.at().isBefore(earlier.at()) ? earlier : later);
        }
        rules.ifPresent(known -> check(known, contextOf));
    }

    private void check(BusinessRules rules, Function<Interaction, ValidationContext> contextOf) {
        Map<String, Tally> tallies = new HashMap<>();
        rules.rules().forEach(rule -> tallies.put(rule.terms().id(), new Tally()));
        for (Interaction interaction : interactions) {
            if (isAnswered(interaction) && !interaction.answer().isBlank()) {
                Map<String, List<Finding>> found = rules.check(interaction.answer(), contextOf.apply(interaction));
                tallies.forEach((id, tally) -> Optional.ofNullable(found.get(id))
                        .ifPresent(findings -> tally.count(interaction.id(), findings)));
            }
        }
        for (RuleCheck check : rules.checks()) {
            RuleTerms terms = check.rule().terms();
            Tally tally = tallies.getOrDefault(terms.id(), new Tally());
            rows.put(
                    terms.id(),
                    new Scorecard.RuleRow(
                            terms.id(),
                            check.rule().demand(),
                            terms.severity(),
                            terms.owner(),
                            terms.reason(),
                            check.table(),
                            tally.checked,
                            tally.passed,
                            wilson(tally.passed, tally.checked),
                            tally.breaches));
        }
    }

    List<Scorecard.RuleRow> ruleRows() {
        return List.copyOf(rows.values());
    }

    Scorecard.TargetRow targetRow(KpiTarget target) {
        return switch (target.measure()) {
            case ANSWERED_SHARE -> share(target, interactions, ScorecardFigures::isAnswered);
            case OUTCOME_SHARE ->
                share(target, interactions, one -> one.outcome().equals(target.of()));
            case FINDING_SHARE ->
                share(
                        target,
                        interactions,
                        one -> one.findings().stream()
                                .anyMatch(finding -> finding.validator().equals(target.of())
                                        || finding.code().equals(target.of())));
            case POSITIVE_FEEDBACK_SHARE ->
                share(
                        target,
                        interactions.stream()
                                .filter(one -> latest.containsKey(one.id()))
                                .toList(),
                        this::isUp);
            case RULE_SHARE ->
                Optional.ofNullable(rows.get(target.of()))
                        .map(row -> share(target, row.passed(), row.checked()))
                        .orElseGet(() -> share(target, 0, 0));
            case MEDIAN_SECONDS -> seconds(target, 0.5);
            case P95_SECONDS -> seconds(target, 0.95);
            case MEAN_COST -> meanCost(target);
        };
    }

    private static boolean isAnswered(Interaction interaction) {
        return interaction.outcome().equals(ANSWERED);
    }

    private boolean isUp(Interaction interaction) {
        return Optional.ofNullable(latest.get(interaction.id()))
                .filter(feedback -> feedback.rating() == Feedback.Rating.UP)
                .isPresent();
    }

    private static Scorecard.TargetRow share(KpiTarget target, List<Interaction> of, Predicate<Interaction> wanted) {
        return share(target, of.stream().filter(wanted).count(), of.size());
    }

    private static Scorecard.TargetRow share(KpiTarget target, long successes, long trials) {
        OptionalDouble value = trials == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) successes / trials);
        return row(target, trials, value, wilson(successes, trials));
    }

    private Scorecard.TargetRow seconds(KpiTarget target, double quantile) {
        double[] seconds = interactions.stream()
                .mapToDouble(one -> one.duration().toNanos() / NANOS)
                .toArray();
        if (seconds.length == 0) {
            return row(target, 0, OptionalDouble.empty(), Optional.empty());
        }
        return row(
                target,
                seconds.length,
                OptionalDouble.of(Quantiles.quantile(seconds, quantile)),
                Optional.of(Quantiles.interval(seconds, quantile, Scorecard.LEVEL)));
    }

    private Scorecard.TargetRow meanCost(KpiTarget target) {
        List<String> conversations = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        for (Interaction one : interactions) {
            Optional<BigDecimal> cost = one.cost();
            if (isAnswered(one) && cost.isPresent()) {
                costs.add(cost.get().doubleValue());
                conversations.add(one.conversationId().map(id -> "c " + id).orElse("i " + one.id()));
            }
        }
        if (costs.isEmpty()) {
            return row(target, 0, OptionalDouble.empty(), Optional.empty());
        }
        PairedDifferences mean = PairedDifferences.clustered(
                costs.stream().mapToDouble(Double::doubleValue).toArray(), conversations);
        Interval interval = mean.tInterval(Scorecard.LEVEL);
        return row(
                target,
                costs.size(),
                OptionalDouble.of(mean.mean()),
                Optional.of(new Interval(Math.max(0, interval.low()), interval.high(), interval.level())));
    }

    private static Optional<Interval> wilson(long successes, long trials) {
        return trials == 0 ? Optional.empty() : Optional.of(Proportions.wilson(successes, trials, Scorecard.LEVEL));
    }

    private static Scorecard.TargetRow row(
            KpiTarget target, long observations, OptionalDouble value, Optional<Interval> interval) {
        return new Scorecard.TargetRow(
                target,
                observations,
                value,
                interval,
                interval.map(known -> state(target, known)).orElse(Scorecard.State.UNDECIDED));
    }

    private static Scorecard.State state(KpiTarget target, Interval interval) {
        boolean least = target.bound() == KpiTarget.Bound.AT_LEAST;
        if (least ? interval.low() >= target.value() : interval.high() <= target.value()) {
            return Scorecard.State.MET;
        }
        return (least ? interval.high() < target.value() : interval.low() > target.value())
                ? Scorecard.State.MISSED
                : Scorecard.State.UNDECIDED;
    }

    private static final class Tally {

        private final List<String> breaches = new ArrayList<>();
        private long checked;
        private long passed;

        void count(String interaction, List<Finding> findings) {
            checked++;
            if (findings.isEmpty()) {
                passed++;
            } else if (breaches.size() < SHOWN_BREACHES) {
                breaches.add(interaction);
            }
        }
    }
}
