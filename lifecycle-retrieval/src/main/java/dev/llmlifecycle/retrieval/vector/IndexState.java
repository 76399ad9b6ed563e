package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.retrieval.vector.internal.Bits;
import dev.llmlifecycle.retrieval.vector.internal.GrowingSegment;
import dev.llmlifecycle.retrieval.vector.internal.Manifest;
import dev.llmlifecycle.retrieval.vector.internal.SegmentContent;
import dev.llmlifecycle.retrieval.vector.internal.SegmentSearcher;
import dev.llmlifecycle.retrieval.vector.internal.VectorItem;
import dev.llmlifecycle.retrieval.vector.internal.VectorStorage;
import dev.llmlifecycle.retrieval.vector.internal.WriteBatch;
import org.jspecify.annotations.Nullable;

/**
 * The latest state of an index, as the thread that writes sees it.
 *
 * <p>There are sealed segments, frozen ones that wait to be sealed, and the one that grows. An id is live in one row of
 * all of them at most. Not thread-safe.
 */
final class IndexState {

    /** A log of this many times the rows of a full segment is cut short, whatever was in its batches. */
    private static final int CHANGES_FOR_EACH_ROW = 4;

    private final VectorSpace space;
    private final int limit;
    /** Sealed and frozen segments; those that no batch has touched since the last snapshot have no changes. */
    private final List<Entry> entries = new ArrayList<>();
    /** The frozen ones among them, oldest first. */
    private final Deque<Frozen> frozen = new ArrayDeque<>();

    private GrowingSegment growing;
    private BitSet growingDeleted = new BitSet();
    private long version;
    private long frozenVersion;
    private long publishedVersion;
    private long nextNumber;
    private long changes;

    private static final class Entry {

        private LiveSegment segment;
        private @Nullable BitSet changed;

        Entry(LiveSegment segment) {
            this.segment = segment;
        }

        boolean isLive(int ordinal) {
            return changed == null ? segment.isLive(ordinal) : !changed.get(ordinal);
        }

        void delete(int ordinal) {
            if (changed == null) {
                changed = segment.deleted().toBitSet();
            }
            changed.set(ordinal);
        }

        LiveSegment settled() {
            if (changed != null) {
                segment = segment.withDeleted(Bits.of(changed, segment.content().size()));
                changed = null;
            }
            return segment;
        }
    }

    /**
     * A segment that grows no more.
     *
     * @param content its rows
     * @param version the last batch with rows in it
     */
    record Frozen(SegmentContent content, long version) {}

    /**
     * Takes over what a storage has.
     *
     * @param limit rows from which on a growing segment is frozen
     */
    IndexState(VectorSpace space, int limit, VectorStorage.Recovery recovery) {
        this.space = space;
        this.limit = limit;
        this.growing = new GrowingSegment(space.dimension());
        this.version = recovery.manifest().version();
        this.frozenVersion = version;
        this.publishedVersion = version;
        this.nextNumber = recovery.nextNumber();
        for (int i = 0; i < recovery.segments().size(); i++) {
            Manifest.Segment named = recovery.manifest().segments().get(i);
            entries.add(new Entry(sealed(named.number(), recovery.segments().get(i), named.deleted())));
        }
    }

    LiveSegment sealed(long number, SegmentContent content, Bits deleted) {
        return new LiveSegment(number, content, SegmentSearcher.of(content, space.metric(), space.math()), deleted);
    }

    long version() {
        return version;
    }

    /** Returns a number that no segment has had. */
    long takeNumber() {
        return nextNumber++;
    }

    boolean contains(String id) {
        int row = growing.ordinal(id);
        if (row >= 0 && !growingDeleted.get(row)) {
            return true;
        }
        for (Entry entry : entries) {
            int ordinal = entry.segment.content().ordinal(id);
            if (ordinal >= 0 && entry.isLive(ordinal)) {
                return true;
            }
        }
        return false;
    }

    /** Does what a batch says; afterwards what was live under its ids is gone, but for its own items. */
    void apply(WriteBatch batch) {
        batch.removed().forEach(this::delete);
        for (VectorItem item : batch.upserts()) {
            delete(item.id());
        }
        growing.append(batch.upserts());
        version = batch.version();
        changes += batch.removed().size() + batch.upserts().size();
        if (growing.size() >= limit || changes >= (long) CHANGES_FOR_EACH_ROW * limit) {
            freeze();
        }
    }

