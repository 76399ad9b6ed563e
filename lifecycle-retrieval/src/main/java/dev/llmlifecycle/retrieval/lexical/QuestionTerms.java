package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a question that are in an index, the most informative ones where there are too many.
 *
 * @param terms what to search for, most informative first
 * @param dropped how many were left out
 */
record QuestionTerms(List<Weighted> terms, int dropped) {

    /** Of a question with more distinct terms than this, in all languages together, the rest is not looked at. */
    static final int MOST_READ = 4_096;

    /** So many are looked at in each language, however many there are. */
    private static final int READ_OF_EACH = 256;

    private static final Comparator<Weighted> MOST_INFORMATIVE_FIRST =
            Comparator.comparingDouble(Weighted::idf).reversed().thenComparing(Weighted::term);

    QuestionTerms {
        terms = List.copyOf(terms);
    }

    /**
     * A term of a question.
     *
     * @param term the term
     * @param times how often the question has it
     * @param states where the index has it
     * @param idf how rare it is among the documents of its language, as BM25 counts
     */
    record Weighted(Term term, int times, TermStates states, double idf) {}

    /**
     * Reads a question.
     *
     * @param fields the fields of the index
     * @param most how many terms are kept
     */
    static QuestionTerms of(String question, List<String> fields, Analyzer analyzer, IndexSearcher searcher, int most)
            throws IOException {
        List<Weighted> found = new ArrayList<>();
        int mostOfEach = Math.max(READ_OF_EACH, MOST_READ / Math.max(1, fields.size()));
        for (String field : fields) {
            @Nullable CollectionStatistics texts = searcher.collectionStatistics(field);
            if (texts == null) {
                // No text of that language has a word that counts.
                continue;
            }
            for (Map.Entry<BytesRef, Integer> counted :
                    counted(question, field, analyzer, mostOfEach).entrySet()) {
                Term term = new Term(field, counted.getKey());
                TermStates states = TermStates.build(searcher, term, true);
                if (states.docFreq() > 0) {
                    found.add(new Weighted(term, counted.getValue(), states, idf(states.docFreq(), texts.docCount())));
                }
            }
        }
        found.sort(MOST_INFORMATIVE_FIRST);
        List<Weighted> kept = found.subList(0, Math.min(most, found.size()));
        return new QuestionTerms(kept, found.size() - kept.size());
    }

    private static double idf(long documents, long of) {
        return Math.log(1 + (of - documents + 0.5) / (documents + 0.5));
    }

    private static Map<BytesRef, Integer> counted(String question, String field, Analyzer analyzer, int most)
            throws IOException {
        Map<BytesRef, Integer> times = new LinkedHashMap<>();
        try (TokenStream stream = analyzer.tokenStream(field, Analysis.composed(question))) {
            TermToBytesRefAttribute term = stream.addAttribute(TermToBytesRefAttribute.class);
            stream.reset();
            while (times.size() < most && stream.incrementToken()) {
                times.merge(BytesRef.deepCopyOf(term.getBytesRef()), 1, Integer::sum);
            }
            stream.end();
        }
        return times;
    }
}
