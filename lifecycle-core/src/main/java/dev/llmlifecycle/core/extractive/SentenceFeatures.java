package dev.llmlifecycle.core.extractive;

/**
 * What speaks for and against a sentence as the answer to a question.
 *
 * <p>The weights were fitted as a conditional logit model (which of its candidates answers a question) on questions
 * whose answer stands in one sentence: about the State of the Union address of chunking_evaluation, about abstracts of
 * PubMedQA and of the training half of the sample's help centre; then rounded. The docs name the sets and figures.
 *
 * @param cosine of the question and the sentence with its heading
 * @param overlap the share of the question's words in the sentence, rare words counting more
 * @param previousOverlap what the sentence before adds to that share
 * @param passageOverlap the share of the question's words in the whole passage with its headings
 * @param passageGap how far that is below the best passage, 0 or less
 * @param passageRank where the passage stands among those retrieved, from 0
 * @param kind what the sentence gets for something of the kind that is asked for
 * @param misses whether a kind is asked for and nothing of it stands in the sentence
 * @param asks whether the sentence is itself a question
 */
record SentenceFeatures(
        double cosine,
        double overlap,
        double previousOverlap,
        double passageOverlap,
        double passageGap,
        int passageRank,
        double kind,
        boolean misses,
        boolean asks) {

    private static final double OVERLAP = 1;
    private static final double PREVIOUS_OVERLAP = 0.25;
    private static final double PASSAGE_GAP = 0.3;
    private static final double PASSAGE_RANK = -0.06;
    private static final double ASKS = -0.2;

    private static final double SUPPORT_BY_PASSAGE = 0.5;
    private static final double SUPPORT_BY_KIND = 0.25;
    private static final double SUPPORT_LOST = -0.2;

    /** Orders the sentences of one question; without meaning between questions. */
    double score() {
        return cosine
                + OVERLAP * overlap
                + PREVIOUS_OVERLAP * previousOverlap
                + PASSAGE_GAP * passageGap
                + PASSAGE_RANK * passageRank
                + kind
                + (asks ? ASKS : 0);
    }

    /** Says how well question, sentence and passage go together; tells questions with an answer from those without. */
    double support() {
        return cosine + SUPPORT_BY_PASSAGE * passageOverlap + SUPPORT_BY_KIND * kind + (misses ? SUPPORT_LOST : 0);
    }
}
