package dev.llmlifecycle.retrieval.hybrid;

import java.util.List;

import dev.llmlifecycle.api.retrieval.Retrieval;

/**
 * Which questions were asked in the place of one, and what each of them gave.
 *
 * <p>Immutable.
 *
 * @param retrieval what {@link QueryExpansion#retrieve} returns
 * @param asked the questions that were asked, the leading one first
 * @param passages why each passage is where it is; a source is the number of a question in {@code asked}, from 1
 * @param dropped the transformations and questions that failed or were late
 * @since 0.1
 */
public record ExpansionExplanation(
        Retrieval retrieval,
        List<AskedQuestion> asked,
        List<HybridExplanation.FusedPassage> passages,
        List<HybridExplanation.DroppedSource> dropped) {

    /** Copies the lists. */
    public ExpansionExplanation {
        asked = List.copyOf(asked);
        passages = List.copyOf(passages);
        dropped = List.copyOf(dropped);
    }

    /**
     * A question that was asked.
     *
     * @param text the question
     * @param from the transformation it comes from, or {@code "original"}
     * @param reason how it came about
     */
    public record AskedQuestion(String text, String from, String reason) {}
}
