package dev.llmlifecycle.core.classify;

import java.util.List;

/**
 * Training examples that are kept to show what a text resembles.
 *
 * @param texts the examples, each cut to {@link #MAX_CHARACTERS}
 * @param labels the position of the label of each
 * @param embeddings of each, or none without a model
 */
record ExampleStore(List<String> texts, List<Integer> labels, List<float[]> embeddings) {

    /** How much of an example is kept. */
    static final int MAX_CHARACTERS = 300;

    /** Cuts without splitting a pair of surrogates. */
    static String cut(String text) {
        if (text.length() <= MAX_CHARACTERS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARACTERS - 1)) ? MAX_CHARACTERS - 1 : MAX_CHARACTERS;
        return text.substring(0, end);
    }
}
