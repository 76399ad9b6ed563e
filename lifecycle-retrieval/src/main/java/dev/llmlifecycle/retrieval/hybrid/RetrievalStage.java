package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/**
 * Something that is done to the passages after they were found: ranked anew, left out, merged, put in order.
 *
 * <p>{@link RetrievalStages} has the usual ones. The identity covers all settings; its name is what explanations call
 * the stage. Implementations must be thread-safe.
 *
 * @since 0.1
 */
public interface RetrievalStage extends Identified {

    /**
     * Handles the passages.
     *
     * @param request what was looked for
     * @param passages what is there now, at least one, in their present order
     * @return what stays, in its new order, and what does not
     * @throws RuntimeException when it cannot be done
     */
    Outcome apply(RetrievalRequest request, List<Passage> passages);

    /**
     * Says how long the stage is waited for.
     *
     * @return the time after which the pipeline goes on without this stage, as it does when the stage fails; nothing
     *     for a stage that is quick and has to be done, whose failure is that of the retrieval
     */
    default Optional<Duration> timeout() {
        return Optional.empty();
    }

    /**
     * What a stage did.
     *
     * @param kept what stays, in order, each id once
     * @param leftOut what does not
     */
    record Outcome(List<Kept> kept, List<LeftOut> leftOut) {

        /** Copies the lists. */
        public Outcome {
            kept = List.copyOf(kept);
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * A passage that stays.
     *
     * @param passage the passage as it is from now on
     * @param from the ids of the passages it was made from, at least one
     * @param reason why it has its score and text, without text of the question
     */
    record Kept(Passage passage, List<String> from, String reason) {

        /** Copies the list. */
        public Kept {
            Objects.requireNonNull(passage, "passage");
            Objects.requireNonNull(reason, "reason");
            from = List.copyOf(from);
            if (from.isEmpty()) {
                throw new IllegalArgumentException(
                        "the passage '" + passage.id() + "' was made from nothing; name the passages it was made from");
            }
        }

        /**
         * Keeps a passage with another score.
         *
         * @param passage the passage as it was
         * @param score its score from now on, finite
         * @param reason why
         * @return what stays
         */
        public static Kept scored(Passage passage, double score, String reason) {
            return new Kept(new Passage(passage.id(), passage.segment(), score), List.of(passage.id()), reason);
        }

        /**
         * Keeps a passage as it is.
         *
         * @param passage the passage
         * @param reason why
         * @return what stays
         */
        public static Kept unchanged(Passage passage, String reason) {
            return new Kept(passage, List.of(passage.id()), reason);
        }
    }

    /**
     * A passage that does not stay.
     *
     * @param passageId its id
     * @param reason why, without text of the question
     */
    record LeftOut(String passageId, String reason) {

        /** Checks that nothing is missing. */
        public LeftOut {
            Objects.requireNonNull(passageId, "passageId");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
