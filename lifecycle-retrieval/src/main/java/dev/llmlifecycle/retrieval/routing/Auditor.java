package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.api.statistics.Proportions;

/** Counts what the calibration cases were taken for. */
final class Auditor {

    private static final int FEW = 10;
    private static final int LEAST_ERRORS = 2;
    private static final double LEVEL = 0.95;

    private Auditor() {}

    static RoutingAudit audit(List<IntentRoute> routes, List<String> intents, List<Calibrated.Outcome> outcomes) {
        int[] judged = new int[intents.size()];
        int right = 0;
        Map<Long, int[]> pairs = new TreeMap<>();
        for (Calibrated.Outcome each : outcomes) {
            judged[each.truth()]++;
            if (each.truth() == each.predicted()) {
                right++;
            } else {
                int low = Math.min(each.truth(), each.predicted());
                int high = Math.max(each.truth(), each.predicted());
                pairs.computeIfAbsent((long) low * intents.size() + high, pair -> new int[2])[
                        each.truth() == low ? 0 : 1]++;
            }
        }
        List<RoutingAudit.Confusion> confusions = new ArrayList<>();
        pairs.forEach((pair, counts) -> {
            int low = (int) (pair / intents.size());
            int high = (int) (pair % intents.size());
            int errors = counts[0] + counts[1];
            int both = judged[low] + judged[high];
            if (errors >= LEAST_ERRORS) {
                confusions.add(new RoutingAudit.Confusion(
                        intents.get(low),
                        intents.get(high),
                        counts[0],
                        counts[1],
                        (double) errors / both,
                        Proportions.wilson(errors, both, LEVEL)));
            }
        });
        confusions.sort(Comparator.comparingDouble(RoutingAudit.Confusion::rate)
                .reversed()
                .thenComparing(RoutingAudit.Confusion::first)
                .thenComparing(RoutingAudit.Confusion::second));
        List<RoutingAudit.ThinRoute> thin = routes.stream()
                .filter(route -> !route.examples().isEmpty() && route.examples().size() < FEW)
                .map(route -> new RoutingAudit.ThinRoute(
                        route.intent(), route.examples().size()))
                .sorted(Comparator.comparingInt(RoutingAudit.ThinRoute::examples)
                        .thenComparing(RoutingAudit.ThinRoute::intent))
                .toList();
        return new RoutingAudit(
                outcomes.size(), outcomes.isEmpty() ? 0 : (double) right / outcomes.size(), confusions, thin);
    }
}
