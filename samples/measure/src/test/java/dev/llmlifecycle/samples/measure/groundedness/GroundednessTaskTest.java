package dev.llmlifecycle.samples.measure.groundedness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class GroundednessTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    @DisplayName("answers that copy their text are told from those that do not, and generic ones are left out")
    void separatesCopies() throws IOException {
        write();

        List<Figure> figures = new GroundednessTask(100).run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(figure(figures, "begin/wow", "AUROC").value()).isEqualTo(1);
        assertThat(figure(figures, "begin/wow", "AUROC").n()).isBetween(60L, 140L);
        assertThat(figure(figures, "begin/wow", "supported answers refused").value())
                .isZero();
        assertThat(figure(figures, "begin/wow", "unsupported answers refused").value())
                .isEqualTo(1);
        assertThat(figure(figures, "copied sentences", "refused").value()).isZero();
        assertThat(figure(figures, "halueval/qa of one length", "AUROC").n()).isEqualTo(40);
        assertThat(figures)
                .filteredOn(figure -> figure.set().equals("changed sentences"))
                .hasSize(6);
        assertThat(figures)
                .filteredOn(figure -> figure.set().equals("fitted again"))
                .hasSize(7);
    }

    private void write() throws IOException {
        List<String> begin = new ArrayList<>();
        List<String> gold = new ArrayList<>();
        List<String> model = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String text = "Lake " + i + " lies behind the northern hills.";
            begin.add(beginRow("wow", text, text, "Fully attributable"));
            begin.add(beginRow("wow", text, "I like swimming with friends.", "Not fully attributable"));
            begin.add(beginRow("wow", text, "Great.", "Generic"));
            begin.add(beginRow("tc", text, text, "Fully attributable"));
            begin.add(beginRow("tc", text, "My dog eats bread.", "Not fully attributable"));
            gold.add("{\"evidence\":\"" + text + "\",\"response\":\"" + text + "\",\"BEGIN\":\"Entailment\"}");
            for (String name : List.of("ctrl", "doha", "gpt2")) {
                model.add("{\"knowledge\":\"" + text + "\",\"" + name
                        + "\":\"I never sleep.\",\"begin_label\":\"hallucination\"}");
            }
        }
        file("begin/rows.jsonl", begin);
        file("faithdial_audit/gold.jsonl", gold);
        for (String name : List.of("ctrl", "doha", "gpt2")) {
            file(
                    "faithdial_audit/" + name + ".jsonl",
                    model.stream()
                            .filter(row -> row.contains("\"" + name + "\""))
                            .toList());
        }
        file("mtrag_human_eval/documents.jsonl", List.of("{\"document_id\":\"d\",\"text\":\"Lakes are deep.\"}"));
        file(
                "mtrag_human_eval/tasks.jsonl",
                List.of("{\"task_id\":\"t\",\"contexts\":[{\"document_id\":\"d\"}],\"input\":[]}"));
        file(
                "mtrag_human_eval/evaluations.jsonl",
                List.of("{\"task_id\":\"t\",\"model_response\":\"Lakes are deep.\","
                        + "\"annotations\":{\"faithfulness\":{\"1\":{\"value\":\"4\"}}}}"));
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String rest = ",\"question\":\"?\",\"right_answer\":\"Town" + i + "\",\"hallucinated_answer\":";
            pairs.add("{\"knowledge\":\"Town" + i + " is big.\"" + rest + "\"City" + i + "\"}");
            pairs.add("{\"knowledge\":\"Town" + i + " is big.\"" + rest + "\"It must be the city of many towns.\"}");
        }
        file("halueval/qa.jsonl", pairs);
    }

    private static String beginRow(String source, String text, String answer, String label) {
        return "{\"data_source\":\"" + source + "\",\"knowledge\":\"" + text + "\",\"response\":\"" + answer
                + "\",\"begin_label\":\"" + label + "\"}";
    }

    private void file(String name, List<String> rows) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, rows);
    }

    private static Figure figure(List<Figure> figures, String set, String name) {
        return figures.stream()
                .filter(figure -> figure.set().equals(set) && figure.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
