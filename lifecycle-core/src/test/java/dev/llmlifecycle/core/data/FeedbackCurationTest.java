package dev.llmlifecycle.core.data;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class FeedbackCurationTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Provenance FROM_LOG = new Provenance("interaction log", "unknown");

    @Test
    void makesTestCasesOfWhatWasVotedDown() {
        Interaction followUp = Interaction.builder("c", NOON, "And abroad?")
                .standaloneQuestion("How long does a refund take abroad?")
                .build();

        Dataset cases = FeedbackCuration.testCases(
                "from-production",
                List.of(interaction("a"), interaction("b"), followUp, interaction("d"), interaction("a")),
                List.of(
                        down("a", Optional.of("Five days."), 0),
                        up("b", 0),
                        down("c", Optional.of(" "), 0),
                        down("unknown", Optional.empty(), 0)));

        assertThat(cases.name()).isEqualTo("from-production");
        assertThat(cases.examples())
                .containsExactly(
                        Example.builder("interaction-a", "question a")
                                .expected("Five days.")
                                .provenance(FROM_LOG)
                                .build(),
                        Example.builder("interaction-c", "How long does a refund take abroad?")
                                .label("needs-review", "yes")
                                .provenance(FROM_LOG)
                                .build());
    }

    @Test
    void countsWhatWasSaidLast() {
        List<Interaction> interactions = List.of(interaction("a"), interaction("b"), interaction("c"));

        Dataset cases = FeedbackCuration.testCases(
                "d",
                interactions,
                List.of(
                        up("a", 1),
                        down("a", Optional.of("late in the list, early in time"), 0),
                        up("b", 0),
                        down("b", Optional.of("second thoughts"), 0),
                        down("c", Optional.empty(), 0),
                        up("c", 1)));

        assertThat(cases.examples()).extracting(Example::id).containsExactly("interaction-b");
    }

    @Test
    void takesTheQuestionItselfWhereTheOneThatStandsAloneIsBlank() {
        Interaction interaction =
                interaction("a").toBuilder().standaloneQuestion(" ").build();

        assertThat(FeedbackCuration.answeredQuestion(interaction)).isEqualTo("question a");
    }

    private static Interaction interaction(String id) {
        return Interaction.builder(id, NOON, "question " + id)
                .outcome("answered", "answer " + id)
                .build();
    }

    private static Feedback up(String id, int second) {
        return new Feedback(id, Feedback.Rating.UP, Optional.empty(), Optional.empty(), NOON.plusSeconds(second));
    }

    private static Feedback down(String id, Optional<String> correction, int second) {
        return new Feedback(id, Feedback.Rating.DOWN, Optional.of("wrong"), correction, NOON.plusSeconds(second));
    }
}
