package dev.llmlifecycle.eval.metric;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;

/**
 * How near the meanings of two texts lie, as an embedding model sees them: the cosine {@code a·b / (|a| |b|)} of their
 * vectors, 0 where it is negative (G. Salton, A. Wong and C. S. Yang, "A Vector Space Model for Automatic Indexing",
 * Communications of the ACM 18, 1975; for sentence embeddings N. Reimers and I. Gurevych, "Sentence-BERT", EMNLP 2019).
 *
 * <p>What is high depends on the model: try a threshold on rows that you do not report on. Two blank texts are alike, a
 * blank one is not like another.
 *
 * <p>Thread-safe when the model is. Vectors are kept, the most recently used ones up to a limit, so that an expected
 * output is embedded once for all arms and repeats; {@link #prepare} embeds many texts in few calls. No lock is held
 * while the model runs.
 *
 * @since 0.1
 */
public final class EmbeddingSimilarity implements TextScore {

    private static final int KEPT = 10_000;
    private static final int BATCH = 64;

    private final EmbeddingModel model;
    private final int kept;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, float[]> vectors = new LinkedHashMap<>(16, 0.75f, true);

    private EmbeddingSimilarity(EmbeddingModel model, int kept) {
        this.model = Objects.requireNonNull(model, "model");
        if (kept < 1) {
            throw new IllegalArgumentException(
                    "an embedding similarity must keep at least 1 vector but was told " + kept + "; 10000 is usual");
        }
        this.kept = kept;
    }

    /**
     * Creates a score that keeps up to 10,000 vectors.
     *
     * @param model any embedding model
     * @return the score
     */
    public static EmbeddingSimilarity of(EmbeddingModel model) {
        return new EmbeddingSimilarity(model, KEPT);
    }

    /**
     * Creates a score that keeps so many vectors.
     *
     * @param model any embedding model
     * @param kept the most vectors to keep, at least 1
     * @return the score
     */
    public static EmbeddingSimilarity of(EmbeddingModel model, int kept) {
        return new EmbeddingSimilarity(model, kept);
    }

    /**
     * Embeds texts that will be scored, {@value #BATCH} at a call, as far as their vectors are not kept already.
     *
     * @param texts such as all expected outputs and answers; more than are kept push the first ones out
     */
    public void prepare(Collection<String> texts) {
        vectors(List.copyOf(texts));
    }

    @Override
    public double score(String expected, String actual) {
        if (expected.isBlank() || actual.isBlank()) {
            return expected.isBlank() && actual.isBlank() ? 1 : 0;
        }
        Map<String, float[]> both = vectors(List.of(expected, actual));
        return cosine(vector(both, expected), vector(both, actual));
    }

    private static float[] vector(Map<String, float[]> found, String text) {
        return Objects.requireNonNull(found.get(text), "vector");
    }

    private Map<String, float[]> vectors(List<String> texts) {
        Map<String, float[]> found = new LinkedHashMap<>();
        Set<String> absent = new LinkedHashSet<>();
        lock.lock();
        try {
            for (String text : texts) {
                float[] vector = vectors.get(text);
                if (vector != null) {
                    found.put(text, vector);
                } else if (!text.isBlank()) {
                    absent.add(text);
                }
            }
        } finally {
            lock.unlock();
        }
        List<String> missing = List.copyOf(absent);
        for (int start = 0; start < missing.size(); start += BATCH) {
            embed(missing.subList(start, Math.min(start + BATCH, missing.size())), found);
        }
        return found;
    }

    private void embed(List<String> texts, Map<String, float[]> found) {
        List<Embedding> embeddings =
                model.embedAll(texts.stream().map(TextSegment::from).toList()).content();
        if (embeddings.size() != texts.size()) {
            throw new LifecycleException("Embedding " + texts.size() + " texts gave " + embeddings.size()
                    + " vectors; check the embedding model");
        }
        lock.lock();
        try {
            for (int i = 0; i < texts.size(); i++) {
                float[] vector = embeddings.get(i).vector();
                found.put(texts.get(i), vector);
                vectors.put(texts.get(i), vector);
            }
            while (vectors.size() > kept) {
                vectors.remove(vectors.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    private static double cosine(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new LifecycleException("Comparing two texts got vectors of " + a.length + " and " + b.length
                    + " numbers; use an embedding model with one dimension");
        }
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        double cosine = product / Math.sqrt(squaresA) / Math.sqrt(squaresB);
        if (Double.isNaN(cosine)) {
            throw new LifecycleException(
                    "Comparing two texts got a vector of nothing but zeros, or of no numbers; check "
                            + "the embedding model");
        }
        return Math.max(0, Math.min(1, cosine));
    }
}
