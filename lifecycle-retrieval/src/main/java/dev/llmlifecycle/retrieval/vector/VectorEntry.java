package dev.llmlifecycle.retrieval.vector;

import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link VectorIndex} holds under an id: a vector, perhaps a text, and metadata.
 *
 * <p>Immutable: vectors and metadata are copied in and out.
 *
 * @since 0.1
 */
public final class VectorEntry {

    private final String id;
    private final float[] vector;
    private final @Nullable String text;
    private final Metadata metadata;

    VectorEntry(String id, float[] vector, @Nullable String text, Metadata metadata) {
        this.id = Objects.requireNonNull(id, "id");
        this.vector = vector.clone();
        this.text = text;
        this.metadata = metadata.copy();
        if (id.isBlank()) {
            throw new IllegalArgumentException("the id of a vector entry is blank; give each entry an id of its own");
        }
    }

    /**
     * Creates an entry of a vector alone.
     *
     * @param id the id, not blank
     * @param vector the vector; whether its numbers are of use is seen when it is added
     * @return the entry
     */
    public static VectorEntry of(String id, float[] vector) {
        return new VectorEntry(id, vector, null, new Metadata());
    }

    /**
     * Creates an entry with metadata.
     *
     * @param id the id, not blank
     * @param vector the vector
     * @param metadata what filters can ask for
     * @return the entry
     */
    public static VectorEntry of(String id, float[] vector, Metadata metadata) {
        return new VectorEntry(id, vector, null, metadata);
    }

    /**
     * Creates an entry with a text and its metadata.
     *
     * @param id the id, not blank
     * @param vector the vector
     * @param segment the text and metadata
     * @return the entry
     */
    public static VectorEntry of(String id, float[] vector, TextSegment segment) {
        return new VectorEntry(id, vector, segment.text(), segment.metadata());
    }

    /**
     * Returns the id.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    /**
     * Returns the vector.
     *
     * @return a copy; of an entry that comes from an index by cosine, with length one
     */
    public float[] vector() {
        return vector.clone();
    }

    /**
     * Returns the text.
     *
     * @return the text, if the entry has one
     */
    public Optional<String> text() {
        return Optional.ofNullable(text);
    }

    /**
     * Returns the metadata.
     *
     * @return a copy
     */
    public Metadata metadata() {
        return metadata.copy();
    }
}
