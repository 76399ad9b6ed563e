package dev.llmlifecycle.retrieval.vector;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.Bits;
import dev.llmlifecycle.retrieval.vector.internal.NearestRows;
import dev.llmlifecycle.retrieval.vector.internal.SearchProgress;
import dev.llmlifecycle.retrieval.vector.internal.SegmentContent;
import dev.llmlifecycle.retrieval.vector.internal.SegmentSearcher;
import org.jspecify.annotations.Nullable;

/**
 * One state of a {@link VectorIndex}, which later changes do not touch.
 *
 * <p>Immutable and thread-safe. It can be kept and searched as long as one likes, also after the index is closed; it
 * keeps in memory, or in files, what the index has since dropped.
 *
 * @since 0.1
 */
public final class VectorSnapshot {

    private final long id;
    private final List<LiveSegment> segments;
    private final VectorSpace space;
    private final Clock clock;
    private final int width;
    private final int size;

    VectorSnapshot(long id, List<LiveSegment> segments, VectorSpace space, Clock clock, int width) {
        this.id = id;
        this.segments = List.copyOf(segments);
        this.space = space;
        this.clock = clock;
        this.width = width;
        this.size = segments.stream().mapToInt(LiveSegment::size).sum();
    }

    /**
     * Returns the id of this state, greater than those of all states before.
     *
     * @return the id; equal ids of one index have equal content
     */
    public long id() {
        return id;
    }

    /**
     * Returns how many entries there are.
     *
     * @return the number of entries
     */
    public int size() {
        return size;
    }

    /**
     * Returns an entry.
     *
     * @param id its id
     * @return the entry, if there is one
     */
    public Optional<VectorEntry> get(String id) {
        Objects.requireNonNull(id, "id");
        try {
            return settled(find(id));
        } catch (InternalError e) {
            throw unreadable(e);
        }
    }

