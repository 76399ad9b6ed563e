package dev.llmlifecycle.retrieval.vector.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.NullMarked;

/** The simplest index over a storage: it does all that the seam allows. */
@NullMarked
final class SeamIndex implements AutoCloseable {

    private final VectorStorage storage;
    private final int dimension;
    private final MetadataIndexing indexing;
    private final List<Sealed> segments = new ArrayList<>();
    private final Map<String, VectorItem> recent = new LinkedHashMap<>();
    private long version;
    private long nextSegment = 1;
    private Optional<Sealing> sealing = Optional.empty();

    private record Sealed(long number, SegmentContent content, BitSet deleted) {}

    /** A segment that is being written beside later batches, which can remove rows of it. */
    private record Sealing(
            long version,
            long number,
            HeapSegment segment,
            BitSet deleted,
            CompletableFuture<SegmentContent> written) {}

    SeamIndex(VectorStorage storage, int dimension, MetadataIndexing indexing) {
        this.storage = storage;
        this.dimension = dimension;
        this.indexing = indexing;
        recover();
    }

    /** Takes over what is there; a reader may do so again. */
    void recover() {
        VectorStorage.Recovery recovery = storage.recover();
        segments.clear();
        recent.clear();
        sealing = Optional.empty();
        version = recovery.manifest().version();
        nextSegment = recovery.nextNumber();
        for (int i = 0; i < recovery.segments().size(); i++) {
            Manifest.Segment named = recovery.manifest().segments().get(i);
            segments.add(new Sealed(
                    named.number(), recovery.segments().get(i), named.deleted().toBitSet()));
        }
        storage.replay(this::apply);
    }

    long version() {
        return version;
    }

    void write(List<String> removed, List<VectorItem> upserts) {
        WriteBatch batch = new WriteBatch(version + 1, removed, upserts);
        storage.log(batch);
        apply(batch);
    }

    private void apply(WriteBatch batch) {
        batch.removed().forEach(this::remove);
        for (VectorItem item : batch.upserts()) {
            remove(item.id());
            recent.put(item.id(), item);
        }
        version = batch.version();
    }

    private void remove(String id) {
        recent.remove(id);
        segments.forEach(segment -> remove(id, segment.content(), segment.deleted()));
        sealing.ifPresent(begun -> remove(id, begun.segment(), begun.deleted()));
    }

    private static void remove(String id, SegmentContent content, BitSet deleted) {
        int ordinal = content.ordinal(id);
        if (ordinal >= 0) {
            deleted.set(ordinal);
        }
    }

    /** Seals what is in memory. */
    void seal() {
        beginSeal();
        endSeal();
    }

    /** Begins to write what is in memory as a segment; batches may follow. */
    void beginSeal() {
        endSeal();
        HeapSegment segment = segment(List.copyOf(recent.values()));
        long number = nextSegment++;
        sealing = Optional.of(new Sealing(
                version,
                number,
                segment,
                new BitSet(),
                CompletableFuture.supplyAsync(() -> storage.seal(number, segment), task -> new Thread(task).start())));
        recent.clear();
    }

    /** Ends what was begun; when it fails, all is in memory as before. */
    void endSeal() {
        if (sealing.isEmpty()) {
            return;
        }
        Sealing begun = sealing.get();
        List<Sealed> next = new ArrayList<>(segments);
        try {
            next.add(new Sealed(begun.number(), begun.written().join(), begun.deleted()));
            publish(begun.version(), next);
        } catch (RuntimeException e) {
            for (int i = 0; i < begun.segment().size(); i++) {
                if (!begun.deleted().get(i)) {
                    recent.put(begun.segment().id(i), Contents.item(begun.segment(), i));
                }
            }
            sealing = Optional.empty();
            if (e instanceof CompletionException && e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
        sealing = Optional.empty();
        segments.clear();
        segments.addAll(next);
    }

    /** Seals everything into one segment. */
    void merge() {
        endSeal();
        HeapSegment segment = segment(List.copyOf(items().values()));
        long number = nextSegment++;
        List<Sealed> next = List.of(new Sealed(number, storage.seal(number, segment), new BitSet()));
        publish(version, next);
        recent.clear();
        segments.clear();
        segments.addAll(next);
    }

    /** Removes everything, as a change without a batch. */
    void clear() {
        endSeal();
        version++;
        publish(version, List.of());
        recent.clear();
        segments.clear();
    }

    private HeapSegment segment(List<VectorItem> items) {
        Optional<GraphContent> graph = items.isEmpty() ? Optional.empty() : Optional.of(Contents.graph(items.size()));
        return new HeapSegment(dimension, items, graph, indexing);
    }

    private void publish(long upTo, List<Sealed> next) {
        storage.publish(new Manifest(
                upTo,
                next.stream()
                        .map(segment -> new Manifest.Segment(
                                segment.number(),
                                Bits.of(segment.deleted(), segment.content().size())))
                        .toList()));
    }

    void flush() {
        storage.flush();
    }

    /** Returns all live items by id, each read from where it is. */
    Map<String, VectorItem> items() {
        Map<String, VectorItem> items = new TreeMap<>(recent);
        segments.forEach(segment -> addTo(items, segment.content(), segment.deleted()));
        sealing.ifPresent(begun -> addTo(items, begun.segment(), begun.deleted()));
        return items;
    }

    private static void addTo(Map<String, VectorItem> items, SegmentContent segment, BitSet deleted) {
        for (int i = 0; i < segment.size(); i++) {
            if (!deleted.get(i)) {
                items.put(segment.id(i), Contents.item(segment, i));
            }
        }
    }

    List<SegmentContent> sealed() {
        return segments.stream().map(Sealed::content).toList();
    }

    @Override
    public void close() {
        sealing.ifPresent(
                begun -> begun.written().handle((segment, failure) -> true).join());
        storage.close();
    }
}
