package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where an index is kept: a log of batches, sealed segments and a manifest.
 *
 * <p>The index calls {@link #recover} first, then {@link #replay}, each once. Afterwards {@link #log}, {@link #publish}
 * and {@link #flush} come from one thread at a time; {@link #seal} comes from a background thread beside them. What
 * cannot be written throws {@link dev.llmlifecycle.api.LifecycleException}, and the index does as if it had not been
 * tried.
 */
public interface VectorStorage extends AutoCloseable {

    /** Opens what is there. */
    Recovery recover();

    /** Hands over the batches after the manifest's version, in their order. */
    void replay(Consumer<WriteBatch> batches);

    /** Appends a batch; when this returns, the batch is as durable as the policy says. */
    void log(WriteBatch batch);

    /** Appends batches in their order, all or none, and forces them together. */
    default void log(List<WriteBatch> batches) {
        batches.forEach(this::log);
    }

    /**
     * Writes a segment and forces it; it counts from the manifest on that names it.
     *
     * @param number one that no segment of any manifest has had
     * @param segment on the heap
     * @return the same segment as it is to be searched from now on, for a file the mapped one
     */
    SegmentContent seal(long number, SegmentContent segment);

    /**
     * Replaces the manifest atomically; afterwards batches up to its version and segments it does not name can go.
     *
     * <p>The log is forced first, since deletions in the manifest can come from its last batches. The version can be
     * one more than that of the last batch: all was removed, and there is no batch for that.
     */
    void publish(Manifest manifest);

    /** Forces all that was logged. */
    void flush();

    /** Forces all that was logged and frees files and locks; segments handed out stay readable. */
    @Override
    void close();

    /**
     * What was there.
     *
     * @param manifest the manifest, or {@link Manifest#EMPTY}
     * @param segments the manifest's segments, in its order
     * @param nextNumber a number that no segment of any manifest has had, nor any higher one
     */
    record Recovery(Manifest manifest, List<SegmentContent> segments, long nextNumber) {

        /** Copies the list. */
        public Recovery {
            segments = List.copyOf(segments);
        }
    }
}
