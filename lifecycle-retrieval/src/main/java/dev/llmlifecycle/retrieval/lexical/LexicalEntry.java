package dev.llmlifecycle.retrieval.lexical;

import java.util.Objects;

import dev.langchain4j.data.segment.TextSegment;

/**
 * What a {@link LexicalIndex} holds under an id: a text with metadata.
 *
 * <p>Immutable as long as nobody changes the metadata of the segment; an index copies it.
 *
 * @param id the id, not blank, at most {@value #LONGEST_ID} characters
 * @param segment the text whose words are found, and the metadata that filters can ask for
 * @since 0.1
 */
public record LexicalEntry(String id, TextSegment segment) {

    /** How many characters an id can have. */
    public static final int LONGEST_ID = 16_000;

    /** Checks the id. */
    public LexicalEntry {
        if (Objects.requireNonNull(id, "id").isBlank()) {
            throw new IllegalArgumentException("the id of a lexical entry is blank; give each entry an id of its own");
        }
        if (id.length() > LONGEST_ID) {
            throw new IllegalArgumentException("the id of a lexical entry that starts with '" + id.substring(0, 40)
                    + "' has " + id.length() + " characters; ids have at most " + LONGEST_ID);
        }
        Objects.requireNonNull(segment, "segment");
    }

    /**
     * Creates an entry without metadata.
     *
     * @param id the id
     * @param text the text, not blank
     * @return the entry
     */
    public static LexicalEntry of(String id, String text) {
        return new LexicalEntry(id, TextSegment.from(text));
    }
}
