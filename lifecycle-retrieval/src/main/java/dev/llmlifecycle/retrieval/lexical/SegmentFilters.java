package dev.llmlifecycle.retrieval.lexical;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.internal.Bits;
import dev.llmlifecycle.retrieval.vector.internal.InvertedMetadataIndexing;
import dev.llmlifecycle.retrieval.vector.internal.MetadataIndex;
import dev.llmlifecycle.retrieval.vector.internal.MetadataIndexing;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.jspecify.annotations.Nullable;

/**
 * Answers filters with the metadata index of the vector index, so that both sides agree to the letter.
 *
 * <p>Lucene's segments do not change but for deletions, so one index each is made by the first filtered search, kept in
 * memory, and dropped with its segment. Thread-safe.
 */
final class SegmentFilters {

    private final MetadataIndexing indexing = new InvertedMetadataIndexing();
    private final Map<IndexReader.CacheKey, byte[]> indexes = new ConcurrentHashMap<>();

    /**
     * Finds the live documents that a filter allows.
     *
     * @param betweenSegments is run before each segment and may throw
     * @return for each segment with one of them, which
     */
    Map<Integer, Bits> allowed(IndexReader reader, Filter filter, Runnable betweenSegments) throws IOException {
        Map<Integer, Bits> allowed = new HashMap<>();
        try {
            for (LeafReaderContext context : reader.leaves()) {
                betweenSegments.run();
                LeafReader leaf = context.reader();
                Bits matching = index(leaf).matching(filter, live(leaf));
                if (!matching.isEmpty()) {
                    allowed.put(context.ord, matching);
                }
            }
        } catch (UncheckedIOException e) {
            throw new IOException("The metadata of a segment could not be read", e);
        }
        return allowed;
    }

    private MetadataIndex index(LeafReader leaf) throws IOException {
        return indexing.read(ByteBuffer.wrap(bytes(leaf)), leaf.maxDoc(), document -> metadata(leaf, document));
    }

    private byte[] bytes(LeafReader leaf) throws IOException {
        IndexReader.CacheHelper segment = leaf.getCoreCacheHelper();
        byte[] known = indexes.get(segment.getKey());
        if (known != null) {
            return known;
        }
        // Two searches at once may both make it: no lock is held while files are read.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        indexing.build(leaf.maxDoc(), document -> metadata(leaf, document)).writeTo(new DataOutputStream(bytes));
        byte[] made = bytes.toByteArray();
        if (indexes.putIfAbsent(segment.getKey(), made) == null) {
            segment.addClosedListener(indexes::remove);
        }
        return made;
    }

    private static Metadata metadata(LeafReader leaf, int document) {
        try {
            return StoredEntry.metadata(leaf, document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bits live(LeafReader leaf) {
        org.apache.lucene.util.@Nullable Bits live = leaf.getLiveDocs();
        Bits all = Bits.all(leaf.maxDoc());
        return live == null ? all : all.filter(live::get);
    }
}
