package dev.llmlifecycle.samples.measure.legal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.LifecycleException;

/**
 * Our own sentences that give advice, and others that look like it. The lexicon was tuned on one half; the other half,
 * which is reported, was written when the lexicon was finished.
 */
final class AdviceSentences {

    /** The topic of what is no advice. */
    static final String NONE = "none";

    private static final String FILE = "advice.tsv";
    private static final String REPORT = "report";
    private static final List<String> HALVES = List.of("tune", REPORT);

    private AdviceSentences() {}

    /** A sentence and the topic it gives advice on, or {@link #NONE}. */
    record Labelled(boolean isReported, String topic, String sentence) {

        boolean isAdvice() {
            return !topic.equals(NONE);
        }
    }

    static List<Labelled> read() {
        try (InputStream in = AdviceSentences.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new LifecycleException("Reading " + FILE + " found nothing; build the module again");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new LifecycleException("Reading " + FILE + " failed; build the module again", e);
        }
    }

    static List<Labelled> parse(String file) {
        List<Labelled> sentences = new ArrayList<>();
        List<String> lines = file.lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i);
            int first = line.indexOf('\t');
            int second = line.indexOf('\t', first + 1);
            String half = first < 1 ? "" : line.substring(0, first);
            if (second < 0 || second == line.length() - 1 || !HALVES.contains(half)) {
                throw new LifecycleException(FILE + ", line " + (i + 1) + " is not one of " + HALVES
                        + ", a tab, a topic, a tab and a sentence; correct it");
            }
            sentences.add(
                    new Labelled(half.equals(REPORT), line.substring(first + 1, second), line.substring(second + 1)));
        }
        return sentences;
    }
}
