package dev.llmlifecycle.retrieval.lexical;

import java.util.Map;

import dev.llmlifecycle.retrieval.vector.internal.Bits;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/** The documents that a filter allows, known before the search begins. */
final class AllowedDocuments extends Query {

    /** By the number of each segment in the reader that is searched. */
    private final Map<Integer, Bits> allowed;

    AllowedDocuments(Map<Integer, Bits> allowed) {
        this.allowed = Map.copyOf(allowed);
    }

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) {
        return new ConstantScoreWeight(this, boost) {
            @Override
            public @Nullable Scorer scorer(LeafReaderContext context) {
                Bits bits = allowed.get(context.ord);
                if (bits == null) {
                    return null;
                }
                FixedBitSet set = new FixedBitSet(bits.toWords(), bits.length());
                return new ConstantScoreScorer(this, score(), scoreMode, new BitSetIterator(set, bits.cardinality()));
            }

            @Override
            public boolean isCacheable(LeafReaderContext context) {
                return false;
            }
        };
    }

    @Override
    public void visit(QueryVisitor visitor) {
        visitor.visitLeaf(this);
    }

    @Override
    public String toString(String field) {
        return "allowed";
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
