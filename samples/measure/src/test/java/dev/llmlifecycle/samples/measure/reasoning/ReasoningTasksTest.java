package dev.llmlifecycle.samples.measure.reasoning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class ReasoningTasksTest {

    @TempDir
    Path dir = Path.of("");

    private void write(String file, String... lines) throws IOException {
        Path path = dir.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, String.join("\n", lines) + "\n");
    }

    private List<Figure> run(MeasureTask task) {
        return task.run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));
    }

    private static double value(List<Figure> figures, String set, String name) {
        return figures.stream()
                .filter(figure -> figure.set().equals(set) && figure.name().equals(name))
                .mapToDouble(Figure::value)
                .findFirst()
                .orElseThrow();
    }

    private static String solution(String model, boolean right, String text) {
        return "\"" + model + "\": {\"is_correct\": " + right + ", \"solution\": \"" + text + "\"}";
    }

    private void gsm8k() throws IOException {
        write("gsm8k/train.jsonl", "{\"question\": \"q\", \"answer\": \"So 1+1=<<1+1=2>>2\\n#### 2\"}");
        write(
                "gsm8k/test.jsonl",
                "{\"question\": \"q\", \"ground_truth\": \"So 2*3=<<2*3=6>>6\\nA: 6\", "
                        + String.join(
                                ", ",
                                solution("6b_finetuning", false, "2*3 = 7\\nA: 7"),
                                solution("6b_verification", false, "2+3 = 5\\nA: 5"),
                                solution("175b_finetuning", true, "2*3 = 6\\nA: 6"),
                                solution("175b_verification", true, "A: 6.0"))
                        + "}");
    }

    @Test
    void stepsOfSolutions() throws IOException {
        gsm8k();

        List<Figure> figures = run(new Gsm8kStepsTask());

        assertThat(value(figures, "gsm8k/train", "of these confirmed")).isEqualTo(1);
        assertThat(value(figures, "gsm8k/test", "steps refuted")).isZero();
        assertThat(value(figures, "gsm8k/6b_finetuning", "refuted step: recall of wrong answers"))
                .isEqualTo(1);
        assertThat(value(figures, "gsm8k/6b_verification", "refuted step: recall of wrong answers"))
                .isZero();
        assertThat(value(figures, "gsm8k/175b_verification", "answer agrees with the label"))
                .isEqualTo(1);
    }

    @Test
    void votes() throws IOException {
        gsm8k();

        List<Figure> figures = run(new SelfConsistencyTask());

        assertThat(figures).extracting(Figure::set).containsOnly("gsm8k, 4 samples");
        assertThat(value(figures, "gsm8k, 4 samples", "accuracy, all samples")).isEqualTo(1);
        assertThat(value(figures, "gsm8k, 4 samples", "accuracy less that of all samples at 1.00"))
                .isZero();
    }

    @Test
    void mistakes() throws IOException {
        String wrong =
                "{\"input\": \"1 + 1 =\", \"steps\": [\"Go.\", \"1 + 1 = 3\"], \"answer\": \"3\", \"target\": \"2\","
                        + " \"mistake_index\": 1}";
        String sound = "{\"input\": \"1 + 1 =\", \"steps\": [\"1 + 1 = 2\"], \"answer\": \"2\", \"target\": \"2\","
                + " \"mistake_index\": null}";
        write("big_bench_mistake/sums.jsonl", wrong, sound, sound);

        List<Figure> figures = run(new MistakeStepsTask());

        assertThat(value(figures, "big_bench_mistake/sums", "mistakes located exactly"))
                .isEqualTo(1);
        assertThat(value(figures, "big_bench_mistake/sums", "refuted though unmarked and right (false alarms)"))
                .isZero();
        assertThat(figures).extracting(Figure::set).contains("big_bench_mistake/sums (looked at)");

        write("big_bench_mistake/sums.jsonl", wrong.replace("\"mistake_index\": 1", "\"mistake_index\": \"one\""));
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> run(new MistakeStepsTask()));
    }

    @Test
    void answersOfChains() throws IOException {
        write(
                "bbh/task.jsonl",
                "{\"task\": \"t\", \"input\": \"q\", \"target\": \"(B)\","
                        + " \"code-davinci-002_cot\": \"Hm. So the answer is (B).\"}",
                "{\"task\": \"t\", \"input\": \"q\", \"target\": \"4\","
                        + " \"code-davinci-002_cot\": \"2 + 2 = 5. So the answer is 5.\"}");
        write("bbh/published.jsonl", "{\"task\": \"t\", \"mode\": \"cot\", \"accuracy\": 50}");

        List<Figure> figures = run(new BbhAnswersTask());

        assertThat(value(figures, "bbh/t", "extracted answer is right")).isEqualTo(0.5);
        assertThat(value(figures, "bbh/t", "published accuracy")).isEqualTo(0.5);
        assertThat(value(figures, "bbh/t", "refuted step: recall of wrong answers"))
                .isEqualTo(1);
    }
}
