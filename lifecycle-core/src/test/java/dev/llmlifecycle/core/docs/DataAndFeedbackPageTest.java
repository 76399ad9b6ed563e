package dev.llmlifecycle.core.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.core.adaptation.FineTuningRows;
import dev.llmlifecycle.core.data.Datasets;
import dev.llmlifecycle.core.data.FeedbackCuration;
import dev.llmlifecycle.core.monitoring.JsonLinesInteractionLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/data-and-feedback.md. */
final class DataAndFeedbackPageTest {

    private final Clock clock = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    @Test
    void readsADataset() throws IOException {
        Files.writeString(directory.resolve("refunds.jsonl"), """
                {"id": "1", "input": "How long does a refund take?", "expected": ["Five days."]}
                """);

        // docs:begin dataset
        Dataset dataset = Datasets.readJsonLines(directory.resolve("refunds.jsonl"), "refunds");
        // docs:end dataset

        assertThat(dataset.examples()).extracting(Example::id).containsExactly("1");
    }

    @Test
    void turnsFeedbackIntoData() {
        Interaction interaction = Interaction.builder("i-1", clock.instant(), "How long does a refund take?")
                .outcome("answered", "A week.")
                .build();

        // docs:begin log
        try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(directory.resolve("interactions.jsonl"))
                .build()) {
            log.record(interaction);
            log.record(new Feedback(
                    interaction.id(),
                    Feedback.Rating.DOWN,
                    Optional.of("that is too long"),
                    Optional.of("Five days."),
                    clock.instant()));
        }
        // docs:end log

        // docs:begin curate
        JsonLinesInteractionLog.Contents logged = JsonLinesInteractionLog.read(directory.resolve("interactions.jsonl"));

        Dataset cases = FeedbackCuration.testCases("from-production", logged.interactions(), logged.feedback());
        Datasets.writeJsonLines(directory.resolve("from-production.jsonl"), cases);

        FineTuningRows rows = FineTuningRows.builder()
                .system("You answer questions about Acme Shop.")
                .addFeedback(logged.interactions(), logged.feedback())
                .build();
        rows.writeJsonLines(directory.resolve("fine-tuning.jsonl"));
        // docs:end curate

        assertThat(cases.examples()).extracting(Example::expected).containsExactly(List.of("Five days."));
        assertThat(directory.resolve("fine-tuning.jsonl")).isNotEmptyFile();
    }
}
