package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.Proportions;
import dev.llmlifecycle.eval.statistics.MultipleTests;
import dev.llmlifecycle.samples.measure.task.Figure;

/**
 * The verdicts on all comparisons of a set: each by the library's rule, with Holm's adjustment over the table, since
 * one who looks at many pairs finds some difference by chance.
 */
final class VerdictTable {

    static final double ALPHA = 0.05;

    /** Five points of success rate matter, declared before any verdict was reached. */
    static final double MARGIN = 0.05;

    private static final double POWER = 0.8;

    private VerdictTable() {}

    static List<Figure> figures(List<Comparison> comparisons) {
        List<MetricVerdict> verdicts =
                comparisons.stream().map(VerdictTable::verdict).toList();
        double[] adjusted = MultipleTests.holm(
                verdicts.stream().mapToDouble(MetricVerdict::pValue).toArray());
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < verdicts.size(); i++) {
            figures.addAll(figures(comparisons.get(i), verdicts.get(i), adjusted[i]));
        }
        return figures;
    }

    private static MetricVerdict verdict(Comparison comparison) {
        VerdictPolicy policy = VerdictPolicy.builder()
                .alpha(ALPHA)
                .metric(Comparison.METRIC, MARGIN)
                .build();
        return Verdict.compute(
                        policy,
                        name(comparison.candidate()),
                        name(comparison.baseline()),
                        name(comparison.set()),
                        comparison.pairedRows())
                .metrics()
                .get(0);
    }

    /** Recordings have no release; their names stand in for it. */
    private static Hash name(String name) {
        return Hash.ofCanonicalJson(Map.of("recording", name));
    }

    private static List<Figure> figures(Comparison comparison, MetricVerdict verdict, double adjusted) {
        String set = comparison.name();
        int pairs = verdict.pairs();
        Conclusion conclusion = conclude(verdict, adjusted);
        return List.of(
                Figure.share(set, "baseline", verdict.baselinePassed(), pairs),
                Figure.share(set, "candidate", verdict.candidatePassed(), pairs),
                new Figure(set, "difference", verdict.effect(), verdict.difference(), pairs, conclusion.name()),
                Figure.exact(set, "p", verdict.pValue(), pairs),
                Figure.exact(set, "p after Holm", adjusted, pairs),
                Figure.exact(set, "pairs still needed", (double) stillNeeded(verdict, conclusion), pairs));
    }

    /** A difference that is sure on its own, but not among so many, counts as none that was shown. */
    private static Conclusion conclude(MetricVerdict verdict, double adjusted) {
        boolean differs = verdict.conclusion() == Conclusion.IMPROVED || verdict.conclusion() == Conclusion.REGRESSED;
        if (!differs || adjusted <= ALPHA) {
            return verdict.conclusion();
        }
        return Proportions.pairedDifference(verdict.gained(), verdict.lost(), verdict.pairs(), 1 - 2 * ALPHA)
                        .within(MARGIN)
                ? Conclusion.EQUIVALENT
                : Conclusion.UNDECIDED;
    }

    private static long stillNeeded(MetricVerdict verdict, Conclusion conclusion) {
        if (conclusion != Conclusion.UNDECIDED || verdict.conclusion() == Conclusion.UNDECIDED) {
            return verdict.pairsStillNeeded();
        }
        double discordant = Math.max((verdict.gained() + verdict.lost() + 1.0) / (verdict.pairs() + 2.0), MARGIN);
        return Math.max(1, Proportions.pairedSampleSize(discordant, MARGIN, ALPHA, POWER) - verdict.pairs());
    }
}
