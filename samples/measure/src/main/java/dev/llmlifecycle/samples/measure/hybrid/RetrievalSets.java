package dev.llmlifecycle.samples.measure.hybrid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;

/** Reads the sets, by the names of their folders. */
final class RetrievalSets {

    private static final int CHUNK = 800;

    private RetrievalSets() {}

    /** Returns the readers of the sets, by name. */
    static Map<String, Function<Path, RetrievalSet>> all() {
        Map<String, Function<Path, RetrievalSet>> sets = new LinkedHashMap<>();
        sets.put("xquad/en", data -> xquad(data, Locale.ENGLISH));
        sets.put("xquad/de", data -> xquad(data, Locale.GERMAN));
        sets.put("pubmedqa", RetrievalSets::pubmedqa);
        sets.put("chunking_eval", RetrievalSets::chunkingEval);
        sets.put("mtrag_human_eval", RetrievalSets::mtrag);
        return sets;
    }

    /** The passage that a question was written for is relevant. */
    private static RetrievalSet xquad(Path data, Locale language) {
        DataFolder folder = DataFolder.of(data.resolve("xquad"));
        String prefix = language.getLanguage() + "-";
        Map<String, String> passages = new LinkedHashMap<>();
        for (DataRow row : folder.rows(List.of("_id", "title", "text"), List.of("doc_id"))) {
            if (row.text("_id").startsWith(prefix)) {
                passages.put(row.text("_id"), row.text("text"));
            }
        }
        List<RetrievalSet.Question> questions = new ArrayList<>();
        for (DataRow row : folder.rows("_id", "text", "answers", "doc_id")) {
            if (passages.containsKey(row.text("doc_id"))) {
                questions.add(
                        new RetrievalSet.Question(row.text("doc_id"), row.text("text"), Set.of(row.text("doc_id"))));
            }
        }
        return new RetrievalSet("xquad/" + language.getLanguage(), language, passages, questions);
    }

    /** The abstract that a question was asked about is relevant. */
    private static RetrievalSet pubmedqa(Path data) {
        Map<String, String> passages = new LinkedHashMap<>();
        List<RetrievalSet.Question> questions = new ArrayList<>();
        for (DataRow row : DataFolder.of(data.resolve("pubmedqa")).rows("pmid", "QUESTION", "CONTEXTS")) {
            List<String> parts = new ArrayList<>();
            row.json().path("CONTEXTS").forEach(part -> parts.add(part.asText()));
            String id = row.json().path("pmid").asText();
            passages.put(id, String.join("\n", parts));
            questions.add(new RetrievalSet.Question(id, row.text("QUESTION"), Set.of(id)));
        }
        return new RetrievalSet("pubmedqa", Locale.ENGLISH, passages, questions);
    }

    /** Of each reference, the chunk that has the most of it is relevant. */
    private static RetrievalSet chunkingEval(Path data) {
        Path path = data.resolve("chunking_eval");
        List<DataRow> rows = DataFolder.of(path).rows("question", "references", "corpus_id");
        Map<String, String> corpora = new TreeMap<>();
        Map<String, List<TextSegment>> chunks = new TreeMap<>();
        Map<String, String> passages = new LinkedHashMap<>();
        List<RetrievalSet.Question> questions = new ArrayList<>();
        for (DataRow row : rows) {
            String corpus = row.text("corpus_id");
            String text = corpora.computeIfAbsent(corpus, name -> corpus(path, name));
            List<TextSegment> pieces = chunks.computeIfAbsent(
                    corpus, name -> Chunkers.bySentences(CHUNK, 0).split(Document.from(text)));
            for (int i = 0; i < pieces.size(); i++) {
                passages.putIfAbsent(corpus + "#" + i, pieces.get(i).text());
            }
            Set<String> relevant = new TreeSet<>();
            for (JsonNode reference : row.json().path("references")) {
                int from = reference.path("start_index").asInt(-1);
                int to = reference.path("end_index").asInt(-1);
                if (from < 0 || to <= from || to > text.codePointCount(0, text.length())) {
                    throw row.damaged("a reference from " + from + " to " + to + " is not in its corpus");
                }
                // Offsets are in code points.
                int start = text.offsetByCodePoints(0, from);
                int end = text.offsetByCodePoints(start, to - from);
                relevant.add(corpus + "#" + mostOf(pieces, start, end));
            }
            questions.add(new RetrievalSet.Question("row " + row.line(), row.text("question"), Set.copyOf(relevant)));
        }
        return new RetrievalSet("chunking_eval", Locale.ENGLISH, passages, questions);
    }

    private static int mostOf(List<TextSegment> pieces, int start, int end) {
        int best = 0;
        int most = -1;
        for (int i = 0; i < pieces.size(); i++) {
            int common = Math.min(end, pieces.get(i).metadata().getInteger(Chunkers.END))
                    - Math.max(start, pieces.get(i).metadata().getInteger(Chunkers.START));
            if (common > most) {
                most = common;
                best = i;
            }
        }
        return best;
    }

    private static String corpus(Path folder, String name) {
        Path file = folder.resolve("corpora").resolve(name + ".md");
        if (!Files.isRegularFile(file)) {
            throw new MissingDataException("Reading " + folder + ": there is no text of the corpus '" + name
                    + "'; put corpora/" + name + ".md there");
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LifecycleException("Reading " + file + " failed; check that it can be read", e);
        }
    }

    /** The last turn is the question; the passages that its reference answer was written from are relevant. */
    private static RetrievalSet mtrag(Path data) {
        DataFolder folder = DataFolder.of(data.resolve("mtrag_human_eval"));
        Map<String, String> passages = new LinkedHashMap<>();
        for (DataRow row : folder.rows("document_id", "text")) {
            passages.put(row.text("document_id"), row.text("text"));
        }
        List<RetrievalSet.Question> questions = new ArrayList<>();
        for (DataRow row : folder.rows("task_id", "input", "contexts")) {
            Set<String> relevant = new TreeSet<>();
            row.json()
                    .path("contexts")
                    .forEach(context -> relevant.add(context.path("document_id").asText()));
            relevant.retainAll(passages.keySet());
            JsonNode turns = row.json().path("input");
            if (!relevant.isEmpty() && !turns.isEmpty()) {
                String task = row.text("task_id");
                int end = task.indexOf("<::>");
                questions.add(new RetrievalSet.Question(
                        end < 0 ? task : task.substring(0, end),
                        turns.get(turns.size() - 1).path("text").asText(),
                        Set.copyOf(relevant)));
            }
        }
        return new RetrievalSet("mtrag_human_eval", Locale.ENGLISH, passages, questions);
    }
}
