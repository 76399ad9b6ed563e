package dev.llmlifecycle.core.reasoning.steps;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class StepLabelsTest {

    @Test
    @DisplayName("steps are labelled up to the first wrong one; what stands on an error is not")
    void writesRows(@TempDir Path folder) throws Exception {
        StepChecker checker = StepChecker.standard();
        StepLabels labels = StepLabels.builder()
                .add("How \"many\"?", checker.check("So.\n1 + 1 = 2\n2 + 2 = 5\n5 + 1 = 6", StepContext.of("")))
                .add("Why?", checker.check("Because.", StepContext.of("")))
                .build();
        Path file = folder.resolve("labels.jsonl");

        labels.writeJsonLines(file);

        assertThat(Files.readString(file))
                .isEqualTo("{\"prompt\":\"How \\\"many\\\"?\","
                        + "\"steps\":[\"So.\",\"1 + 1 = 2\",\"2 + 2 = 5\",\"5 + 1 = 6\"],\"labels\":[0,1,-1,0]}\n");
    }

    @Test
    void refusesToWriteNothing(@TempDir Path folder) {
        assertThatIllegalStateException()
                .isThrownBy(() -> StepLabels.builder().build().writeJsonLines(folder.resolve("x")));
    }
}
