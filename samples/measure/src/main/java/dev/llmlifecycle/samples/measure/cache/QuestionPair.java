package dev.llmlifecycle.samples.measure.cache;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.retrieval.cache.LabelledPair;

/**
 * A pair and how it was made.
 *
 * @param kind how, such as {@code number}
 * @param pair the pair; its first question decides on which side it is
 */
record QuestionPair(String kind, LabelledPair pair) {

    /** Whether it is on the side that figures are reported on. */
    boolean reported() {
        return (Hash.ofUtf8(pair.question()).hex().charAt(1) & 1) == 1;
    }
}
