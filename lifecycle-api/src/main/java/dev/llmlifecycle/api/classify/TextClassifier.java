package dev.llmlifecycle.api.classify;

import java.util.List;

import dev.llmlifecycle.api.identity.Identified;

/**
 * Says which labels a text has and how probable each is.
 *
 * <p>Implementations must be thread-safe and may block: an embedding model may be behind them. The identity covers all
 * that decides a prediction, weights included, so that a release hash names the classifier that was running.
 *
 * @since 0.1
 */
public interface TextClassifier extends Identified {

    /**
     * Classifies a text.
     *
     * @param text any text, also a blank one
     * @return its labels, best first
     */
    Classification predict(String text);

    /**
     * Classifies several texts, at the price of one call to an embedding model where there is one.
     *
     * @param texts any texts
     * @return one classification for each text, in their order, as {@link #predict} would give it
     */
    default List<Classification> predictAll(List<String> texts) {
        return texts.stream().map(this::predict).toList();
    }

    /**
     * Says why a text is classified as it is.
     *
     * @param text any text
     * @return what speaks for the first label, strongest first, and the examples nearest to the text
     */
    Explanation explain(String text);

    /**
     * Returns the labels that this classifier knows.
     *
     * @return at least two for a classifier of one label each, in their natural order
     */
    List<String> labels();
}
