package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.vector.internal.Encoder;
import dev.llmlifecycle.retrieval.vector.internal.Parents;

/**
 * One state of an index: passages in the order of their ids and what is needed to search them.
 *
 * <p>The content never changes; the graph joins when it is built.
 */
final class Snapshot {

    private static final int LEAST_CANDIDATES = 50;
    private static final int CANDIDATES_FOR_EACH_PASSAGE = 10;

    private final List<IndexedPassage> passages;
    private final List<float[]> vectors;
    private final TermOverlap terms;
    private final String id;
    private volatile Optional<VectorSearch> graph = Optional.empty();

    Snapshot(List<IndexedPassage> passages) {
        this.passages = passages.stream()
                .sorted(Comparator.comparing(IndexedPassage::id))
                .toList();
        this.vectors =
                this.passages.stream().map(passage -> passage.whole().vector()).toList();
        this.terms = new TermOverlap(this.passages.stream()
                .map(passage -> IndexedPassage.withContext(passage.segment()))
                .toList());
        this.id = contentHash(this.passages);
    }

    /** How the parts of a score weigh. */
    record Weights(double sentence, double lexical) {}

    List<IndexedPassage> passages() {
        return passages;
    }

    List<float[]> vectors() {
        return vectors;
    }

    String id() {
        return id;
    }

    int dimension() {
        return vectors.isEmpty() ? 0 : vectors.get(0).length;
    }

    void searchWith(VectorSearch built) {
        graph = Optional.of(built);
    }

    boolean hasGraph() {
        return graph.isPresent();
    }

    /** Returns the vectors of all texts by the hashes of the texts. */
    Map<Hash, EmbeddedText> embeddedTexts() {
        Map<Hash, EmbeddedText> texts = new HashMap<>();
        for (IndexedPassage passage : passages) {
            texts.put(passage.whole().key(), passage.whole());
            passage.sentences().forEach(sentence -> texts.put(sentence.key(), sentence));
        }
        return texts;
    }

    /** Returns the best passages: candidates by vector and by words, then scored by all parts. */
    List<Passage> best(
            String question,
            float[] vector,
            Optional<Filter> filter,
            int maximum,
            double minimumScore,
            Weights weights,
            boolean parents) {
        if (passages.isEmpty()) {
            return List.of();
        }
        int candidates = Math.max(LEAST_CANDIDATES, CANDIDATES_FOR_EACH_PASSAGE * maximum);
        IntPredicate allowed = filter.map(this::allowed).orElse(any -> true);
        VectorSearch search =
                graph.filter(built -> filter.isEmpty()).orElseGet(() -> new ExactSearch(vectors, allowed));
        SortedSet<Integer> positions = new TreeSet<>();
        for (int position : search.nearest(vector, candidates)) {
            positions.add(position);
        }
        float[] shares = weights.lexical() > 0 ? terms.shares(question) : new float[passages.size()];
        if (weights.lexical() > 0) {
            Nearest byWords = new Nearest(Math.min(candidates, passages.size()));
            for (int i = 0; i < shares.length; i++) {
                if (shares[i] > 0 && allowed.test(i)) {
                    byWords.offer(i, shares[i]);
                }
            }
            for (int position : byWords.toArray()) {
                positions.add(position);
            }
        }
        List<Passage> scored = new ArrayList<>();
        for (int position : positions) {
            double score = score(passages.get(position), vector, shares[position], weights);
            if (score >= minimumScore) {
                scored.add(passages.get(position).scored(score));
            }
        }
        scored.sort(Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id));
        return scored.stream()
                .map(passage -> parents ? Parents.of(passage) : passage)
                .filter(distinctIds())
                .limit(maximum)
                .toList();
    }

    /** Lets the first of several passages with one id through, which the children of a parent become. */
    private static Predicate<Passage> distinctIds() {
        Set<String> ids = new HashSet<>();
        return passage -> ids.add(passage.id());
    }

    private static double score(IndexedPassage passage, float[] vector, float share, Weights weights) {
        double sum = Vectors.dot(vector, passage.whole().vector());
        if (weights.sentence() > 0) {
            sum += weights.sentence() * passage.bestSentence(vector);
        }
        sum += weights.lexical() * share;
        return sum / (1 + weights.sentence() + weights.lexical());
    }

    private IntPredicate allowed(Filter filter) {
        BitSet allowed = new BitSet(passages.size());
        for (int i = 0; i < passages.size(); i++) {
            allowed.set(i, filter.test(passages.get(i).segment().metadata()));
        }
        return allowed::get;
    }

    private static String contentHash(List<IndexedPassage> passages) {
        Encoder hashes = new Encoder();
        for (IndexedPassage passage : passages) {
            Encoder content = new Encoder();
            content.string(passage.id())
                    .string(passage.segment().text())
                    .metadata(passage.segment().metadata());
            hashes.hash(Hash.ofBytes(content.toByteArray()));
        }
        return Hash.ofBytes(hashes.toByteArray()).hex();
    }
}
