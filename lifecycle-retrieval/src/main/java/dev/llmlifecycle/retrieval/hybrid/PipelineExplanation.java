package dev.llmlifecycle.retrieval.hybrid;

import java.util.List;

import dev.llmlifecycle.api.retrieval.Retrieval;

/**
 * What each stage of a {@link RetrievalPipeline} did to each passage.
 *
 * <p>Immutable.
 *
 * @param retrieval what {@link RetrievalPipeline#retrieve} returns
 * @param found what the retriever in front of the stages found
 * @param stages what was done, in order, without the stages that were dropped
 * @param dropped the stages that failed or were late, in order
 * @since 0.1
 */
public record PipelineExplanation(
        Retrieval retrieval, Retrieval found, List<StageReport> stages, List<DroppedStage> dropped) {

    /** Copies the lists. */
    public PipelineExplanation {
        stages = List.copyOf(stages);
        dropped = List.copyOf(dropped);
    }

    /**
     * What one stage did.
     *
     * @param stage its name
     * @param changes one for each passage that stayed, in the order after the stage
     * @param leftOut the passages that did not stay
     */
    public record StageReport(String stage, List<Change> changes, List<RetrievalStage.LeftOut> leftOut) {

        /** Copies the lists. */
        public StageReport {
            changes = List.copyOf(changes);
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * What a stage did to a passage. Ranks count from 1; of a passage that was made from several, what was before is
     * that of the first of them.
     *
     * @param passageId its id after the stage
     * @param from the ids it was made from
     * @param rankBefore its place before
     * @param scoreBefore its score before
     * @param rankAfter its place after
     * @param scoreAfter its score after
     * @param reason why
     */
    public record Change(
            String passageId,
            List<String> from,
            int rankBefore,
            double scoreBefore,
            int rankAfter,
            double scoreAfter,
            String reason) {

        /** Copies the list. */
        public Change {
            from = List.copyOf(from);
        }
    }

    /**
     * A stage that failed or was too slow; the passages passed it unchanged.
     *
     * @param stage its name
     * @param reason why it did not count, without text of the question
     */
    public record DroppedStage(String stage, String reason) {}
}
