package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/** Mixes the scaled score with something else that is known of each passage. */
final class MixedScoreStage implements RetrievalStage {

    /**
     * What else is known of a passage.
     *
     * @param value from 0 to 1
     * @param reason in words
     */
    record Value(double value, String reason) {}

    @FunctionalInterface
    interface Values {

        /** Returns a value for each passage. */
        List<Value> of(RetrievalRequest request, List<Passage> passages);
    }

    private final double weight;
    private final Values values;
    private final Identity identity;

    MixedScoreStage(String name, double weight, Map<String, ?> settings, Values values) {
        if (!(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException(
                    "the weight of the stage '" + name + "' must be more than 0 and at most 1 but was " + weight);
        }
        this.weight = weight;
        this.values = values;
        Map<String, Object> configuration = new HashMap<>(settings);
        configuration.put("weight", weight);
        this.identity = Identity.of(name, "1", configuration);
    }

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        double[] scaled = Scaling.scaled(passages);
        List<Value> known = values.of(request, passages);
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < scaled.length; i++) {
            Value value = known.get(i);
            kept.add(Kept.scored(
                    passages.get(i),
                    (1 - weight) * scaled[i] + weight * value.value(),
                    "scaled score " + Scaling.show(scaled[i]) + ", " + value.reason() + ", weight "
                            + Scaling.show(weight)));
        }
        kept.sort(Comparator.comparing(Kept::passage, Scaling.BEST_FIRST));
        return new Outcome(kept, List.of());
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
