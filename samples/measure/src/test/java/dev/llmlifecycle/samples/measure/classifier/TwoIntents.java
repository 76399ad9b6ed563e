package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import org.jspecify.annotations.NullMarked;

/** Small sets of the shape of CLINC150 and BANKING77, with two intents, and a model that tells them by a word. */
@NullMarked
final class TwoIntents {

    private TwoIntents() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("clinc150"));
        Files.createDirectories(folder.resolve("banking77"));
        StringBuilder clinc = new StringBuilder();
        StringBuilder banking = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            for (String intent : List.of("pay", "card")) {
                String split = i % 4 == 3 ? "val" : "train";
                clinc.append(String.format(
                        Locale.ROOT,
                        "{\"text\":\"%s number %d\",\"intent\":\"%s\",\"split\":\"%s\"}%n",
                        intent,
                        i,
                        intent,
                        split));
                banking.append(
                        String.format(Locale.ROOT, "{\"text\":\"%s %d\",\"category\":\"%s\"}%n", intent, i, intent));
            }
            clinc.append(String.format(
                    Locale.ROOT, "{\"text\":\"planet %d\",\"intent\":\"oos\",\"split\":\"oos_val\"}%n", i));
        }
        Files.writeString(folder.resolve("clinc150/all.jsonl"), clinc);
        Files.writeString(folder.resolve("banking77/train.jsonl"), banking);
    }

    static EmbeddingModel model() {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment -> Embedding.from(new float[] {
                            segment.text().contains("pay") ? 1 : 0,
                            segment.text().contains("card") ? 1 : 0,
                            segment.text().contains("planet") ? 1 : 0,
                            0.1f
                        }))
                        .toList());
            }

            @Override
            public int dimension() {
                return 4;
            }
        };
    }
}
