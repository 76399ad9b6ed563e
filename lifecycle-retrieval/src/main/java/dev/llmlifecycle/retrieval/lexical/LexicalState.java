package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.internal.Bits;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.util.SmallFloat;
import org.jspecify.annotations.Nullable;

/**
 * One state of a lexical index, which later changes do not touch.
 *
 * <p>Thread-safe. It holds files open until the last who acquired it has released it.
 */
final class LexicalState {

    /**
     * How questions become scores.
     *
     * @param k1 how fast the frequency of a term saturates
     * @param b how much long texts are held back
     * @param mostTerms how many terms of a question count
     */
    record Scoring(double k1, double b, int mostTerms) {}

    private static final Sort BEST_FIRST =
            new Sort(SortField.FIELD_SCORE, new SortField(StoredEntry.ID, SortField.Type.STRING));

    private final DirectoryReader reader;
    private final ContentHash content;
    private final Analysis analysis;
    private final Scoring scoring;
    private final BM25Similarity similarity;
    private final SegmentFilters filters;
    private final Clock clock;
    private final List<String> fields;

    LexicalState(
            DirectoryReader reader,
            ContentHash content,
            Analysis analysis,
            Scoring scoring,
            SegmentFilters filters,
            Clock clock) {
        this.reader = reader;
        this.content = content;
        this.analysis = analysis;
        this.scoring = scoring;
        this.similarity = new BM25Similarity((float) scoring.k1(), (float) scoring.b());
        this.filters = filters;
        this.clock = clock;
        this.fields = FieldInfos.getIndexedFields(reader).stream()
                .filter(Analysis::isField)
                .sorted()
                .toList();
    }

    /** Returns the state that a changed reader shows. */
    LexicalState with(DirectoryReader changed, ContentHash changedContent) {
        return new LexicalState(changed, changedContent, analysis, scoring, filters, clock);
    }

    /** Says whether the state can be read until {@link #release}; not when it was given up already. */
    boolean acquire() {
        return reader.tryIncRef();
    }

    void release() throws IOException {
        reader.decRef();
    }

    DirectoryReader reader() {
        return reader;
    }

    ContentHash content() {
        return content;
    }

    String id() {
        return content.hex();
    }

    int size() {
        return reader.numDocs();
    }

    LexicalSearchResult search(LexicalQuery query) throws IOException {
        Deadline deadline = new Deadline(query.deadline(), clock);
        deadline.require();
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(similarity);
        searcher.setQueryCache(null);
        QuestionTerms terms =
                QuestionTerms.of(query.text(), fields, analysis.analyzer(), searcher, scoring.mostTerms());
        deadline.require();
        if (terms.terms().isEmpty()) {
            return new LexicalSearchResult(List.of(), id(), 0, 0);
        }
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        terms.terms()
                .forEach(term -> any.add(
                        new BoostQuery(new TermQuery(term.term(), term.states()), term.times()),
                        BooleanClause.Occur.SHOULD));
        if (query.filter().isPresent()) {
            Map<Integer, Bits> allowed = filters.allowed(reader, query.filter().get(), deadline::require);
            any.add(new AllowedDocuments(allowed), BooleanClause.Occur.FILTER);
            any.setMinimumNumberShouldMatch(1);
        }
        if (query.deadline().isPresent()) {
            searcher.setTimeout(deadline::passed);
        }
        int most = Math.min(query.k(), Math.max(1, reader.maxDoc()));
        ScoreDoc[] found =
                searcher.search(any.build(), new TopFieldCollectorManager(BEST_FIRST, most, null, most)).scoreDocs;
        if (searcher.timedOut()) {
            throw deadline.exceeded();
        }
        List<LexicalMatch> matches = new ArrayList<>();
        for (ScoreDoc match : found) {
            LeafReaderContext leaf = leaf(match.doc);
            int document = match.doc - leaf.docBase;
            matches.add(new LexicalMatch(
                    StoredEntry.id(leaf.reader(), document),
                    (float) ((FieldDoc) match).fields[0],
                    StoredEntry.segment(leaf.reader(), document),
                    query.explain() ? explain(searcher, terms.terms(), leaf.reader(), document) : List.of()));
        }
        return new LexicalSearchResult(matches, id(), terms.terms().size(), terms.dropped());
    }

    private LeafReaderContext leaf(int document) {
        return reader.leaves().get(ReaderUtil.subIndex(document, reader.leaves()));
    }

