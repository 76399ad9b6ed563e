package dev.llmlifecycle.retrieval.ingest;

import java.util.Objects;

import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.retrieval.ingest.UnitSplitter.Unit;

/**
 * The ways to split documents into chunks, as LangChain4j {@link DocumentSplitter}s that know where each chunk comes
 * from.
 *
 * <p>Each chunk has the metadata of its document, {@link #START} and {@link #END}, such that the document's text
 * between them is the chunk's text, and, where there are headings above it,
 * {@link dev.llmlifecycle.api.retrieval.Passage#HEADING heading}: their path in Markdown. Sizes are in characters, or
 * in the tokens of an estimator. All are immutable and thread-safe, as long as the estimator is.
 *
 * <p>Immutable: there are static methods only.
 *
 * <pre>{@code
 * PassageIndex.builder(model, identity)
 *         .splitter(Chunkers.bySentences(200, 40, new HuggingFaceTokenCountEstimator()))
 *         .build();
 * }</pre>
 *
 * @since 0.1
 */
public final class Chunkers {

    /** Metadata key of the offset in the document's text where a chunk starts, an integer. */
    public static final String START = "start";

    /** Metadata key of the offset in the document's text after a chunk, an integer. */
    public static final String END = "end";

    /**
     * Metadata key of the number of characters at the beginning of a chunk that are repeated from elsewhere in the
     * document, an integer: the header of a table, before rows that {@link #START} and {@link #END} name. Absent where
     * nothing is repeated.
     */
    public static final String REPEATED = "repeated";

    /** Metadata key of the offset where the parent of a chunk starts, an integer. */
    public static final String PARENT_START = "parentStart";

    /** Metadata key of the offset after the parent of a chunk, an integer. */
    public static final String PARENT_END = "parentEnd";

    /** Metadata key of the text of the parent of a chunk. */
    public static final String PARENT_TEXT = "parentText";

    private Chunkers() {}

    /**
     * Splits between words, wherever a chunk is full.
     *
     * @param maximumTokens the size that a chunk does not exceed, at least 1; a longer word is cut
     * @param overlapTokens how much of a chunk's end the next one repeats at most, in whole words; 0 for nothing, below
     *     the maximum
     * @param estimator what counts tokens; its counts must not be capped at the limit of a model
     * @return a splitter
     */
    public static DocumentSplitter byTokens(int maximumTokens, int overlapTokens, TokenCountEstimator estimator) {
        return new UnitSplitter(Unit.WORD, tokens(estimator), maximumTokens, overlapTokens);
    }

    /**
     * Packs whole sentences.
     *
     * @param maximumCharacters the size that a chunk does not exceed, at least 1; a longer sentence is cut between
     *     words
     * @param overlapCharacters how much of a chunk's end the next one repeats at most, in whole sentences; 0 for
     *     nothing, below the maximum
     * @return a splitter
     */
    public static DocumentSplitter bySentences(int maximumCharacters, int overlapCharacters) {
        return new UnitSplitter(Unit.SENTENCE, TextSize.characters(), maximumCharacters, overlapCharacters);
    }

    /**
     * Packs whole sentences.
     *
     * @param maximumTokens the size that a chunk does not exceed, at least 1; a longer sentence is cut between words
     * @param overlapTokens how much of a chunk's end the next one repeats at most, in whole sentences; 0 for nothing,
     *     below the maximum
     * @param estimator what counts tokens; its counts must not be capped at the limit of a model
     * @return a splitter
     */
    public static DocumentSplitter bySentences(int maximumTokens, int overlapTokens, TokenCountEstimator estimator) {
        return new UnitSplitter(Unit.SENTENCE, tokens(estimator), maximumTokens, overlapTokens);
    }

    /**
     * Follows headings, paragraphs, lists, tables and code.
     *
     * @param maximumCharacters the size that a chunk does not exceed, but for code that is kept whole and table
     *     headers; at least 100
     * @return a splitter
     */
    public static PassageSplitter byStructure(int maximumCharacters) {
        return PassageSplitter.builder().maximumCharacters(maximumCharacters).build();
    }

    /**
     * Follows headings, paragraphs, lists, tables and code.
     *
     * @param maximumTokens the size that a chunk does not exceed, but for code that is kept whole and table headers; at
     *     least 20
     * @param estimator what counts tokens; its counts must not be capped at the limit of a model
     * @return a splitter
     */
    public static PassageSplitter byStructure(int maximumTokens, TokenCountEstimator estimator) {
        return PassageSplitter.builder().maximumTokens(maximumTokens, estimator).build();
    }

    /**
     * Splits into parents, which are read, and each parent into children, which are searched.
     *
     * <p>The chunks are the children; each has its parent's text and place as {@link #PARENT_TEXT},
     * {@link #PARENT_START} and {@link #PARENT_END}. A retriever that is built with
     * {@link dev.llmlifecycle.retrieval.vector.PassageIndex.RetrieverBuilder#parents(boolean) parents(true)} returns
     * the parents of the children it finds.
     *
     * @param parents a splitter of this class
     * @param children a splitter of this class with a smaller maximum
     * @return a splitter
     */
    public static DocumentSplitter parentChild(DocumentSplitter parents, DocumentSplitter children) {
        return new ParentChildSplitter(parents, children);
    }

    private static TextSize tokens(TokenCountEstimator estimator) {
        return TextSize.tokens(Objects.requireNonNull(estimator, "estimator"));
    }
}
