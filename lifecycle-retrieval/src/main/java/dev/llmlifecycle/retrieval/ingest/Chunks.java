package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.MarkdownBlocks.Block;

/** Collects the chunks of a document, each with the place it comes from and the headings above it. */
final class Chunks {

    private final String text;
    private final Metadata metadata;
    private final HeadingPaths headings;
    private final List<TextSegment> chunks = new ArrayList<>();

    Chunks(Document document) {
        this(document, MarkdownBlocks.parse(document.text()));
    }

    Chunks(Document document, List<Block> blocks) {
        this.text = document.text();
        this.metadata = document.metadata();
        this.headings = new HeadingPaths(blocks);
    }

    /** Adds a piece of the document, unless it has no text. */
    void add(int start, int end) {
        add("", start, end);
    }

    /** Adds a piece of the document behind something that is repeated from elsewhere in it. */
    void add(String repeated, int start, int end) {
        add(repeated, start, end, new Metadata());
    }

    void add(String repeated, int start, int end, Metadata more) {
        String own = text.substring(start, end);
        if (!TextDecoder.hasText(own)) {
            return;
        }
        Metadata all = metadata.copy().put(Chunkers.START, start).put(Chunkers.END, end);
        if (!repeated.isEmpty()) {
            all.put(Chunkers.REPEATED, repeated.length());
        }
        headings.at(start).ifPresent(path -> all.put(Passage.HEADING, path));
        chunks.add(TextSegment.from(repeated + own, all.putAll(more.toMap())));
    }

    List<TextSegment> toList() {
        return List.copyOf(chunks);
    }
}