    private void delete(String id) {
        int row = growing.ordinal(id);
        if (row >= 0) {
            growingDeleted.set(row);
        }
        for (Entry entry : entries) {
            int ordinal = entry.segment.content().ordinal(id);
            if (ordinal >= 0 && entry.isLive(ordinal)) {
                entry.delete(ordinal);
            }
        }
    }

    /** Lets what grows wait to be sealed, and begins anew. */
    void freeze() {
        if (growing.size() > 0) {
            LiveSegment segment = growingSegment();
            entries.add(new Entry(segment));
            frozen.add(new Frozen(segment.content(), version));
            growing = new GrowingSegment(space.dimension());
            growingDeleted = new BitSet();
        }
        frozenVersion = version;
        changes = 0;
    }

    private LiveSegment growingSegment() {
        GrowingSegment.View view = growing.view();
        return new LiveSegment(
                LiveSegment.UNSEALED,
                view,
                view.searcher(space.metric(), space.math()),
                Bits.of(growingDeleted, view.size()));
    }

    /** Returns all that is live now. */
    List<LiveSegment> segments() {
        List<LiveSegment> segments = new ArrayList<>();
        entries.forEach(entry -> segments.add(entry.settled()));
        if (growing.size() > 0) {
            segments.add(growingSegment());
        }
        return segments;
    }

    /** Forgets everything; the state counts as the next version. */
    void clear() {
        entries.clear();
        frozen.clear();
        growing = new GrowingSegment(space.dimension());
        growingDeleted = new BitSet();
        version++;
        frozenVersion = version;
        publishedVersion = version;
        changes = 0;
    }

    List<Frozen> frozen() {
        return List.copyOf(frozen);
    }

    /** Returns the segments that are in files already, or for an index in memory, are as if. */
    List<LiveSegment> sealed() {
        return entries.stream().map(Entry::settled).filter(LiveSegment::sealed).toList();
    }

    /** Returns the live view of a segment that is frozen or sealed, unless it is gone. */
    Optional<LiveSegment> find(SegmentContent content) {
        return entries.stream()
                .filter(entry -> entry.segment.content() == content)
                .map(Entry::settled)
                .findFirst();
    }

    /** Says whether the log has batches that a manifest could spare it. */
    boolean logCanBeCut() {
        return frozen.isEmpty() && frozenVersion > publishedVersion;
    }

    /**
     * Says what the manifest is when one segment takes the place of others.
     *
     * @param gone sealed segments and the oldest of the frozen ones
     */
    Manifest manifestAfter(List<LiveSegment> gone, Optional<LiveSegment> come) {
        Set<SegmentContent> contents = contents(gone);
        List<LiveSegment> now = new ArrayList<>();
        for (LiveSegment segment : sealed()) {
            if (!contents.contains(segment.content())) {
                now.add(segment);
            }
        }
        come.ifPresent(now::add);
        long reached = publishedVersion;
        boolean all = true;
        for (Frozen waiting : frozen) {
            if (!contents.contains(waiting.content())) {
                all = false;
                break;
            }
            reached = waiting.version();
        }
        return new Manifest(
                all ? frozenVersion : reached,
                now.stream()
                        .map(segment -> new Manifest.Segment(segment.number(), segment.deleted()))
                        .toList());
    }

    /** Lets one segment take the place of others, as the manifest says that was published. */
    void replace(List<LiveSegment> gone, Optional<LiveSegment> come, Manifest published) {
        Set<SegmentContent> contents = contents(gone);
        entries.removeIf(entry -> contents.contains(entry.segment.content()));
        frozen.removeIf(waiting -> contents.contains(waiting.content()));
        // Before those that are frozen still, so that the order is that of coming.
        come.ifPresent(segment -> entries.add(entries.size() - frozen.size(), new Entry(segment)));
        publishedVersion = published.version();
    }

    private static Set<SegmentContent> contents(List<LiveSegment> segments) {
        Set<SegmentContent> contents = new HashSet<>();
        segments.forEach(segment -> contents.add(segment.content()));
        return contents;
    }
}
