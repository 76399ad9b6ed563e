package dev.llmlifecycle.retrieval.vector.internal;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import org.jspecify.annotations.Nullable;

/** Puts the parent in the place of a child that was found. */
public final class Parents {

    private Parents() {}

    /**
     * Returns the parent with the score of the child.
     *
     * @param child what was found
     * @return the parent, or the passage itself when it has none
     */
    public static Passage of(Passage child) {
        Metadata metadata = child.segment().metadata();
        @Nullable String text = metadata.getString(Chunkers.PARENT_TEXT);
        @Nullable Integer start = metadata.getInteger(Chunkers.PARENT_START);
        @Nullable Integer end = metadata.getInteger(Chunkers.PARENT_END);
        if (text == null || start == null || end == null) {
            return child;
        }
        Metadata own = metadata.copy()
                .remove(Chunkers.PARENT_TEXT)
                .remove(Chunkers.PARENT_START)
                .remove(Chunkers.PARENT_END)
                .put(Chunkers.START, start)
                .put(Chunkers.END, end);
        if (text.length() > end - start) {
            own.put(Chunkers.REPEATED, text.length() - (end - start));
        }
        return new Passage(child.source() + "#" + start + "-" + end, TextSegment.from(text, own), child.score());
    }
}
