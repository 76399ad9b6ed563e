package dev.llmlifecycle.retrieval.vector;

import java.util.Optional;
import java.util.function.Function;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.internal.Bits;
import dev.llmlifecycle.retrieval.vector.internal.SegmentContent;
import dev.llmlifecycle.retrieval.vector.internal.SegmentSearcher;
import org.jspecify.annotations.Nullable;

/** A segment as one snapshot sees it: its rows but for the deleted ones. */
final class LiveSegment {

    /** The number of a segment that is in no file yet. */
    static final long UNSEALED = -1;

    private final long number;
    private final SegmentContent content;
    private final SegmentSearcher searcher;
    private final Bits deleted;
    private final int size;
    /** Found when it is first asked for; twice does no harm. */
    private volatile @Nullable Bits live;

    /**
     * Joins a segment with its deletions.
     *
     * @param deleted as long as the segment
     */
    LiveSegment(long number, SegmentContent content, SegmentSearcher searcher, Bits deleted) {
        this.number = number;
        this.content = content;
        this.searcher = searcher;
        this.deleted = deleted;
        this.size = content.size() - deleted.cardinality();
    }

    LiveSegment withDeleted(Bits now) {
        return new LiveSegment(number, content, searcher, now);
    }

    long number() {
        return number;
    }

    boolean sealed() {
        return number != UNSEALED;
    }

    SegmentContent content() {
        return content;
    }

    SegmentSearcher searcher() {
        return searcher;
    }

    Bits deleted() {
        return deleted;
    }

    /** Returns how many rows are not deleted. */
    int size() {
        return size;
    }

    boolean isLive(int ordinal) {
        return !deleted.get(ordinal);
    }

    /** Returns the row of an id that is not deleted, or -1. */
    int ordinal(String id) {
        int ordinal = content.ordinal(id);
        return ordinal >= 0 && isLive(ordinal) ? ordinal : -1;
    }

    /** Returns the rows that are not deleted. */
    Bits live() {
        Bits known = live;
        if (known == null) {
            known = deleted.not();
            live = known;
        }
        return known;
    }

    /** Returns the live rows that a filter allows, or null when all rows are. */
    @Nullable Bits allowed(Optional<Filter> filter) {
        Function<Filter, Bits> matching = asked -> content.metadataIndex().matching(asked, live());
        return filter.map(matching).orElseGet(() -> deleted.cardinality() == 0 ? null : live());
    }
}
