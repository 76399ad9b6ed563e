package dev.llmlifecycle.retrieval.routing;

import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.classify.TextClassifier;

/**
 * Trains the head of a router: a classifier of intents.
 *
 * <p>A router trains it once for each of its calibration folds and once on everything, so that what the head says of an
 * example is never known by heart. It must be thread-safe and give equal classifiers for equal examples.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface HeadTrainer {

    /**
     * Trains a classifier.
     *
     * @param examples of each intent, in the order in which they were given
     * @return a classifier whose labels are the intents
     */
    TextClassifier train(Map<String, List<String>> examples);
}
