package dev.llmlifecycle.eval.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.langchain4j.internal.TextwiseEmbeddingModel;

/**
 * An embedding model that records the vectors of another into a {@link Cassette}, and replays them to the last bit.
 *
 * <p>Each text is recorded for itself, with the parameters of its request (input type, dimensions, model name), so it
 * does not matter in which batches texts come. Those that are not recorded go to the model in one batch. All vectors of
 * one request must have one dimension. Token counts are not kept, as a provider counts them by batch.
 *
 * <p>It describes itself as {@link ReplayChatModel} does. Thread-safe when the recorded model is.
 *
 * @since 0.1
 */
public final class ReplayEmbeddingModel extends TextwiseEmbeddingModel implements Identified {

    private final Track<EmbeddingModel> track;
    private final ChatJson json;

    ReplayEmbeddingModel(Track<EmbeddingModel> track, ChatJson json) {
        this.track = track;
        this.json = json;
    }

    /** Returns the identity of the recorded model. */
    @Override
    public Identity identity() {
        return track.key().identity();
    }

    /** Returns the name in the identity of the recorded model. */
    @Override
    public String modelName() {
        return identity().name();
    }

    /**
     * Returns the length of the vectors: of those that were recorded without parameters, else what the model says.
     *
     * @throws NotRecordedException when it can be known from neither
     */
    @Override
    public int dimension() {
        return track.dimension().orElseGet(super::dimension);
    }

    @Override
    protected Optional<EmbeddingModel> model() {
        return track.model();
    }

    @Override
    protected List<float[]> vectors(List<String> texts, Map<String, Object> parameters, Batch model) {
        List<Track.Ask> asks = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            asks.add(track.ask(json.request(texts.get(i), parameters)));
            if (asks.get(i).recorded().isEmpty()) {
                missing.add(i);
            }
        }
        List<float[]> vectors = new ArrayList<>();
        List<float[]> asked = missing.isEmpty() ? List.of() : ask(asks.get(missing.get(0)), missing, model);
        List<Track.Placed> calls = new ArrayList<>();
        int next = 0;
        for (Track.Ask ask : asks) {
            if (ask.recorded().isPresent()) {
                vectors.add(VectorJson.read(ask.recorded().get()));
            } else {
                float[] vector = asked.get(next++);
                vectors.add(vector);
                calls.add(new Track.Placed(ask.position(), track.call(ask, VectorJson.write(vector))));
            }
        }
        requireSound(vectors, parameters.isEmpty() ? track.dimension() : Optional.empty());
        if (!calls.isEmpty()) {
            track.record(calls);
        }
        return vectors;
    }

    private List<float[]> ask(Track.Ask first, List<Integer> missing, Batch model) {
        track.model(first);
        List<float[]> asked = model.embed(missing);
        if (asked.size() != missing.size()) {
            throw new LifecycleException("Embedding " + missing.size() + " texts with the " + track.key() + " gave "
                    + asked.size() + " vectors; check the model");
        }
        return asked;
    }

    private void requireSound(List<float[]> vectors, Optional<Integer> recorded) {
        for (float[] vector : vectors) {
            int wanted = recorded.orElse(vectors.get(0).length);
            if (vector.length != wanted) {
                throw new LifecycleException("Embedding with the " + track.key() + " gave vectors of dimension "
                        + wanted + " and " + vector.length
                        + "; the model has changed since it was recorded: give it another identity");
            }
            for (float value : vector) {
                if (!Float.isFinite(value)) {
                    throw new LifecycleException("Embedding with the " + track.key()
                            + " gave a vector with a value that is not finite; check the model");
                }
            }
        }
    }
}
