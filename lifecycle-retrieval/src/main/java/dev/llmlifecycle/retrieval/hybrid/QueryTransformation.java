package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identified;

/**
 * Something that is done to a question before passages are looked for.
 *
 * <p>{@link QueryTransformations} has the usual ones. The identity covers all settings; its name is what explanations
 * call the transformation. Implementations must be thread-safe.
 *
 * @since 0.1
 */
public interface QueryTransformation extends Identified {

    /** What becomes of the question. */
    enum Kind {
        /** The first result takes the place of the question. */
        REWRITES,

        /** The results are asked beside the question. */
        ADDS
    }

    /**
     * Says what becomes of the question.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Transforms a question.
     *
     * @param question what is asked, never blank
     * @return other questions, and why; nothing to leave the question as it is
     * @throws RuntimeException when it cannot be done
     */
    Transformed apply(String question);

    /**
     * Says how long the transformation is waited for.
     *
     * @return the time after which the question goes on as it is, as it does when the transformation fails; nothing for
     *     one that is quick, whose failure is that of the retrieval
     */
    default Optional<Duration> timeout() {
        return Optional.empty();
    }

    /**
     * Names the content that the transformation looks at.
     *
     * @return a name that changes when the content does, or nothing
     */
    default Optional<String> contentId() {
        return Optional.empty();
    }

    /**
     * What a question became.
     *
     * @param questions the results; blank ones are passed over
     * @param reason how they came about, without text of the question
     */
    record Transformed(List<String> questions, String reason) {

        /** Copies the list. */
        public Transformed {
            questions = List.copyOf(questions);
            Objects.requireNonNull(reason, "reason");
        }
    }
}
