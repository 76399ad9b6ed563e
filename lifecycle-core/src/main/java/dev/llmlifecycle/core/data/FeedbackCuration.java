package dev.llmlifecycle.core.data;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;

/**
 * Turns what users said of answers into new test cases.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class FeedbackCuration {

    /** The label of a test case that somebody must complete; its value is {@code yes}. */
    public static final String NEEDS_REVIEW = "needs-review";

    /** The origin of every test case made here. */
    public static final Provenance PROVENANCE = new Provenance("interaction log", "unknown");

    private FeedbackCuration() {}

    /**
     * Makes a test case of every interaction that users last voted down.
     *
     * <p>Its id is the interaction's after {@code interaction-}, its input the question that was answered, its expected
     * output the correction. Where nobody gave a correction it has none and is labelled {@value #NEEDS_REVIEW}. An
     * interaction that is there twice counts once.
     *
     * @param name the name of the dataset
     * @param interactions the interactions, in the order the test cases shall have
     * @param feedback what was said of them; feedback on other interactions is passed over
     * @return the test cases
     */
    public static Dataset testCases(String name, List<Interaction> interactions, List<Feedback> feedback) {
        Map<String, Feedback> latest = latestByInteraction(feedback);
        Set<String> seen = new HashSet<>();
        Dataset.Builder dataset = Dataset.builder(name);
        for (Interaction interaction : interactions) {
            Feedback said = latest.get(interaction.id());
            if (said != null && said.rating() == Feedback.Rating.DOWN && seen.add(interaction.id())) {
                Example.Builder example = Example.builder(
                                "interaction-" + interaction.id(), answeredQuestion(interaction))
                        .provenance(PROVENANCE);
                Optional<String> correction = said.correction().filter(text -> !text.isBlank());
                correction.ifPresentOrElse(example::expected, () -> example.label(NEEDS_REVIEW, "yes"));
                dataset.add(example.build());
            }
        }
        return dataset.build();
    }

    /**
     * Returns the question that was answered: the one that stands alone, where there is one.
     *
     * @param interaction the interaction
     * @return never blank
     */
    public static String answeredQuestion(Interaction interaction) {
        return interaction
                .standaloneQuestion()
                .filter(question -> !question.isBlank())
                .orElse(interaction.question());
    }

    /**
     * Finds what was said last of each interaction, by time; of equal times the later in the list counts.
     *
     * @param feedback all feedback
     * @return the last feedback by interaction id
     */
    public static Map<String, Feedback> latestByInteraction(List<Feedback> feedback) {
        Map<String, Feedback> latest = new LinkedHashMap<>();
        feedback.forEach(said -> latest.merge(
                said.interactionId(), said, (earlier, later) -> later.at().isBefore(earlier.at()) ? earlier : later));
        return latest;
    }
}
