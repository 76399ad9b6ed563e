package dev.llmlifecycle.samples.measure.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.retrieval.cache.SemanticAnswerCache;
import dev.llmlifecycle.samples.measure.data.DataRow;

/**
 * Questions that come one after the other and whose right answer is known: that of their intent.
 *
 * @param questions in the order in which they come
 * @param answers the right answer to each
 */
record QuestionStream(List<String> questions, List<String> answers) {

    /**
     * What came of it.
     *
     * @param lookups how many were asked
     * @param hits how many got a kept answer
     * @param wrong how many of those were wrong
     */
    record Outcome(long lookups, long hits, long wrong) {}

    static QuestionStream of(List<DataRow> rows, String field, int most, long seed) {
        List<DataRow> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        List<DataRow> taken = shuffled.subList(0, Math.min(most, shuffled.size()));
        return new QuestionStream(
                taken.stream().map(row -> row.text("text")).toList(),
                taken.stream().map(row -> row.text(field)).toList());
    }

    /** Asks a cache that learns, and a model that always answers rightly where it has nothing. */
    Outcome learn(EmbeddingModel model, double errorRate) {
        long hits = 0;
        long wrong = 0;
        Hash same = Hash.ofUtf8("");
        try (SemanticAnswerCache cache = SemanticAnswerCache.builder(model, text -> false)
                .errorRate(errorRate)
                .listLimit(questions.size())
                .build()) {
            for (int i = 0; i < questions.size(); i++) {
                AnswerCache.Request request = new AnswerCache.Request(
                        new AnswerCache.Key(questions.get(i), same, "", same, Optional.empty()),
                        Integer.toString(i),
                        Optional.empty());
                Optional<String> answer = cache.find(request).answer();
                if (answer.isEmpty()) {
                    cache.put(request, new AnswerCache.Kept(answers.get(i), List.of()));
                } else {
                    hits++;
                    wrong += answer.get().equals(answers.get(i)) ? 0 : 1;
                }
            }
        }
        return new Outcome(questions.size(), hits, wrong);
    }

    /** Asks a cache with a threshold for all entries, which keeps what it has no answer for. */
    Outcome fixed(List<float[]> unitVectors, double threshold) {
        long hits = 0;
        long wrong = 0;
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            int nearest = -1;
            double best = threshold;
            for (int j : kept) {
                double similarity = dot(unitVectors.get(i), unitVectors.get(j));
                nearest = similarity >= best ? j : nearest;
                best = Math.max(best, similarity);
            }
            if (nearest < 0) {
                kept.add(i);
            } else {
                hits++;
                wrong += answers.get(nearest).equals(answers.get(i)) ? 0 : 1;
            }
        }
        return new Outcome(questions.size(), hits, wrong);
    }

    private static float dot(float[] one, float[] other) {
        float even = 0;
        float odd = 0;
        int i = 0;
        for (; i + 1 < one.length; i += 2) {
            even += one[i] * other[i];
            odd += one[i + 1] * other[i + 1];
        }
        return i < one.length ? even + odd + one[i] * other[i] : even + odd;
    }
}
