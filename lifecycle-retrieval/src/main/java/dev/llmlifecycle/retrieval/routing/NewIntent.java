package dev.llmlifecycle.retrieval.routing;

import java.util.List;
import java.util.Objects;

/**
 * Questions that are alike and have no route yet.
 *
 * <p>Immutable. It quotes the questions, so it goes where those may go.
 *
 * @param name the words that distinguish it, joined by hyphens: a proposal
 * @param questions the questions, the most typical first
 * @param cohesion the mean cosine of a question to the mean of all, in [-1, 1]
 * @param nearestIntent the intent whose examples are nearest to their mean: where they may belong
 * @param similarity the cosine to the mean of that intent's examples
 * @since 0.1
 */
public record NewIntent(String name, List<String> questions, double cohesion, String nearestIntent, double similarity) {

    /** Copies. */
    public NewIntent {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(nearestIntent, "nearestIntent");
        questions = List.copyOf(questions);
    }

    /**
     * Returns how many questions it has.
     *
     * @return at least 1
     */
    public int size() {
        return questions.size();
    }
}
