package dev.llmlifecycle.core.adaptation;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class FineTuningRowsTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir
    private Path temporary;

    @Test
    void takesCorrectionsAndAnswersThatWereVotedUp() {
        Interaction abstained = Interaction.builder("e", NOON, "question e")
                .outcome("abstained", "The documents do not say.")
                .build();
        Interaction followUp =
                interaction("f").toBuilder().standaloneQuestion("alone f").build();

        FineTuningRows rows = FineTuningRows.builder()
                .addFeedback(
                        List.of(
                                interaction("a"),
                                interaction("b"),
                                interaction("c"),
                                interaction("d"),
                                abstained,
                                followUp,
                                interaction("a")),
                        List.of(
                                said("a", Feedback.Rating.DOWN, Optional.of("better a")),
                                said("b", Feedback.Rating.UP, Optional.empty()),
                                said("c", Feedback.Rating.DOWN, Optional.empty()),
                                said("e", Feedback.Rating.UP, Optional.empty()),
                                said("f", Feedback.Rating.UP, Optional.of("even better f"))))
                .build();

        assertThat(rows.rows())
                .containsExactly(
                        List.of(UserMessage.from("question a"), AiMessage.from("better a")),
                        List.of(UserMessage.from("question b"), AiMessage.from("answer b")),
                        List.of(UserMessage.from("alone f"), AiMessage.from("even better f")));
        assertThat(rows.size()).isEqualTo(3);
    }

    @Test
    void writesTheChatFormat() {
        Path file = temporary.resolve("out").resolve("rows.jsonl");
        FineTuningRows.builder()
                .system("Be kind.")
                .addFeedback(List.of(interaction("ä\"")), List.of(said("ä\"", Feedback.Rating.UP, Optional.empty())))
                .add(List.of(
                        UserMessage.from("one"), AiMessage.from("two"), UserMessage.from("3"), AiMessage.from("4")))
                .build()
                .writeJsonLines(file);

        assertThat(file)
                .hasContent("{\"messages\":[{\"role\":\"system\",\"content\":\"Be kind.\"},"
                        + "{\"role\":\"user\",\"content\":\"question ä\\\"\"},"
                        + "{\"role\":\"assistant\",\"content\":\"answer ä\\\"\"}]}\n"
                        + "{\"messages\":[{\"role\":\"user\",\"content\":\"one\"},"
                        + "{\"role\":\"assistant\",\"content\":\"two\"},"
                        + "{\"role\":\"user\",\"content\":\"3\"},"
                        + "{\"role\":\"assistant\",\"content\":\"4\"}]}\n");
    }

    @Test
    void writesNoEmptyFile() {
        Path file = temporary.resolve("rows.jsonl");

        assertThatIllegalStateException()
                .isThrownBy(() -> FineTuningRows.builder().build().writeJsonLines(file))
                .withMessage(
                        "writing " + file + " failed: there are no rows for fine-tuning; add interactions that were"
                                + " corrected or voted up");
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesRowsThatTeachNothing() {
        FineTuningRows.Builder builder = FineTuningRows.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(List.of(UserMessage.from("one"))))
                .withMessage("fine-tuning row 1 does not end with an answer of the model; add the answer that it shall"
                        + " learn");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(List.of(UserMessage.from("one"), AiMessage.from(" "))))
                .withMessageStartingWith("message 2 of fine-tuning row 1 (AI) has no plain text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(List.of(
                        UserMessage.from(ImageContent.from("https://example.com/a.png")), AiMessage.from("a"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(List.of(
                        SystemMessage.from("s"),
                        ToolExecutionResultMessage.from("id", "tool", "result"),
                        AiMessage.from("a"))));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.system(" "));
        assertThat(builder.build().size()).isZero();
    }

    private static Interaction interaction(String id) {
        return Interaction.builder(id, NOON, "question " + id)
                .outcome("answered", "answer " + id)
                .build();
    }

    private static Feedback said(String id, Feedback.Rating rating, Optional<String> correction) {
        return new Feedback(id, rating, Optional.empty(), correction, NOON);
    }
}
