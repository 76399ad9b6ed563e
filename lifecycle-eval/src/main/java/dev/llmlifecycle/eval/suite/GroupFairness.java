package dev.llmlifecycle.eval.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;

/**
 * Compares how groups are decided about.
 *
 * <p><b>Demographic parity</b> compares the shares of favourable decisions; <b>equal opportunity</b> those among cases
 * that deserve one (M. Hardt, E. Price and N. Srebro, "Equality of Opportunity in Supervised Learning", NeurIPS 2016);
 * the false positive rate those among cases that do not, which together with equal opportunity are equalised odds. Each
 * group is compared with a reference. Differences of shares have Newcombe's hybrid score interval without continuity
 * correction (R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
 * Medicine 17, 1998, method 10).
 *
 * @since 0.1
 */
public final class GroupFairness {

    private static final double LEVEL = 0.95;

    private GroupFairness() {}

    /**
     * Compares every group with a reference.
     *
     * @param title what decided, about what
     * @param outcomes the decisions
     * @param reference the group that the others are compared with
     * @return shares by group, and differences from the reference; the parity ratio of each group is the share divided
     *     by that of the reference, which the four-fifths rule of the US Uniform Guidelines (29 CFR 1607.4 D) wants to
     *     be at least 0.8
     * @throws IllegalArgumentException when the reference has no outcome or is the only group
     */
    public static BiasReport compare(String title, List<GroupOutcome> outcomes, String reference) {
        Map<String, List<GroupOutcome>> byGroup = new TreeMap<>();
        outcomes.forEach(outcome -> byGroup.computeIfAbsent(outcome.group(), group -> new ArrayList<>())
                .add(outcome));
        if (!byGroup.containsKey(reference) || byGroup.size() < 2) {
            throw new IllegalArgumentException("the groups are " + byGroup.keySet() + " and '" + reference
                    + "' is to be compared with; give outcomes of it and of another group");
        }
        List<BiasFigure> figures = new ArrayList<>();
        add(figures, "share of favourable decisions", "demographic parity difference", byGroup, reference, any -> true);
        add(
                figures,
                "true positive rate",
                "equal opportunity difference",
                byGroup,
                reference,
                outcome -> outcome.deserved().equals(Optional.of(true)));
        add(
                figures,
                "false positive rate",
                "false positive rate difference",
                byGroup,
                reference,
                outcome -> outcome.deserved().equals(Optional.of(false)));
        Share base = Share.of(byGroup.getOrDefault(reference, List.of()), any -> true);
        byGroup.forEach((group, members) -> {
            if (!group.equals(reference) && base.favourable() > 0) {
                figures.add(parityRatio(group + " / " + reference, Share.of(members, any -> true), base));
            }
        });
        return new BiasReport(title, figures);
    }

    private static void add(
            List<BiasFigure> figures,
            String shareName,
            String differenceName,
            Map<String, List<GroupOutcome>> byGroup,
            String reference,
            Predicate<GroupOutcome> among) {
        Share base = Share.of(byGroup.getOrDefault(reference, List.of()), among);
        byGroup.forEach((group, members) -> {
            Share share = Share.of(members, among);
            if (share.all() > 0) {
                figures.add(new BiasFigure(
                        shareName, group, share.value(), share.interval(), share.all(), OptionalDouble.empty()));
            }
        });
        byGroup.forEach((group, members) -> {
            Share share = Share.of(members, among);
            if (!group.equals(reference) && share.all() > 0 && base.all() > 0) {
                figures.add(new BiasFigure(
                        differenceName,
                        group + " - " + reference,
                        share.value() - base.value(),
                        newcombe(share, base),
                        share.all() + base.all(),
                        OptionalDouble.empty()));
            }
        });
    }

    private static Interval newcombe(Share one, Share other) {
        double difference = one.value() - other.value();
        double down =
                Math.hypot(one.value() - one.interval().low(), other.interval().high() - other.value());
        double up = Math.hypot(
                one.interval().high() - one.value(),
                other.value() - other.interval().low());
        return new Interval(Math.max(-1, difference - down), Math.min(1, difference + up), LEVEL);
    }

    /**
     * By the delta method on the logarithm, half a case added to each cell (D. Katz and others, Biometrics 34, 1978).
     */
    private static BiasFigure parityRatio(String groups, Share one, Share base) {
        double ratio = one.value() / base.value();
        double smoothed =
                ((one.favourable() + 0.5) / (one.all() + 0.5)) / ((base.favourable() + 0.5) / (base.all() + 0.5));
        double deviation = Math.sqrt(1 / (one.favourable() + 0.5)
                - 1 / (one.all() + 0.5)
                + 1 / (base.favourable() + 0.5)
                - 1 / (base.all() + 0.5));
        double half = 1.959964 * deviation;
        return new BiasFigure(
                "demographic parity ratio",
                groups,
                ratio,
                new Interval(
                        Math.min(ratio, smoothed * Math.exp(-half)), Math.max(ratio, smoothed * Math.exp(half)), LEVEL),
                one.all() + base.all(),
                OptionalDouble.empty());
    }

    private record Share(long favourable, long all) {

        static Share of(List<GroupOutcome> members, Predicate<GroupOutcome> among) {
            long all = members.stream().filter(among).count();
            long favourable = members.stream()
                    .filter(among)
                    .filter(GroupOutcome::favourable)
                    .count();
            return new Share(favourable, all);
        }

        double value() {
            return favourable / (double) all;
        }

        Interval interval() {
            return Proportions.wilson(favourable, all, LEVEL);
        }
    }
}
