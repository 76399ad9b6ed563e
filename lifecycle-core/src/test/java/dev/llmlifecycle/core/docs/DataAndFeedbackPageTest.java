package dev.llmlifecycle.core.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import dev.llmlifecycle.core.adaptation.FineTuningRows;
import dev.llmlifecycle.core.data.Datasets;
import dev.llmlifecycle.core.data.FeedbackCuration;
import dev.llmlifecycle.core.monitoring.Fsync;
import dev.llmlifecycle.core.monitoring.InMemoryInteractionStore;
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
                .maxAge(Duration.ofDays(90))
                .maxTotalBytes(10L << 30)
                .fsync(Fsync.every(Duration.ofSeconds(1)))
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
        Path file = directory.resolve("interactions.jsonl");
        try (Stream<RecordedInteraction> recorded = JsonLinesInteractionLog.stream(file)) {
            Dataset cases = FeedbackCuration.testCases("from-production", recorded);
            Datasets.writeJsonLines(directory.resolve("from-production.jsonl"), cases);
        }
        try (Stream<RecordedInteraction> recorded = JsonLinesInteractionLog.stream(file)) {
            FineTuningRows rows = FineTuningRows.builder()
                    .system("You answer questions about Acme Shop.")
                    .addFeedback(recorded)
                    .build();
            rows.writeJsonLines(directory.resolve("fine-tuning.jsonl"));
        }
        // docs:end curate

        Dataset written = Datasets.readJsonLines(directory.resolve("from-production.jsonl"), "from-production");
        assertThat(written.examples()).extracting(Example::expected).containsExactly(List.of("Five days."));
        assertThat(directory.resolve("fine-tuning.jsonl")).isNotEmptyFile();
    }

    @Test
    void readsAndErases() {
        Instant today = clock.instant().truncatedTo(ChronoUnit.DAYS);
        try (InteractionStore log = InMemoryInteractionStore.builder().build()) {
            log.record(Interaction.builder("i-1", today.minusSeconds(60), "How long does a refund take?")
                    .tenant(Optional.of("acme"))
                    .user(Optional.of("ada"))
                    .build());
            log.record(new Feedback("i-1", Feedback.Rating.DOWN, Optional.empty(), Optional.empty(), clock.instant()));

            // docs:begin read
            long disliked;
            try (Stream<RecordedInteraction> yesterday = log.read(today.minus(1, ChronoUnit.DAYS), today)) {
                disliked = yesterday
                        .flatMap(recorded -> recorded.latestFeedback().stream())
                        .filter(feedback -> feedback.rating() == Feedback.Rating.DOWN)
                        .count();
            }
            Optional<RecordedInteraction> one = log.find("i-1");
            // docs:end read
            assertThat(disliked).isEqualTo(1);
            assertThat(one).isPresent();

            // docs:begin erase
            InteractionStore.Erasure erased = log.erase(Optional.of("acme"), "ada");
            // docs:end erase
            assertThat(erased).isEqualTo(new InteractionStore.Erasure(1, 1, 0));
        }
    }
}
