package dev.llmlifecycle.retrieval.routing;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.classify.LabelProbability;

/**
 * What was decided about one text, and why.
 *
 * <p>Immutable. It quotes the text and examples, so it goes where those may go.
 *
 * @param text the text that was judged: the question, or a part of it
 * @param intent the intent or group of intents it was given; nothing when it is out of scope or has to be asked back
 * @param route where it goes
 * @param layer what decided
 * @param reason one line for people, without the text of the question
 * @param ranking the most probable intents with their calibrated probabilities, best first; empty where a rule decided
 * @param margin the first probability less the second, in [0, 1]; 1 where a rule decided
 * @param labelSet the intents that cannot be ruled out at the coverage of {@code 1 - falseRefusals}, best first
 * @param nearest the most similar examples, best first; empty where a rule decided
 * @param strangeness how unlike the examples the text is, in [0, 1]; 0 where a rule decided
 * @param threshold above which strangeness is out of scope; infinite where there are too few examples for any
 * @since 0.1
 */
public record RoutedIntent(
        String text,
        Optional<String> intent,
        Route route,
        RoutingLayer layer,
        String reason,
        List<LabelProbability> ranking,
        double margin,
        List<String> labelSet,
        List<NearestExample> nearest,
        double strangeness,
        double threshold) {

    /** Copies. */
    public RoutedIntent {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(intent, "intent");
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(layer, "layer");
        Objects.requireNonNull(reason, "reason");
        ranking = List.copyOf(ranking);
        labelSet = List.copyOf(labelSet);
        nearest = List.copyOf(nearest);
    }

    static RoutedIntent certain(String text, IntentRoute route, RoutingLayer layer, String reason) {
        return new RoutedIntent(
                text,
                Optional.of(route.intent()),
                route.target(),
                layer,
                reason,
                List.of(),
                1,
                List.of(route.intent()),
                List.of(),
                0,
                Double.POSITIVE_INFINITY);
    }

    static RoutedIntent nowhere(String text, Route route, RoutingLayer layer, String reason) {
        return new RoutedIntent(
                text,
                Optional.empty(),
                route,
                layer,
                reason,
                List.of(),
                0,
                List.of(),
                List.of(),
                1,
                Double.POSITIVE_INFINITY);
    }

    RoutedIntent decided(Optional<String> intent, Route route, RoutingLayer layer, String reason) {
        return new RoutedIntent(
                text, intent, route, layer, reason, ranking, margin, labelSet, nearest, strangeness, threshold);
    }

    /**
     * Returns the probability of the first intent.
     *
     * @return in [0, 1]; 1 where a rule decided, 0 where nothing was ranked
     */
    public double probability() {
        if (!ranking.isEmpty()) {
            return ranking.get(0).probability();
        }
        return intent.isPresent() ? 1 : 0;
    }
}
