package dev.llmlifecycle.core.classify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;

/** Made-up requests of three kinds, and an embedding model that knows their words. */
final class Intents {

    private static final Map<String, List<String>> WORDS = new TreeMap<>(Map.of(
            "billing/refund", List.of("refund", "money", "back", "return", "reimburse", "repay", "credit", "broken"),
            "billing/invoice", List.of("invoice", "receipt", "bill", "tax", "address", "copy", "amount", "number"),
            "account", List.of("password", "login", "account", "e-mail", "delete", "sign", "reset", "name")));
    private static final List<String> FILLERS =
            List.of("please", "can", "you", "my", "the", "for", "I", "want", "need", "a", "about", "is", "order");

    private Intents() {}

    /** Returns texts of every kind by turns; one word in four is of another kind. */
    static List<LabelledText> texts(int perLabel, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<LabelledText> texts = new ArrayList<>();
        for (int i = 0; i < perLabel; i++) {
            for (String label : WORDS.keySet()) {
                texts.add(LabelledText.of(text(label, random), label));
            }
        }
        return texts;
    }

    private static String text(String label, SplittableRandom random) {
        List<String> labels = List.copyOf(WORDS.keySet());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            String kind = random.nextInt(4) == 0 ? labels.get(random.nextInt(labels.size())) : label;
            List<String> words = random.nextInt(2) == 0 ? FILLERS : WORDS.getOrDefault(kind, FILLERS);
            text.append(i == 0 ? "" : " ").append(words.get(random.nextInt(words.size())));
        }
        // Numbered, so that no two texts are the same.
        return text.append(" ").append(random.nextInt(1_000_000)).toString();
    }

    /** Adds up a vector of chance for each word. */
    static EmbeddingModel embeddings(int dimension) {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment -> Embedding.from(vector(segment.text(), dimension)))
                        .toList());
            }

            @Override
            public int dimension() {
                return dimension;
            }
        };
    }

    private static float[] vector(String text, int dimension) {
        float[] vector = new float[dimension];
        for (String word : NGrams.words(text)) {
            java.util.zip.CRC32 seed = new java.util.zip.CRC32();
            seed.update(word.getBytes(StandardCharsets.UTF_8));
            SplittableRandom random = new SplittableRandom(seed.getValue());
            for (int i = 0; i < dimension; i++) {
                vector[i] += (float) random.nextGaussian();
            }
        }
        vector[0] += 0.1f;
        return vector;
    }
}
