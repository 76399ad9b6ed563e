package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;
import java.util.function.Consumer;

/** Keeps nothing: an index in memory. */
public final class NoStorage implements VectorStorage {

    @Override
    public Recovery recover() {
        return new Recovery(Manifest.EMPTY, List.of(), 1);
    }

    @Override
    public void replay(Consumer<WriteBatch> batches) {}

    @Override
    public void log(WriteBatch batch) {}

    @Override
    public SegmentContent seal(long number, SegmentContent segment) {
        return segment;
    }

    @Override
    public void publish(Manifest manifest) {}

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
