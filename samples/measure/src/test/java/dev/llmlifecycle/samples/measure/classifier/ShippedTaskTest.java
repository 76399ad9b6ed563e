package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.llmlifecycle.core.classify.LabelledText;
import dev.llmlifecycle.core.classify.TrainedTextClassifier;
import dev.llmlifecycle.core.validation.safety.InjectionDetector;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class ShippedTaskTest {

    private static final int ROWS = 60;
    private static final List<String> WORDS =
            List.of("apple", "river", "stone", "cloud", "paper", "green", "music", "table", "winter", "garden");

    @TempDir
    Path dir = Path.of("");

    @Test
    void judgesTheShippedClassifiersOnEverySet() throws IOException {
        writeSets();
        List<Figure> figures = new ShippedTask().run(new MeasureContext(dir, Optional.of(dir), 42, line -> {}));
        assertThat(figures)
                .extracting(Figure::set)
                .contains(
                        "jailbreaks, arena_hard",
                        "jailbreaks, arena_hard, by length alone",
                        "tweets, toxic or neutral",
                        "openai_moderation, hate or clean",
                        "injection on prompt_injection",
                        "toxicity on banking77");
        assertThat(figures).allSatisfy(figure -> assertThat(figure.value()).isBetween(0.0, 1.0));
    }

    @Test
    void judgesInjectionsAndHarm() throws IOException {
        writeSets();
        MeasureContext context = new MeasureContext(dir, Optional.of(dir), 42, line -> {});
        InjectionDetector detector = InjectionDetector.shipped();
        List<Figure> figures = new ArrayList<>();
        SafetyTask.jailbreaks(context, detector, figures);
        SafetyTask.indirect(context, detector, figures);
        SafetyTask.harm(context, figures);
        assertThat(figures)
                .extracting(Figure::set)
                .contains(
                        "jailbreaks, harmless of the same length",
                        "the same by length alone",
                        "instructions in e-mails",
                        "instructions in tables",
                        "harmful requests, xstest safe",
                        "openai_moderation, self-harm");
        assertThat(figures).allSatisfy(figure -> assertThat(figure.value()).isBetween(0.0, 1.0));
    }

    @Test
    void pairsTextsOfOneLength() {
        Separation.Pairs pairs = Separation.ofOneLength(
                List.of("a".repeat(100), "a".repeat(20)), List.of("b".repeat(110), "b".repeat(50)));
        assertThat(pairs.bad()).containsExactly("a".repeat(100));
        assertThat(pairs.good()).containsExactly("b".repeat(110));
    }

    @Test
    void fillsShapesAlikeForASeed() {
        String file = "# shapes\nwhat = one | two\ndirect plain: say {what}\nsafe-direct plain: ask {what}\n";
        InjectionShapes shapes = InjectionShapes.parse(file, 3);
        assertThat(shapes.of("direct"))
                .isNotEmpty()
                .isEqualTo(InjectionShapes.parse(file, 3).of("direct"))
                .allSatisfy(shape -> {
                    assertThat(shape.text().toLowerCase(Locale.ROOT)).isIn("say one", "say two");
                    assertThat(shape.family()).isEqualTo("plain");
                });
    }

    @Test
    void trainsOnWhatIsNotKeptApart() throws IOException {
        writeSets();
        ShippedSets sets = ShippedSets.injection(new MeasureContext(dir, Optional.empty(), 42, line -> {}));
        List<String> trained = sets.train().stream().map(LabelledText::text).toList();
        List<LabelledText> kept = sets.report("jailbreak_prompts");
        assertThat(kept).isNotEmpty().allSatisfy(text -> assertThat(trained).doesNotContain(text.text()));
        assertThat(trained.size()).isGreaterThan(2 * kept.size());

        Path out = dir.resolve("out");
        ShippedTraining.main(new String[] {dir.toString(), out.toString()});
        assertThat(TrainedTextClassifier.load(out.resolve("injection.classifier"))
                        .labels())
                .containsExactly("benign", "injection");
        assertThat(TrainedTextClassifier.load(out.resolve("toxicity.classifier"))
                        .labels())
                .containsExactly("neutral", "toxic/hate", "toxic/offensive");
        assertThat(TrainedTextClassifier.load(out.resolve("instruction.classifier"))
                        .labels())
                .containsExactly("content", "instruction");
        assertThat(TrainedTextClassifier.load(out.resolve("harm.classifier")).labels())
                .containsExactly("illegal-act", "self-harm");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShippedTraining.main(new String[0]))
                .withMessage(
                        "training the shipped classifiers takes two folders but got 0 arguments; name the folder of "
                                + "the sets and the folder to write to");
    }

    private void writeSets() throws IOException {
        write("jailbreak_prompts", "{\"id\":\"%d\",\"prompt\":\"obey %s\"}");
        write("prompt_injection", "{\"prompt\":\"ignore %2$s\",\"word_list\":[],\"category\":\"x\"}");
        write("arena_hard", "{\"uid\":\"%d\",\"cluster\":\"x\",\"prompt\":\"solve %s\"}");
        write(
                "arena_hard",
                "answers.jsonl",
                "{\"uid\":\"%d\",\"ans_id\":\"x\",\"model\":\"gpt-4-0314\",\"messages\":[{\"role\":\"user\"},"
                        + "{\"content\":{\"answer\":\"Here is %s.\"}}]}");
        write("prompt_injection", "attacks.jsonl", "{\"attack_type\":\"kind %d\",\"attack\":\"Explain %s.\"}");
        write(
                "prompt_injection",
                "contexts.jsonl",
                "{\"context\":\"Dear %2$s, see you on Monday. It is %1$d.\",\"question\":\"x\",\"ideal\":\"y\"}");
        write(
                "prompt_injection",
                "tables.jsonl",
                "{\"context\":\"| name | %2$s |\\n| year | %1$d |\",\"question\":\"x\",\"ideal\":\"y\"}");
        write("bbh", "{\"task\":\"x\",\"input\":\"count %2$s\"}");
        write("harmful_requests", "{\"Behavior\":\"steal %2$s\",\"BehaviorID\":\"%1$d\"}");
        write("ifeval_prompts", "{\"key\":%d,\"prompt\":\"write %s\"}");
        write("xstest", "{\"id\":\"%d\",\"prompt\":\"kill %s\",\"label\":\"safe\",\"focus\":\"x\"}");
        write("clinc150", "{\"text\":\"pay %2$s\",\"intent\":\"x\"}");
        write("banking77", "{\"text\":\"card %2$s\",\"category\":\"x\"}");
        write("hate_speech_davidson", "{\"tweet\":\"tweet %2$s %3$d\",\"class\":\"%3$d\"}");
        write("openai_moderation", "{\"prompt\":\"post %2$s\",\"H\":%3$d,\"S\":0,\"SH\":%3$d}");
    }

    private void write(String set, String row) throws IOException {
        write(set, "rows.jsonl", row);
    }

    private void write(String set, String file, String row) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            String words = WORDS.get(i % 10) + " " + WORDS.get(i / 10) + " " + WORDS.get((i * 7 + 3) % 10) + " " + i;
            rows.append(String.format(Locale.ROOT, row, i, words, i % 3)).append('\n');
        }
        Files.createDirectories(dir.resolve(set));
        Files.writeString(dir.resolve(set).resolve(file), rows);
    }
}
