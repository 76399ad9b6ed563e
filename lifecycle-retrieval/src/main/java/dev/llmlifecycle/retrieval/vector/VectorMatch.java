package dev.llmlifecycle.retrieval.vector;

import java.util.Arrays;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.retrieval.vector.internal.Rows;
import dev.llmlifecycle.retrieval.vector.internal.SegmentContent;

/**
 * An entry that was found, with its score; what is not asked of it is not read.
 *
 * <p>Immutable. It stays readable, also after the entry is removed and the index closed.
 *
 * @since 0.1
 */
public final class VectorMatch {

    private final String id;
    private final double score;
    private final SegmentContent segment;
    private final int ordinal;

    VectorMatch(String id, double score, SegmentContent segment, int ordinal) {
        this.id = id;
        this.score = score;
        this.segment = segment;
        this.ordinal = ordinal;
    }

    static VectorEntry entry(String id, SegmentContent segment, int ordinal) {
        return new VectorEntry(
                id, vector(segment, ordinal), segment.text(ordinal).orElse(null), segment.metadata(ordinal));
    }

    /**
     * Returns the id.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    /**
     * Returns how near the entry is.
     *
     * @return the score, as {@link VectorSimilarity} says
     */
    public double score() {
        return score;
    }

    /**
     * Reads the vector.
     *
     * @return a copy
     */
    public float[] vector() {
        return vector(segment, ordinal);
    }

    /**
     * Reads the text.
     *
     * @return the text, if the entry has one
     */
    public Optional<String> text() {
        return segment.text(ordinal);
    }

    /**
     * Reads the metadata.
     *
     * @return a copy
     */
    public Metadata metadata() {
        return segment.metadata(ordinal).copy();
    }

    /**
     * Reads all of the entry.
     *
     * @return the entry
     */
    public VectorEntry entry() {
        return entry(id, segment, ordinal);
    }

    @Override
    public String toString() {
        return id + " " + score;
    }

    private static float[] vector(SegmentContent segment, int ordinal) {
        float[] row = new float[Rows.length(segment.dimension())];
        segment.readRows(ordinal, 1, row, 0);
        return Arrays.copyOf(row, segment.dimension());
    }
}
