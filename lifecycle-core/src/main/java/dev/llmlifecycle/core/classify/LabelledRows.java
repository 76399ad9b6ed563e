package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Labelled texts, ready to learn from.
 *
 * @param rows the texts with their labels
 * @param texts what features are made of
 * @param labels every label, in their order
 * @param truths the positions of the labels of each row, ascending
 * @param multiLabel whether a text may have several labels
 */
record LabelledRows(List<LabelledText> rows, Texts texts, List<String> labels, List<int[]> truths, boolean multiLabel) {

    int size() {
        return rows.size();
    }

    int[] truth(int row) {
        return truths.get(row);
    }

    /** Returns what makes two texts the same: all but case and outer spaces. */
    String key(int row) {
        return key(rows.get(row).text());
    }

    static String key(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    List<Features> features(FeatureSpace space) {
        return IntStream.range(0, size())
                .mapToObj(row -> texts.features(row, space))
                .toList();
    }

    /** Returns some of the rows, with the labels of all. */
    LabelledRows subset(int[] kept) {
        List<LabelledText> rows = new ArrayList<>();
        List<float[]> embeddings = new ArrayList<>();
        List<NGrams.Counts> counts = new ArrayList<>();
        List<int[]> truths = new ArrayList<>();
        for (int row : kept) {
            rows.add(this.rows.get(row));
            truths.add(this.truths.get(row));
            if (texts.dimension() > 0) {
                embeddings.add(texts.embedding(row));
            }
            if (texts.buckets() > 0) {
                counts.add(texts.counts(row));
            }
        }
        return new LabelledRows(
                rows, new Texts(embeddings, counts, texts.dimension(), texts.buckets()), labels, truths, multiLabel);
    }
}
