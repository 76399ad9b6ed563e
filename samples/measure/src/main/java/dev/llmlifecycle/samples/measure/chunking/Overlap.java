package dev.llmlifecycle.samples.measure.chunking;

import java.util.BitSet;
import java.util.List;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * How well what was retrieved covers what is relevant, in tokens.
 *
 * <p>As in Smith and Troynikov, Evaluating Chunking Strategies for Retrieval, Chroma technical report, 2024: a relevant
 * token counts once however often it was retrieved, and everything retrieved counts as often as it was.
 *
 * @param iou intersection over union
 * @param precision share of what was retrieved that is relevant
 * @param recall share of what is relevant that was retrieved
 */
record Overlap(double iou, double precision, double recall) {

    /**
     * Compares.
     *
     * @param relevant the relevant pieces of a corpus, in tokens
     * @param retrieved the retrieved pieces of that corpus, in tokens
     * @param elsewhere how many tokens were retrieved from other corpora
     */
    static Overlap of(List<TextSpan> relevant, List<TextSpan> retrieved, int elsewhere) {
        BitSet wanted = union(relevant);
        BitSet found = union(retrieved);
        found.and(wanted);
        double common = found.cardinality();
        double total = elsewhere + retrieved.stream().mapToInt(TextSpan::length).sum();
        return new Overlap(
                common / (wanted.cardinality() + total - common),
                total == 0 ? 0 : common / total,
                common / wanted.cardinality());
    }

    private static BitSet union(List<TextSpan> spans) {
        BitSet union = new BitSet();
        spans.forEach(span -> union.set(span.start(), span.end()));
        return union;
    }
}
