package dev.llmlifecycle.samples.measure.verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class RecordedAnswersTest {

    @TempDir
    Path dir = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A: 1234.5",
                "3 times 411.5 makes this.\n#### 1,234.50",
                "She has $1,234.50 in her bank.",
                "<<2469/2=1234.5>>",
            })
    void theLastNumberIsTheAnswer(String solution) {
        assertThat(RecordedAnswers.sameNumber("#### 1,234.5", solution)).isTrue();
        assertThat(RecordedAnswers.sameNumber("#### 1,234.5", solution + " of 2"))
                .isFalse();
        assertThat(RecordedAnswers.sameNumber("none", solution)).isFalse();
    }

    @Test
    void aChainEndsWithItsConclusion() {
        assertThat(RecordedAnswers.conclusion("If the answer is no, then not.\nSo the answer is (B)."))
                .contains("(B)");
        assertThat(RecordedAnswers.conclusion("True and False and")).isEmpty();
    }

    @Test
    void damagedRowsAreNamedWithTheirLine() throws IOException {
        assertDamaged(
                new RoutedMmluVerdictTask(),
                "routellm_mmlu",
                "{\"prompt\":\"p\",\"mistralai/Mixtral-8x7B-Instruct-v0.1\":\"True\",\"gpt-4-1106-preview\":\"perhaps\"}",
                "field 'gpt-4-1106-preview' is neither true nor false");
        String answer = "{\"id\":\"1\",\"type\":\"homonyms\",\"completion\":\"c\",\"final_label\":\"%s\"}";
        assertDamaged(
                new XstestVerdictTask(),
                "xstest",
                answer.formatted("4_other"),
                "field 'final_label' is no label of XSTest");
        String twice = answer.formatted("2_full_refusal");
        assertDamaged(
                new RefusalTask(), "xstest", twice + "\n" + twice, "line 2: the prompt '1' stands twice for one model");
        String system = "{\"is_correct\":true,\"solution\":\"A: 1\"}";
        String row = "{\"question\":\"q\",\"ground_truth\":\"%s\",\"6b_finetuning\":" + system + ",\"6b_verification\":"
                + system + ",\"175b_finetuning\":" + system + ",\"175b_verification\":%s}";
        assertDamaged(
                new Gsm8kVerdictTask(), "gsm8k", row.formatted("none", system), "field 'ground_truth' has no number");
        assertDamaged(
                new Gsm8kVerdictTask(),
                "gsm8k",
                row.formatted("A: 1", "{}"),
                "field '175b_verification' has no text 'solution'");
    }

    @Test
    void answersWithoutAReferenceAreLeftOutAndCounted() throws IOException {
        String system = "{\"is_correct\":true,\"solution\":\"A: 1\"}";
        write(
                "gsm8k",
                "{\"question\":\"q\",\"ground_truth\":\"A: 1\",\"6b_finetuning\":" + system + ",\"6b_verification\":"
                        + system + ",\"175b_finetuning\":" + system + ",\"175b_verification\":" + system + "}");
        String row =
                "{\"prompt\":\"%s\",\"mistralai/Mixtral-8x7B-Instruct-v0.1\":\"True\",\"gpt-4-1106-preview\":\"False\","
                        + "\"mistralai/Mixtral-8x7B-Instruct-v0.1_response\":\"#### 1\",\"gpt-4-1106-preview_response\":\"1.00\"}";
        write("routellm_gsm8k", row.formatted("q") + "\n" + row.formatted("other"));
        List<String> progress = new java.util.ArrayList<>();

        assertThat(new RoutedGsm8kVerdictTask().run(new MeasureContext(dir, Optional.empty(), 1, progress::add)))
                .extracting(figure -> figure.set() + " " + figure.name() + " " + figure.value() + " " + figure.n())
                .contains(
                        "routellm_gsm8k/GPT-4 agrees with the recorded label 0.0 1",
                        "routellm_gsm8k/by label: Mixtral-8x7B to GPT-4 candidate 0.0 2",
                        "routellm_gsm8k/by number: Mixtral-8x7B to GPT-4 candidate 1.0 1");
        assertThat(progress)
                .containsExactly(
                        "routellm_gsm8k: 1 questions without a reference in gsm8k are left out of what is read "
                                + "by number");
    }

    private void assertDamaged(MeasureTask task, String set, String rows, String problem) throws IOException {
        write(set, rows);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> task.run(new MeasureContext(dir, Optional.empty(), 1, line -> {})))
                .withMessageContaining(problem);
    }

    private void write(String set, String rows) throws IOException {
        Files.createDirectories(dir.resolve(set));
        Files.writeString(dir.resolve(set).resolve("some_model.jsonl"), rows);
    }
}
