package dev.llmlifecycle.retrieval.vector.internal;

import dev.langchain4j.data.document.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What a row has besides its vector.
 *
 * @param id the id
 * @param text the text, if there is one
 * @param metadata the metadata, not to be changed
 */
public record Payload(String id, @Nullable String text, Metadata metadata) {

    /** Takes what an item has besides its vector. */
    static Payload of(VectorItem item) {
        return new Payload(item.id(), item.text().orElse(null), item.metadata());
    }

    /** Returns what filters see: nothing of an embedding without a segment, which no filter matches. */
    @Nullable Metadata filtered() {
        return text == null && metadata.toMap().isEmpty() ? null : metadata;
    }

    /** Reads the payload of a row. */
    public static Payload of(SegmentContent segment, int ordinal) {
        return new Payload(segment.id(ordinal), segment.text(ordinal).orElse(null), segment.metadata(ordinal));
    }
}
