package dev.llmlifecycle.core.classify;

/**
 * A text as numbers.
 *
 * @param embedding the centred and scaled embedding, empty without a model
 * @param buckets the buckets of its n-grams that the training texts have too, ascending
 * @param values as many weights, of one length over all
 * @param known the share of its n-grams that the training texts have too; 0 for a text without any
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record Features(float[] embedding, int[] buckets, float[] values, double known) {}
