package dev.llmlifecycle.retrieval.vector;

import dev.llmlifecycle.api.identity.Hash;

/** The hash of a text and its vector of length one, which nobody changes. */
final class EmbeddedText {

    private final Hash key;
    private final float[] vector;

    EmbeddedText(Hash key, float[] vector) {
        this.key = key;
        this.vector = vector;
    }

    Hash key() {
        return key;
    }

    float[] vector() {
        return vector;
    }
}
