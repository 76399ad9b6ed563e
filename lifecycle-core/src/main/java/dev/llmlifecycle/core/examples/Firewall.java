package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

import dev.llmlifecycle.api.data.Example;
import org.jspecify.annotations.Nullable;

/** Compares examples with an evaluation set and with the question asked. */
final class Firewall {

    static final int SHINGLE = 5;

    private final LeakageGuard guard;
    private final List<Example> rows;
    private final Map<String, Integer> byText = new HashMap<>();
    private final NearTexts near;
    private final Vectors vectors;

    /**
     * Prepares an evaluation set.
     *
     * @param guard what is guarded
     * @param embeddings embeds the set, if meanings are compared
     */
    Firewall(LeakageGuard guard, @Nullable TextEmbeddings embeddings) {
        this.guard = guard;
        this.rows = guard.evaluation().examples();
        List<Terms> shingles = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            String normal = Terms.normal(rows.get(i).input());
            byText.putIfAbsent(normal, i);
            shingles.add(Terms.grams(normal, SHINGLE));
        }
        this.near = new NearTexts(shingles, guard.textSimilarity());
        if (embeddings != null && guard.meaningSimilarity().isPresent() && !rows.isEmpty()) {
            List<float[]> embedded =
                    embeddings.embed(rows.stream().map(Example::input).toList());
            this.vectors = new Vectors(rows.size(), embedded.get(0).length);
            for (int i = 0; i < rows.size(); i++) {
                vectors.put(i, embedded.get(i));
            }
        } else {
            this.vectors = Vectors.NONE;
        }
    }

    /** Tells which row of the set an example gives away, if it does. */
    Optional<Leak> leak(String normal, Terms shingles, float @Nullable [] vector) {
        Integer equal = byText.get(normal);
        if (equal != null) {
            return Optional.of(new Leak(Leak.Kind.EQUAL, 1, rows.get(equal).id()));
        }
        OptionalInt nearest = near.near(shingles);
        if (nearest.isPresent()) {
            double jaccard = shingles.jaccard(
                    Terms.grams(Terms.normal(rows.get(nearest.getAsInt()).input()), SHINGLE));
            return Optional.of(new Leak(
                    Leak.Kind.NEARLY_EQUAL,
                    jaccard,
                    rows.get(nearest.getAsInt()).id()));
        }
        if (vector != null && vectors.dimension() > 0) {
            for (int row = 0; row < rows.size(); row++) {
                float cosine = vectors.cosine(row, vector);
                if (cosine >= guard.meaningSimilarity().orElse(2)) {
                    return Optional.of(new Leak(
                            Leak.Kind.SAME_MEANING,
                            Math.min(1, cosine),
                            rows.get(row).id()));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Tells which examples give the question away.
     *
     * @param question the question
     * @param pool the pool
     * @param cosines of its rows with the question, or none
     * @return leaks by row
     */
    Map<Integer, Leak> leaks(String question, PoolState pool, float @Nullable [] cosines) {
        Map<Integer, Leak> leaks = new TreeMap<>();
        if (!guard.questions() || question.isBlank()) {
            return leaks;
        }
        String normal = Terms.normal(question);
        Terms shingles = Terms.grams(normal, SHINGLE);
        for (int row = 0; row < pool.size(); row++) {
            PoolRow each = pool.at(row);
            if (each.leak().isPresent()) {
                continue;
            }
            if (each.normal().equals(normal)) {
                leaks.put(row, new Leak(Leak.Kind.EQUAL, 1, Leak.QUESTION));
                continue;
            }
            if (shingles.mayReach(guard.textSimilarity(), each.shingles())) {
                double jaccard = shingles.jaccard(each.shingles());
                if (jaccard >= guard.textSimilarity()) {
                    leaks.put(row, new Leak(Leak.Kind.NEARLY_EQUAL, jaccard, Leak.QUESTION));
                    continue;
                }
            }
            if (cosines != null && cosines[row] >= guard.meaningSimilarity().orElse(2)) {
                leaks.put(row, new Leak(Leak.Kind.SAME_MEANING, Math.min(1, cosines[row]), Leak.QUESTION));
            }
        }
        return leaks;
    }
}
