package dev.llmlifecycle.samples.measure.groundedness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Sentences of our own with one thing changed, and true paraphrases. No rule was fitted on them. */
final class ChangedSentences {

    static final String PARAPHRASE = "paraphrase";

    private ChangedSentences() {}

    static List<Pair> all() {
        try (InputStream in = Objects.requireNonNull(
                ChangedSentences.class.getResourceAsStream("changed-sentences.tsv"), "changed-sentences.tsv")) {
            List<Pair> pairs = new ArrayList<>();
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split("\t", -1);
                pairs.add(new Pair(cells[0], cells[1], cells[2]));
            }
            return pairs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A sentence and what was made of it.
     *
     * @param kind what was changed
     * @param source the sentence of the passage
     * @param changed the sentence of the answer
     */
    record Pair(String kind, String source, String changed) {}
}
