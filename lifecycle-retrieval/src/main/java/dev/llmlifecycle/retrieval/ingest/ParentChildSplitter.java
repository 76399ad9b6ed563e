package dev.llmlifecycle.retrieval.ingest;

import java.util.List;
import java.util.Objects;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import org.jspecify.annotations.Nullable;

/** Splits a document into parents and each parent into the children that are embedded. */
final class ParentChildSplitter implements DocumentSplitter {

    private final DocumentSplitter parents;
    private final DocumentSplitter children;

    ParentChildSplitter(DocumentSplitter parents, DocumentSplitter children) {
        this.parents = Objects.requireNonNull(parents, "parents");
        this.children = Objects.requireNonNull(children, "children");
    }

    @Override
    public List<TextSegment> split(Document document) {
        Chunks chunks = new Chunks(document);
        for (TextSegment parent : parents.split(document)) {
            int start = offset(parent, Chunkers.START);
            int end = offset(parent, Chunkers.END);
            Metadata family = new Metadata()
                    .put(Chunkers.PARENT_START, start)
                    .put(Chunkers.PARENT_END, end)
                    .put(Chunkers.PARENT_TEXT, parent.text());
            for (TextSegment child :
                    children.split(Document.from(document.text().substring(start, end)))) {
                chunks.add("", start + offset(child, Chunkers.START), start + offset(child, Chunkers.END), family);
            }
        }
        return chunks.toList();
    }

    private static int offset(TextSegment segment, String key) {
        @Nullable Integer offset = segment.metadata().getInteger(key);
        if (offset == null) {
            throw new IllegalArgumentException("a splitter of parents or children gave a segment without metadata '"
                    + key + "'; use the splitters of Chunkers");
        }
        return offset;
    }
}
