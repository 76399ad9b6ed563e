package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.internal.text.CitationMarks;

/** Checks the citations of an answer against the passages it was given. */
final class Citations {

    private Citations() {}

    /** Returns the citations of passages that exist, ordered by number. */
    static List<Citation> in(String answer, List<Passage> passages) {
        TreeMap<Integer, Citation> cited = new TreeMap<>();
        for (CitationMarks.Mark mark : CitationMarks.in(answer)) {
            if (exists(mark, passages)) {
                Passage passage = passages.get(mark.number() - 1);
                cited.put(mark.number(), new Citation(mark.number(), passage.id(), passage.source()));
            }
        }
        return List.copyOf(cited.values());
    }

    /** Returns a finding for each passage that is cited and does not exist, at its first citation. */
    static List<Finding> unknown(String answer, List<Passage> passages) {
        TreeMap<Integer, Finding> unknown = new TreeMap<>();
        for (CitationMarks.Mark mark : CitationMarks.in(answer)) {
            if (!exists(mark, passages)) {
                unknown.computeIfAbsent(
                        mark.number(),
                        number -> new Finding(
                                "citations",
                                "citation-unknown",
                                Finding.Severity.WARNING,
                                "The answer cites [" + number + "] but " + passages.size() + " passages were given",
                                Optional.of(mark.span())));
            }
        }
        return List.copyOf(unknown.values());
    }

    /** Blanks all but the texts of an answer in JSON, where {@code [1]} is a list and no citation. Spans stay right. */
    static String textsOf(String json) {
        char[] texts = json.toCharArray();
        boolean inText = false;
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] == '"') {
                inText = !inText;
            } else if (!inText) {
                texts[i] = ' ';
            } else if (texts[i] == '\\') {
                i++;
            }
        }
        return String.valueOf(texts);
    }

    private static boolean exists(CitationMarks.Mark mark, List<Passage> passages) {
        return mark.number() >= 1 && mark.number() <= passages.size();
    }
}
