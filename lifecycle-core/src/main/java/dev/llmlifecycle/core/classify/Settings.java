package dev.llmlifecycle.core.classify;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.statistics.PlattScaling;
import dev.llmlifecycle.api.statistics.TemperatureScaling;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * The small numbers that decide a prediction beside the weights.
 *
 * @param labels in their order
 * @param multiLabel whether a text may have several
 * @param embeddingModel the name of the embedding model
 * @param dimension of its vectors, 0 without
 * @param grams the n-grams, if there are any
 * @param calibration what turns scores into probabilities
 * @param coverage how often the conformal set has the right label
 * @param leastProbability of a label in the conformal set
 * @param strangeAbove the out-of-distribution score above which it abstains
 * @param unsureBelow the probability of the first label below which it abstains
 */
record Settings(
        List<String> labels,
        boolean multiLabel,
        Optional<String> embeddingModel,
        int dimension,
        Optional<NGrams> grams,
        ScoreCalibration calibration,
        double coverage,
        double leastProbability,
        double strangeAbove,
        double unsureBelow) {

    Settings {
        labels = List.copyOf(labels);
    }

    Settings abstaining(double strangeAbove, double unsureBelow) {
        return new Settings(
                labels,
                multiLabel,
                embeddingModel,
                dimension,
                grams,
                calibration,
                coverage,
                leastProbability,
                strangeAbove,
                unsureBelow);
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new TreeMap<>();
        canonical.put("labels", labels);
        canonical.put("multiLabel", Boolean.toString(multiLabel));
        embeddingModel.ifPresent(name -> canonical.put("embeddingModel", name));
        canonical.put("dimension", dimension);
        grams.ifPresent(value -> canonical.put("nGrams", value.toCanonical()));
        canonical.put("temperature", calibration.temperature().temperature());
        canonical.put(
                "curves",
                calibration.curves().stream()
                        .map(curve -> Map.of("slope", curve.slope(), "intercept", curve.intercept()))
                        .toList());
        canonical.put("coverage", coverage);
        canonical.put("leastProbability", leastProbability);
        canonical.put("strangeAbove", strangeAbove);
        canonical.put("unsureBelow", unsureBelow);
        return canonical;
    }

    static Settings read(JsonObject json) {
        return new Settings(
                json.texts("labels"),
                Boolean.parseBoolean(json.text("multiLabel")),
                json.optionalText("embeddingModel"),
                json.integer("dimension"),
                json.has("nGrams") ? Optional.of(NGrams.read(json.object("nGrams"))) : Optional.empty(),
                new ScoreCalibration(
                        new TemperatureScaling(json.number("temperature")),
                        json.objects("curves").stream()
                                .map(curve -> new PlattScaling(curve.number("slope"), curve.number("intercept")))
                                .toList()),
                json.number("coverage"),
                json.number("leastProbability"),
                json.number("strangeAbove"),
                json.number("unsureBelow"));
    }
}
