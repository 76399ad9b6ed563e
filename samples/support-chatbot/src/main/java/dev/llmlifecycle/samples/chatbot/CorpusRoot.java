package dev.llmlifecycle.samples.chatbot;

import java.nio.file.Path;
import java.util.regex.Pattern;

import dev.langchain4j.data.document.Document;
import dev.llmlifecycle.api.retrieval.Passage;

/**
 * A folder of documents.
 *
 * @param prefix what stands before the paths of its files when they are cited
 * @param folder the folder
 * @param code whether fenced code belongs to the answers; the questions in the examples of a manual would pass for them
 */
record CorpusRoot(String prefix, Path folder, boolean code) {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```[ \\t]*$\\R?");

    /** Returns a document of this folder as it is searched and cited. */
    Document document(Document read) {
        String text = code ? read.text() : FENCED.matcher(read.text()).replaceAll("");
        String source = prefix + read.metadata().getString(Passage.SOURCE);
        return Document.from(text, read.metadata().copy().put(Passage.SOURCE, source));
    }
}
