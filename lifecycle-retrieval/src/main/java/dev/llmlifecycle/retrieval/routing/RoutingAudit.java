package dev.llmlifecycle.retrieval.routing;

import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * What is wrong with the routes of a router, by its own examples: each was given an intent by what had not seen it.
 *
 * <p>Immutable.
 *
 * @param judged how many examples were given an intent
 * @param accuracy the share that was given its own, 0 when none was judged
 * @param confusions pairs of intents that are taken for each other, most often first: candidates for merging, for other
 *     examples, or for a group
 * @param thin routes with few examples, fewest first
 * @since 0.1
 */
public record RoutingAudit(int judged, double accuracy, List<Confusion> confusions, List<ThinRoute> thin) {

    /** Copies. */
    public RoutingAudit {
        confusions = List.copyOf(confusions);
        thin = List.copyOf(thin);
    }

    /**
     * Two intents that are taken for each other.
     *
     * <p>Immutable.
     *
     * @param first the one whose name comes first
     * @param second the other
     * @param firstAsSecond how many examples of the first were given the second
     * @param secondAsFirst how many examples of the second were given the first
     * @param rate the share of the judged examples of both that were given the other
     * @param interval of the rate, at 0.95
     */
    public record Confusion(
            String first, String second, int firstAsSecond, int secondAsFirst, double rate, Interval interval) {

        /** Checks that nothing is missing. */
        public Confusion {
            Objects.requireNonNull(first, "first");
            Objects.requireNonNull(second, "second");
            Objects.requireNonNull(interval, "interval");
        }
    }

    /**
     * A route that is recognised by examples alone and has few.
     *
     * <p>Immutable.
     *
     * @param intent its name
     * @param examples how many it has
     */
    public record ThinRoute(String intent, int examples) {

        /** Checks that it is there. */
        public ThinRoute {
            Objects.requireNonNull(intent, "intent");
        }
    }
}
