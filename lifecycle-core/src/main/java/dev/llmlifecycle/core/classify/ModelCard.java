package dev.llmlifecycle.core.classify;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * What a trained classifier was made of and how good it is, by its own cross-fitted predictions.
 *
 * <p>Immutable.
 *
 * @param name of the classifier
 * @param trainedAt when it was trained
 * @param trainingDataHash over texts and labels in their order
 * @param rows how many texts it was trained on
 * @param rowsByLabel how many of them have each label
 * @param multiLabel whether a text may have several labels
 * @param embeddingModel the name of the embedding model, if there is one
 * @param dimension of its vectors, 0 without
 * @param metrics by name: {@code accuracy}, {@code calibrationError}, {@code coverage}, …, see the page on classifiers
 * @param licences of the training texts, in their order
 * @param seed of the training
 * @since 0.1
 */
public record ModelCard(
        String name,
        Instant trainedAt,
        Hash trainingDataHash,
        int rows,
        Map<String, Integer> rowsByLabel,
        boolean multiLabel,
        Optional<String> embeddingModel,
        int dimension,
        Map<String, Double> metrics,
        List<String> licences,
        long seed) {

    /** Copies. */
    public ModelCard {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(trainedAt, "trainedAt");
        Objects.requireNonNull(trainingDataHash, "trainingDataHash");
        rowsByLabel = Collections.unmodifiableMap(new TreeMap<>(rowsByLabel));
        Objects.requireNonNull(embeddingModel, "embeddingModel");
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        licences = List.copyOf(licences);
    }

    /** Returns the labels in their order. */
    List<String> labels() {
        return List.copyOf(rowsByLabel.keySet());
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new TreeMap<>();
        canonical.put("name", name);
        canonical.put("trainedAt", trainedAt.toString());
        canonical.put("trainingDataHash", trainingDataHash.hex());
        canonical.put("rows", rows);
        // A list, since canonical JSON and Java order some names differently.
        canonical.put(
                "labels",
                rowsByLabel.entrySet().stream()
                        .map(entry -> Map.of("label", entry.getKey(), "rows", entry.getValue()))
                        .toList());
        canonical.put("multiLabel", Boolean.toString(multiLabel));
        embeddingModel.ifPresent(model -> canonical.put("embeddingModel", model));
        canonical.put("dimension", dimension);
        canonical.put(
                "metrics",
                metrics.entrySet().stream()
                        .map(entry -> Map.of("metric", entry.getKey(), "value", entry.getValue()))
                        .toList());
        canonical.put("licences", licences);
        canonical.put("seed", Long.toString(seed));
        return canonical;
    }

    static ModelCard read(JsonObject json) {
        Map<String, Integer> rowsByLabel = new TreeMap<>();
        json.objects("labels").forEach(each -> rowsByLabel.put(each.text("label"), each.integer("rows")));
        Map<String, Double> metrics = new TreeMap<>();
        json.objects("metrics").forEach(each -> metrics.put(each.text("metric"), each.number("value")));
        return new ModelCard(
                json.text("name"),
                json.instant("trainedAt"),
                json.hash("trainingDataHash"),
                json.integer("rows"),
                rowsByLabel,
                Boolean.parseBoolean(json.text("multiLabel")),
                json.optionalText("embeddingModel"),
                json.integer("dimension"),
                metrics,
                json.texts("licences"),
                Long.parseLong(json.text("seed")));
    }
}
