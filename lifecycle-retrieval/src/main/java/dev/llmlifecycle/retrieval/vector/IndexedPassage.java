package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.Objects;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;

/** A passage with its vector and those of its sentences. */
record IndexedPassage(String id, TextSegment segment, EmbeddedText whole, List<EmbeddedText> sentences) {

    IndexedPassage {
        sentences = List.copyOf(sentences);
    }

    /** Returns what is embedded for a passage: where it stands, and its text. */
    static String withContext(TextSegment segment) {
        String context = context(segment);
        return context.isEmpty() ? segment.text() : context + "\n" + segment.text();
    }

    private static String context(TextSegment segment) {
        String title = Objects.requireNonNullElse(segment.metadata().getString(Passage.TITLE), "");
        String heading = Objects.requireNonNullElse(segment.metadata().getString(Passage.HEADING), "");
        if (heading.isEmpty() || heading.startsWith(title)) {
            return heading.isEmpty() ? title : heading;
        }
        return title + " > " + heading;
    }

    float bestSentence(float[] question) {
        float best = 0;
        for (EmbeddedText sentence : sentences) {
            best = Math.max(best, Vectors.dot(question, sentence.vector()));
        }
        return best;
    }

    /** Returns the passage for a caller, with metadata of its own, since LangChain4j's can be changed. */
    Passage scored(double score) {
        return new Passage(
                id, TextSegment.from(segment.text(), segment.metadata().copy()), score);
    }
}
