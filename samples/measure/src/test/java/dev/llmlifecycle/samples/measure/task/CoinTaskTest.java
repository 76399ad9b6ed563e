package dev.llmlifecycle.samples.measure.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the task that the page on measuring shows. */
final class CoinTaskTest {

    @Test
    void theTaskOfThePageCountsHeads(@TempDir Path data) throws IOException {
        Files.createDirectories(data.resolve("coins"));
        Files.writeString(
                data.resolve("coins/tosses.jsonl"),
                "{\"toss\":\"heads\"}\n{\"toss\":\"tails\"}\n{\"toss\":\"heads\"}\n");

        List<Figure> figures = new CoinTask().run(new MeasureContext(data, Optional.empty(), 42, line -> {}));

        assertThat(figures).containsExactly(Figure.share("coins", "heads", 2, 3));
    }
}
