package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/**
 * The share of the question's words that a passage has, and that its best sentence has, each word weighing its inverse
 * document frequency among the passages as in BM25.
 */
final class WordOverlap {

    /** Of a longer question, the rest is not looked at. */
    private static final int MOST_WORDS = 256;

    private WordOverlap() {}

    static List<MixedScoreStage.Value> values(RetrievalRequest request, List<Passage> passages) {
        List<Set<String>> texts =
                passages.stream().map(passage -> Words.of(passage.text())).toList();
        Map<String, Double> weights = new LinkedHashMap<>();
        double total = 0;
        for (String word : Words.of(request.text())) {
            if (weights.size() == MOST_WORDS) {
                break;
            }
            long with = texts.stream().filter(words -> words.contains(word)).count();
            double weight = Math.log(1 + (texts.size() - with + 0.5) / (with + 0.5));
            weights.put(word, weight);
            total += weight;
        }
        List<MixedScoreStage.Value> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            double whole = share(weights, texts.get(i), total);
            double best = 0;
            for (Set<String> sentence : Words.ofSentences(passages.get(i).text())) {
                best = Math.max(best, share(weights, sentence, total));
            }
            values.add(new MixedScoreStage.Value(
                    (whole + best) / 2,
                    "words of the question in the passage " + Scaling.show(whole) + ", in its best sentence "
                            + Scaling.show(best)));
        }
        return values;
    }

    private static double share(Map<String, Double> weights, Set<String> words, double total) {
        if (total <= 0) {
            return 0;
        }
        double sum = 0;
        for (Map.Entry<String, Double> weight : weights.entrySet()) {
            sum += words.contains(weight.getKey()) ? weight.getValue() : 0;
        }
        return Math.min(1, sum / total);
    }
}