    private Optional<VectorEntry> find(String id) {
        for (LiveSegment segment : segments) {
            int ordinal = segment.ordinal(id);
            if (ordinal >= 0) {
                return Optional.of(VectorMatch.entry(id, segment.content(), ordinal));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns a result after a call into the JVM, from which an error of a mapped file comes back at the latest:
     * compiled code goes on after the read that met it, and the error would reach the caller of the search or no one.
     */
    private <T> T settled(T result) {
        return Thread.holdsLock(this) ? Objects.requireNonNull(result, "result") : result;
    }

    /** Of a mapped file that was cut, the JVM says so some time after the read that met it, so no segment is named. */
    private static DamagedDataException unreadable(InternalError cause) {
        return new DamagedDataException(
                "a mapped file of the vector index",
                "a segment",
                "it cannot be read any more",
                "verify the index to see which, close it, see what cut the file or whether the disk fails,"
                        + " and restore a backup",
                cause);
    }

    /**
     * Reads all entries, in no particular order.
     *
     * @return the entries, read as the stream goes
     */
    public Stream<VectorEntry> entries() {
        return segments.stream()
                .flatMap(segment -> ordinals(segment.live())
                        .mapToObj(ordinal ->
                                VectorMatch.entry(segment.content().id(ordinal), segment.content(), ordinal)));
    }

    /**
     * Finds the nearest entries.
     *
     * @param query what to look for
     * @return the entries, nearest first
     * @throws IllegalArgumentException when the query's vector does not fit the index
     * @throws LifecycleException when the query's deadline passes
     */
    public VectorSearchResult search(VectorQuery query) {
        try {
            return settled(searchSegments(query));
        } catch (InternalError e) {
            throw unreadable(e);
        }
    }

    private VectorSearchResult searchSegments(VectorQuery query) {
        float[] vector = space.padded(query.vector());
        SearchProgress progress = new SearchProgress(query.deadline()
                .<Runnable>map(deadline -> () -> requireTime(deadline))
                .orElse(() -> {}));
        query.deadline().ifPresent(this::requireTime);
        int widest = Math.max(query.k(), query.width().orElse(width));
        List<NearestRows> found = new ArrayList<>(segments.size());
        List<SegmentContent> contents = new ArrayList<>(segments.size());
        long matching = 0;
        for (LiveSegment segment : segments) {
            @Nullable Bits allowed = segment.allowed(query.filter());
            int candidates = allowed == null ? segment.size() : allowed.cardinality();
            matching += candidates;
            if (candidates == 0) {
                continue;
            }
            SegmentContent content = segment.content();
            NearestRows nearest = new NearestRows(
                    Math.min(query.k(), candidates), (a, b) -> content.id(a).compareTo(content.id(b)));
            SegmentSearcher searcher = query.exact() && content.graph().isPresent()
                    ? SegmentSearcher.exact(content, space.metric(), space.math())
                    : segment.searcher();
            searcher.search(vector, widest, allowed, nearest, progress);
            nearest.sort();
            found.add(nearest);
            contents.add(content);
        }
        return new VectorSearchResult(
                merge(found, contents, query),
                id,
                new VectorSearchResult.Explanation(
                        progress.distances(),
                        progress.exactSegments(),
                        progress.graphSegments(),
                        query.filter().isEmpty() || size == 0
                                ? OptionalDouble.empty()
                                : OptionalDouble.of((double) matching / size)));
    }

    /**
     * Finds the nearest entries for several queries in this one state.
     *
     * @param queries what to look for
     * @return a result for each query, in their order
     */
    public List<VectorSearchResult> searchAll(List<VectorQuery> queries) {
        return queries.stream().map(this::search).toList();
    }

    List<LiveSegment> segments() {
        return segments;
    }

    /** Returns how many rows are in no sealed segment yet, and so compared one by one. */
    int waiting() {
        return segments.stream()
                .filter(segment -> !segment.sealed())
                .mapToInt(LiveSegment::size)
                .sum();
    }

    int width() {
        return width;
    }

    boolean hasGraph() {
        return segments.stream().anyMatch(segment -> segment.content().graph().isPresent());
    }

    VectorSnapshot withWidth(int other) {
        return new VectorSnapshot(id, segments, space, clock, other);
    }

    /** Returns the ids of all entries that a filter allows. */
    List<String> matchingIds(Optional<Filter> filter) {
        List<String> ids = new ArrayList<>();
        for (LiveSegment segment : segments) {
            Bits allowed = segment.allowed(filter);
            ordinals(allowed == null ? segment.live() : allowed)
                    .forEach(ordinal -> ids.add(segment.content().id(ordinal)));
        }
        return ids;
    }

    private void requireTime(Instant deadline) {
        if (!clock.instant().isBefore(deadline)) {
            throw new LifecycleException("Searching " + size + " vectors ran out of time: the deadline was " + deadline
                    + "; allow more time, or search less widely");
        }
    }

    private List<VectorMatch> merge(List<NearestRows> found, List<SegmentContent> contents, VectorQuery query) {
        List<VectorMatch> matches = new ArrayList<>();
        int[] heads = new int[found.size()];
        while (matches.size() < query.k()) {
            int best = -1;
            for (int i = 0; i < heads.length; i++) {
                if (heads[i] < found.get(i).size() && (best < 0 || ahead(found, contents, heads, i, best))) {
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            NearestRows rows = found.get(best);
            int head = heads[best]++;
            double score = space.similarity().score(rows.closeness(head));
            if (score < query.minScore()) {
                break;
            }
            SegmentContent content = contents.get(best);
            matches.add(new VectorMatch(content.id(rows.row(head)), score, content, rows.row(head)));
        }
        return matches;
    }

    private static boolean ahead(
            List<NearestRows> found, List<SegmentContent> contents, int[] heads, int one, int other) {
        float a = found.get(one).closeness(heads[one]);
        float b = found.get(other).closeness(heads[other]);
        return a > b
                || (a == b
                        && contents.get(one)
                                        .id(found.get(one).row(heads[one]))
                                        .compareTo(contents.get(other)
                                                .id(found.get(other).row(heads[other])))
                                < 0);
    }

    private static IntStream ordinals(Bits bits) {
        return IntStream.iterate(bits.next(0), ordinal -> ordinal >= 0, ordinal -> bits.next(ordinal + 1));
    }

    @Override
    public String toString() {
        return "VectorSnapshot[" + id + ", " + size + " entries in " + segments.size() + " segments]";
    }
}
