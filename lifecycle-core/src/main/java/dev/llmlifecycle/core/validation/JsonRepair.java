package dev.llmlifecycle.core.validation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Makes JSON of what a language model wrote in place of it, and says what it changed.
 *
 * <p>It takes a document out of a Markdown code block or the words around it, drops comments and commas too many, adds
 * commas, quotes, brackets and braces that are missing, turns other quotes into double ones and Python's literals into
 * those of JSON, and escapes what must be escaped in a text. It does not guess values: a text that broke off is closed,
 * a member without a value dropped, and {@link Repaired#losesData()} says so. A number at the very end of a text that
 * broke off is taken as it stands.
 *
 * <p>A valid document is never changed. What comes out is valid; where no document can be made, nothing comes out: when
 * there is no brace or bracket, when documents follow each other, and when it nests deeper than {@value #DEEPEST}.
 *
 * <pre>{@code
 * JsonRepair.repair("Here it is: {'days': 14, 'express': True,}")
 *         .map(JsonRepair.Repaired::json); // {"days":14,"express":true}
 * }</pre>
 *
 * <p>Takes time linear in the text. Thread-safe.
 *
 * @since 0.1
 */
public final class JsonRepair {

    /** How deep a document that is repaired may nest; a valid one may nest as deep as Jackson reads. */
    public static final int DEEPEST = 200;

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRepair() {}

    /** What was wrong with a document and was mended. */
    public enum Change {
        /** It stood in a Markdown code block. */
        CODE_BLOCK,
        /** Words stood before or after it. */
        SURROUNDING_TEXT,
        /** It had a comment, or dots for what was left out. */
        COMMENT,
        /** It had a comma too many. */
        EXTRA_COMMA,
        /** A comma or colon was missing. */
        MISSING_MARK,
        /** A text or a name was in other quotes than double ones, or a quote was missing. */
        QUOTES,
        /** A name or a text had no quotes. */
        UNQUOTED,
        /** A literal was that of another language, such as {@code True} or {@code undefined}. */
        LITERAL,
        /** A number was written as JSON does not write it. */
        NUMBER,
        /** A text held something that must be escaped, or an escape that is none. */
        ESCAPE,
        /** A brace or bracket was missing or too many. */
        BRACKET,
        /** A text broke off and was closed where it did. */
        CUT_TEXT,
        /** A member without a value was dropped. */
        DROPPED_MEMBER
    }

    /**
     * A valid document.
     *
     * <p>Immutable.
     *
     * @param json the document
     * @param changes what was changed, in the order of {@link Change}; empty where the text was valid
     */
    public record Repaired(String json, Set<Change> changes) {

        /** Copies. */
        public Repaired {
            Objects.requireNonNull(json, "json");
            EnumSet<Change> ordered = EnumSet.noneOf(Change.class);
            ordered.addAll(changes);
            changes = Collections.unmodifiableSet(ordered);
        }

        /**
         * Tells whether the text broke off within a value, so that something is missing that no repair brings back.
         *
         * @return true where a text was cut or a member dropped
         */
        public boolean losesData() {
            return changes.contains(Change.CUT_TEXT) || changes.contains(Change.DROPPED_MEMBER);
        }
    }

    /**
     * Repairs a document.
     *
     * @param text any text
     * @return the document, which is the text itself where that is valid; nothing where none can be made of it
     */
    public static Optional<Repaired> repair(String text) {
        Objects.requireNonNull(text, "text");
        if (isValid(text)) {
            return Optional.of(new Repaired(text, Set.of()));
        }
        Set<Change> changes = EnumSet.noneOf(Change.class);
        return LenientJson.read(text, changes).filter(JsonRepair::isValid).map(json -> new Repaired(json, changes));
    }

    private static boolean isValid(String text) {
        if (text.isBlank()) {
            return false;
        }
        try {
            STRICT.readTree(text);
            return true;
        } catch (JsonProcessingException e) {
            // Whoever asks wants the repair; what is wrong is told by its changes.
            return false;
        }
    }
}
