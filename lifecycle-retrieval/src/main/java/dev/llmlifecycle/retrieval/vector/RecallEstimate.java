package dev.llmlifecycle.retrieval.vector;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * Which share of the true nearest entries searches found, as measured.
 *
 * <p>Immutable.
 *
 * @param width the width searched with, or 0 when queries had widths of their own
 * @param queries how many queries were compared with exact answers
 * @param recall the share, from 0 to 1
 * @param interval Wilson's 95 % interval of it, taking the neighbours for independent, which those of one query are not
 *     quite
 * @since 0.1
 */
public record RecallEstimate(int width, long queries, double recall, Interval interval) {}
