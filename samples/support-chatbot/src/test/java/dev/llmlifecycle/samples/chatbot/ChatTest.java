package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ChatTest {

    @TempDir
    private Path folder;

    private Program program;

    @BeforeEach
    void start() {
        program = new Program(folder);
    }

    @Test
    void answersFromADocumentAndNamesPageAndHeading() {
        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isZero();
        assertThat(result.out().lines())
                .contains("Sources:", "  [1] returns/refunds.md, Refunds > How long it takes")
                .anySatisfy(
                        line -> assertThat(line).contains("A refund takes 14 days after the goods have arrived [1]."));
        assertThat(result.complaints()).isEmpty();
    }

    @Test
    void saysSoWhenTheDocumentsDoNotAnswer() {
        Program.Result result = program.ask("Who won the chess championship?");

        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo("The documents do not answer this." + System.lineSeparator());
    }

    @Test
    void jsonIsOneObjectWithEverythingAProgramNeeds() throws IOException {
        Program.Result result = program.ask(Program.REFUND, "--json");

        assertThat(result.out().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "question",
                        "outcome",
                        "answer",
                        "citations",
                        "release",
                        "prompt",
                        "model",
                        "tokens",
                        "milliseconds",
                        "findings");
        assertThat(json.path("question").asText()).isEqualTo(Program.REFUND);
        assertThat(json.path("outcome").asText()).isEqualTo("answered");
        assertThat(json.path("answer").asText()).contains("14 days");
        assertThat(json.at("/citations/0/number").asInt()).isEqualTo(1);
        assertThat(json.at("/citations/0/source").asText()).isEqualTo("returns/refunds.md");
        assertThat(json.at("/citations/0/heading").asText()).isEqualTo("Refunds > How long it takes");
        assertThat(json.path("release").asText()).matches("[0-9a-f]{64}");
        assertThat(json.path("prompt").asText()).isEqualTo("support-answer@2");
        assertThat(json.path("model").asText()).isEqualTo("extractive");
        assertThat(json.at("/tokens/input").asInt()).isPositive();
        assertThat(json.at("/tokens/output").asInt()).isPositive();
        assertThat(json.path("findings").isArray()).isTrue();
    }

    @Test
    void whyShowsWhatTheAnswerRestsOn() {
        Program.Result result = program.ask(Program.REFUND, "--why");

        assertThat(result.out())
                .contains("  outcome    answered", "(production)", "  prompt     support-answer@2")
                .contains("  model      extractive:", "  cache hit  no", "  findings   none")
                .containsPattern("\\[1] \\d\\.\\d{3}  returns/refunds\\.md, Refunds > How long it takes")
                .containsPattern("  tokens +\\d+ in, \\d+ out")
                .containsPattern("    retrieve +\\d+\\.\\d ms  cacheHit=false passages=");
    }

    @Test
    void aSecondStartEmbedsNothingButTheQuestion() {
        program.ask(Program.REFUND);
        int before = program.embedded();

        Program.Result result = program.ask("Who won the chess championship?");

        assertThat(result.err()).isEmpty();
        assertThat(program.embedded() - before).isLessThanOrEqualTo(1 + sentencesThatTheModelReads());
    }

    @Test
    void aChangedDocumentAnswersAnew() {
        program.ask(Program.REFUND);
        program.page("returns/refunds.md", "# Refunds\n\nA refund takes 21 days after the goods have arrived.\n");

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.out()).contains("21 days").doesNotContain("14 days");
        assertThat(result.err()).contains("Indexed 3 passages of 3 documents");
    }

    @Test
    void theLoopAnswersExplainsAndTakesFeedback() throws IOException {
        Program.Result result = program.talk(
                "/why",
                Program.REFUND,
                "",
                Program.REFUND,
                "/sources",
                "/why",
                "/bad \"too short\"",
                "/good",
                "/release",
                "/help",
                "/help bad",
                "/help nonsense",
                "/nonsense",
                "/wy",
                "/new",
                "/why",
                "/quit",
                "never asked");

        assertThat(result.code()).isZero();
        assertThat(result.err().lines()).allMatch(line -> line.startsWith("Index"));
        assertThat(result.out())
                .startsWith("I am an embedded extractive model: I quote sentences of the documents and write none of my"
                        + " own.")
                .contains("Nothing has been asked yet.")
                .contains("14 days after the goods have arrived [1].")
                .contains("    A refund takes 14 days after the goods have arrived.")
                .contains("  cache hit  yes")
                .contains("Noted as wrong.", "Noted as right.")
                .contains("production is release ", "prompt      support-answer@2")
                .contains("  /bad \"REASON\"   the last answer was wrong, and why")
                .contains("Notes the last answer as wrong, with the reason.")
                .contains("There is no /nonsense. /help shows what there is.")
                .contains("There is no /wy; did you mean /why? /help shows what there is.")
                .contains("A new conversation." + System.lineSeparator() + "> Nothing has been asked yet.")
                .doesNotContain("never asked");
        assertThat(log()).hasSize(4).anySatisfy(line -> assertThat(line).contains("\"too short\""));
    }

    @Test
    void theEndOfInputEndsTheLoop() {
        assertThat(program.onDocs("").code()).isZero();
        assertThat(program.onDocs(Program.REFUND).out()).contains("14 days");
    }

    @Test
    void severalChatsAtOnceAllAnswer() {
        List<Program.Result> results = IntStream.range(0, 4)
                .parallel()
                .mapToObj(number -> program.ask(Program.REFUND))
                .toList();

        assertThat(results).allSatisfy(result -> {
            assertThat(result.complaints()).isEmpty();
            assertThat(result.code()).isZero();
            assertThat(result.out()).contains("14 days");
        });
    }

    private List<String> log() throws IOException {
        try (var files = Files.walk(program.state())) {
            Path log = files.filter(file -> file.endsWith("interactions.jsonl"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(log);
        }
    }

    private static int sentencesThatTheModelReads() {
        return 5;
    }
}
