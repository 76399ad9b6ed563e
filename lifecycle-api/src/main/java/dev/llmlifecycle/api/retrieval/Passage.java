package dev.llmlifecycle.api.retrieval;

import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.data.segment.TextSegment;

/**
 * A piece of a document that a retriever found, with its score.
 *
 * <p>Immutable as long as nobody changes the metadata of the segment.
 *
 * @param id stable within a corpus, never blank
 * @param segment the text with its metadata
 * @param score higher is better; comparable within one retrieval only
 * @since 0.1
 */
public record Passage(String id, TextSegment segment, double score) {

    /** Metadata key of the document a passage comes from: a relative path or an address. */
    public static final String SOURCE = "source";

    /** Metadata key of the document's title. */
    public static final String TITLE = "title";

    /** Metadata key of the headings above the passage, outermost first, joined by {@code " > "}. */
    public static final String HEADING = "heading";

    /** Checks the id and the score. */
    public Passage {
        if (Objects.requireNonNull(id, "id").isBlank()) {
            throw new IllegalArgumentException("the id of a passage is blank; give each passage a stable id");
        }
        Objects.requireNonNull(segment, "segment");
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException(
                    "the score of passage '" + id + "' must be finite but was " + score + "; check the vectors");
        }
    }

    /**
     * Returns the text.
     *
     * @return never blank
     */
    public String text() {
        return segment.text();
    }

    /**
     * Returns the document that the passage comes from.
     *
     * @return its path or address, or the passage's id where the metadata names none
     */
    public String source() {
        String source = segment.metadata().getString(SOURCE);
        return source == null ? id : source;
    }

    /**
     * Returns the title of the document.
     *
     * @return the title, if known
     */
    public Optional<String> title() {
        return Optional.ofNullable(segment.metadata().getString(TITLE));
    }

    /**
     * Returns the headings above the passage.
     *
     * @return the headings joined by {@code " > "}, if known
     */
    public Optional<String> heading() {
        return Optional.ofNullable(segment.metadata().getString(HEADING));
    }
}
