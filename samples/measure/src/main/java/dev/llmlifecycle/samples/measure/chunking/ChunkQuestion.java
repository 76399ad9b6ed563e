package dev.llmlifecycle.samples.measure.chunking;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.samples.measure.data.DataRow;

/** A question about a corpus, with the pieces of it that answer the question, in tokens. */
record ChunkQuestion(String text, String corpus, List<TextSpan> relevant) {

    static final String CORPUS = "corpus_id";
    static final String QUESTION = "question";
    static final String REFERENCES = "references";

    static ChunkQuestion of(DataRow row, TokenizedText corpus) {
        List<TextSpan> relevant = new ArrayList<>();
        for (JsonNode reference : row.json().path(REFERENCES)) {
            // Offsets are in code points.
            int codePoints = corpus.text().codePointCount(0, corpus.text().length());
            int from = reference.path("start_index").asInt(-1);
            int to = reference.path("end_index").asInt(-1);
            if (from < 0 || to <= from || to > codePoints) {
                throw row.damaged("a reference from " + from + " to " + to + " is not in its corpus");
            }
            int start = corpus.text().offsetByCodePoints(0, from);
            int end = corpus.text().offsetByCodePoints(start, to - from);
            if (!corpus.text()
                    .substring(start, end)
                    .equals(reference.path("content").asText())) {
                throw row.damaged("the reference from " + from + " to " + to + " is not what its corpus has there");
            }
            relevant.add(corpus.tokensOf(start, end));
        }
        if (relevant.isEmpty()) {
            throw row.damaged("field '" + REFERENCES + "' is not a list with something in it");
        }
        return new ChunkQuestion(row.text(QUESTION), row.text(CORPUS), List.copyOf(relevant));
    }
}
