package com.example.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions that name a thing exactly: entries of a catalogue are much alike but for one word. */
class SparePartsTest {

    private static final List<String> NAMES = List.of("seal", "valve", "filter", "brew group", "water tank", "grinder");

    @TempDir
    Path directory;

    @Test
    void findsByWordsWhatVectorsMiss() {
        EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
        List<Part> parts = parts(60);
        List<Document> catalogue = parts.stream()
                .map(part -> Document.from(part.entry(), Metadata.from("source", part.number())))
                .toList();

        Assistant byVectors = VectorAssistant.create(new ReadingModel(), embeddings, catalogue);
        int before = right(parts, byVectors::answer);
        int after;
        try (HybridAssistant hybrid = new HybridAssistant(new ReadingModel(), embeddings, catalogue, directory)) {
            after = right(parts, hybrid::answer);
        }

        System.out.println("of 60 parts, " + before + " are found by vectors, " + after + " by vectors and words");
        assertTrue(before < after, before + " by vectors, " + after + " by vectors and words");
        assertEquals(60, after);
    }

    private static int right(List<Part> parts, UnaryOperator<String> assistant) {
        return (int) parts.stream()
                .filter(part -> assistant
                        .apply("What does spare part " + part.number() + " cost?")
                        .contains(part.entry()))
                .count();
    }

    private static List<Part> parts(int count) {
        SplittableRandom random = new SplittableRandom(1);
        return IntStream.range(0, count)
                .mapToObj(i -> new Part(
                        "TL-" + (4000 + 7 * i) + "-" + (char) ('A' + random.nextInt(6)),
                        NAMES.get(random.nextInt(NAMES.size())),
                        random.nextInt(5, 90)))
                .toList();
    }

    private record Part(String number, String name, int price) {

        String entry() {
            return "Spare part " + number + ", a " + name + " for all our coffee machines, costs " + price + " euros.";
        }
    }
}
