package dev.llmlifecycle.core.data;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;

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
     * Makes a test case of every interaction that users last voted down, as {@link #testCases(String, Stream)} does.
     *
     * @param name the name of the dataset
     * @param interactions the interactions, in the order the test cases shall have
     * @param feedback what was said of them; feedback on other interactions is passed over
     * @return the test cases
     */
    public static Dataset testCases(String name, List<Interaction> interactions, List<Feedback> feedback) {
        return testCases(name, join(interactions, feedback));
    }

    /**
     * Makes a test case of every interaction that users last voted down.
     *
     * <p>Its id is the interaction's after {@code interaction-}, its input the question that was answered, its expected
     * output the correction. Where nobody gave a correction it has none and is labelled {@value #NEEDS_REVIEW}. An
     * interaction that is there twice counts once.
     *
     * @param name the name of the dataset
     * @param recorded the interactions with what was said of them, in the order the test cases shall have; read to its
     *     end, and left to the caller to close
     * @return the test cases
     */
    public static Dataset testCases(String name, Stream<RecordedInteraction> recorded) {
        Set<String> seen = new HashSet<>();
        Dataset.Builder dataset = Dataset.builder(name);
        recorded.forEach(each -> each.latestFeedback()
                .filter(said -> said.rating() == Feedback.Rating.DOWN)
                .filter(said -> seen.add(said.interactionId()))
                .ifPresent(said -> dataset.add(testCase(each.interaction(), said))));
        return dataset.build();
    }

    private static Example testCase(Interaction interaction, Feedback said) {
        Example.Builder example = Example.builder("interaction-" + interaction.id(), answeredQuestion(interaction))
                .provenance(PROVENANCE);
        Optional<String> correction = said.correction().filter(text -> !text.isBlank());
        correction.ifPresentOrElse(example::expected, () -> example.label(NEEDS_REVIEW, "yes"));
        return example.build();
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
     * Joins interactions and feedback that are in memory.
     *
     * @param interactions the interactions
     * @param feedback what was said of them; feedback on other interactions is passed over
     * @return the interactions in their order, each with all its feedback in its order
     */
    public static Stream<RecordedInteraction> join(List<Interaction> interactions, List<Feedback> feedback) {
        Map<String, List<Feedback>> byId = feedback.stream().collect(Collectors.groupingBy(Feedback::interactionId));
        return interactions.stream()
                .map(interaction ->
                        new RecordedInteraction(interaction, byId.getOrDefault(interaction.id(), List.of())));
    }
}