    private List<TermScore> explain(
            IndexSearcher searcher, List<QuestionTerms.Weighted> terms, LeafReader leaf, int document)
            throws IOException {
        List<TermScore> scores = new ArrayList<>();
        for (QuestionTerms.Weighted weighted : terms) {
            PostingsEnum postings = leaf.postings(weighted.term(), PostingsEnum.FREQS);
            if (postings == null || postings.advance(document) != document) {
                continue;
            }
            String field = weighted.term().field();
            CollectionStatistics all = searcher.collectionStatistics(field);
            NumericDocValues norms = leaf.getNormValues(field);
            double length = norms.advanceExact(document) ? SmallFloat.byte4ToInt((byte) norms.longValue()) : 1;
            double averageLength = (double) all.sumTotalTermFreq() / all.docCount();
            double frequency = postings.freq();
            double norm = scoring.k1() * (1 - scoring.b() + scoring.b() * length / averageLength);
            scores.add(new TermScore(
                    weighted.term().text(),
                    Analysis.language(field),
                    weighted.idf(),
                    postings.freq(),
                    weighted.times() * weighted.idf() * frequency / (frequency + norm)));
        }
        scores.sort(Comparator.comparingDouble(TermScore::contribution)
                .reversed()
                .thenComparing(TermScore::term)
                .thenComparing(TermScore::language));
        return scores;
    }

    /** Returns an entry. */
    Optional<LexicalEntry> get(String id) throws IOException {
        Optional<Place> place = new Places().find(id);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LexicalEntry(
                id, StoredEntry.segment(place.get().leaf(), place.get().document())));
    }

    /** Returns the hashes of entries that are there, by their ids. */
    Map<String, ContentHash> hashes(Collection<String> ids) throws IOException {
        Map<String, ContentHash> hashes = new LinkedHashMap<>();
        Places places = new Places();
        for (String id : ids) {
            Optional<Place> place = places.find(id);
            if (place.isPresent()) {
                hashes.put(id, StoredEntry.hash(place.get().leaf(), place.get().document()));
            }
        }
        return hashes;
    }

    /** Returns the hashes of the entries that a filter allows, by their ids. */
    Map<String, ContentHash> hashes(Filter filter) throws IOException {
        Map<String, ContentHash> hashes = new LinkedHashMap<>();
        Map<Integer, Bits> allowed = filters.allowed(reader, filter, () -> {});
        for (LeafReaderContext context : reader.leaves()) {
            Bits bits = allowed.getOrDefault(context.ord, Bits.none(0));
            for (int document = bits.next(0); document >= 0; document = bits.next(document + 1)) {
                hashes.put(StoredEntry.id(context.reader(), document), StoredEntry.hash(context.reader(), document));
            }
        }
        return hashes;
    }

    /** Returns the ids of all entries, in no particular order. */
    List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>(size());
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            for (int document = 0; document < leaf.maxDoc(); document++) {
                if (leaf.getLiveDocs() == null || leaf.getLiveDocs().get(document)) {
                    ids.add(StoredEntry.id(leaf, document));
                }
            }
        }
        return ids;
    }

    /** Returns the words of all entries as they are written. */
    SpellingVocabulary vocabulary() throws IOException {
        SpellingVocabulary.Collector words = new SpellingVocabulary.Collector();
        for (LeafReaderContext context : reader.leaves()) {
            LeafReader leaf = context.reader();
            for (int document = 0; document < leaf.maxDoc(); document++) {
                if (leaf.getLiveDocs() == null || leaf.getLiveDocs().get(document)) {
                    words.accept(StoredEntry.segment(leaf, document).text());
                }
            }
        }
        return words.toVocabulary();
    }

    Document document(LexicalEntry entry, ContentHash hash) {
        return StoredEntry.document(entry, analysis.field(entry.segment()), hash);
    }

    @Override
    public String toString() {
        return size() + " entries, state " + id();
    }

    /** Where an entry is. */
    private record Place(LeafReader leaf, int document) {}

    /** Finds entries by their ids; for one thread. */
    private final class Places {

        private final Map<LeafReader, TermsEnum> ids = new HashMap<>();
        private @Nullable PostingsEnum postings;

        Optional<Place> find(String id) throws IOException {
            for (LeafReaderContext context : reader.leaves()) {
                LeafReader leaf = context.reader();
                TermsEnum terms = ids.get(leaf);
                if (terms == null) {
                    terms = leaf.terms(StoredEntry.ID).iterator();
                    ids.put(leaf, terms);
                }
                if (!terms.seekExact(StoredEntry.key(id))) {
                    continue;
                }
                postings = terms.postings(postings, PostingsEnum.NONE);
                int document = postings.nextDoc();
                while (document != DocIdSetIterator.NO_MORE_DOCS) {
                    if (leaf.getLiveDocs() == null || leaf.getLiveDocs().get(document)) {
                        return Optional.of(new Place(leaf, document));
                    }
                    document = postings.nextDoc();
                }
            }
            return Optional.empty();
        }
    }
}
