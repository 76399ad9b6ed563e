package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * One item as it is written: its id, its vector as the index keeps it, its text if it has one, its metadata.
 *
 * <p>Immutable by agreement: the vector and the metadata are handed over, not copied, and nobody changes them.
 */
public final class VectorItem {

    private final String id;
    private final float[] vector;
    private final @Nullable String text;
    private final Metadata metadata;

    /**
     * Wraps an item.
     *
     * @param id the id, not blank
     * @param vector as many floats as the index has dimensions, not padded
     * @param text the text, if there is one
     * @param metadata the metadata, perhaps empty
     */
    public VectorItem(String id, float[] vector, @Nullable String text, Metadata metadata) {
        this.id = id;
        this.vector = vector;
        this.text = text;
        this.metadata = metadata;
    }

    /** Returns the id. */
    public String id() {
        return id;
    }

    /** Returns the vector itself, which is not to be changed. */
    public float[] vector() {
        return vector;
    }

    /** Returns the text. */
    public Optional<String> text() {
        return Optional.ofNullable(text);
    }

    /** Returns the metadata itself, which is not to be changed. */
    public Metadata metadata() {
        return metadata;
    }
}
