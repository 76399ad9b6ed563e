package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The circle on a model that knows every answer, but tells it to the second prompt only, or to neither. */
final class CircleTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Program program;

    @BeforeEach
    void start() {
        program = new Program(folder)
                .env(
                        "CHATBOT_HOME",
                        Path.of("../..").toAbsolutePath().normalize().toString());
    }

    @Test
    void movesProductionWithAVerdictAndPlaysAgain() throws IOException {
        Map<String, String> answers = answers();
        try (OpenAiServer server = OpenAiServer.start().answerWith(request -> {
            boolean second = request.texts().get(0).contains("every amount, date and condition");
            return Reply.text(
                    second
                            ? answers.getOrDefault(request.lastUserText(), "The documents do not answer this.")
                            : "The documents do not answer this.");
        })) {
            program.endpoint(server);

            Program.Result first = circle();
            Program.Result again = circle();

            assertThat(first.complaints()).isEmpty();
            assertThat(first.code()).isZero();
            assertThat(first.out())
                    .contains("110 examples", "88 of them have an answer: hash ")
                    .contains("The label production gets its first release: ")
                    .contains("Verdict: IMPROVED")
                    .contains(
                            "Without a verdict: Promoting release ",
                            "was refused: the label asks for a verdict and none is given")
                    .containsPattern("With the verdict: production is at release [0-9a-f]{12}, revision 2")
                    .containsPattern("Roll back: production is at release [0-9a-f]{12}, revision 3")
                    .containsPattern("Forward again: production is at release [0-9a-f]{12}, revision 4")
                    .containsPattern("Production answered 110 questions: \\d+ /good, \\d+ /bad, 0 failed")
                    .containsPattern("\\d+ fine-tuning rows from the circle");
            assertThat(first.out())
                    .contains("Of the questions over two pages, in full: v1 0 of 22, v2 ")
                    .containsPattern("The whole turn on one page: .*circle.report\\.html");
            assertThat(again.code()).isZero();
            assertThat(again.out())
                    .contains("The label production goes back to where an earlier circle began: ")
                    .containsPattern("Forward again: production is at release [0-9a-f]{12}, revision 8");
            assertThat(Files.readString(file("report.html")))
                    .contains("<strong>IMPROVED</strong>", "support-answer@1 by support-chatbot")
                    .contains(
                            "Questions over two pages, in full",
                            "was refused: the label asks for a verdict and none is given")
                    .contains("wrong or incomplete", "test cases from the circle", "fine-tuning rows from the circle");
            assertThat(first.out())
                    .containsPattern("Rule prices: kept by \\d+ of \\d+ answers")
                    .containsPattern("Target fast: MET")
                    .containsPattern("To read and sign, with SHA-256 [0-9a-f]{12}: .*circle.scorecard\\.html");
            String card = Files.readString(file("scorecard.html"));
            String text = Files.readString(file("scorecard.txt"));
            assertThat(card).contains("Head of Customer Service", "scope=\"row\"", "<dt>Signature</dt>");
            assertThat(text).contains("Signature: ____").contains("[MET] fast: time of half of all answers");
            assertThat(rows("fine-tuning.jsonl")).allSatisfy(row -> {
                assertThat(row.at("/messages/0/role").asText()).isEqualTo("system");
                assertThat(row.at("/messages/1/role").asText()).isEqualTo("user");
                assertThat(row.at("/messages/2/role").asText()).isEqualTo("assistant");
                assertThat(row.at("/messages/2/content").asText()).isNotBlank();
            });
        }
    }

    @Test
    void leavesProductionWhereItIsWithoutAnImprovement() throws IOException {
        try (OpenAiServer server =
                OpenAiServer.start().answerWith(request -> Reply.text("The documents do not answer this."))) {
            program.endpoint(server);

            Program.Result result = circle();

            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .contains("Verdict: EQUIVALENT")
                    .contains("With the verdict: Promoting release ", "the verdict is EQUIVALENT")
                    .contains("So production stays at release ")
                    .doesNotContain("Roll back:")
                    .contains("22 /good, 88 /bad, 0 failed")
                    .contains("88 new test cases from the circle, 0 of them to be completed by a person");
            assertThat(rows("test-cases.jsonl"))
                    .hasSize(88)
                    .allSatisfy(row -> assertThat(row.path("expected")).hasSize(1));
        }
    }

    @Test
    void anEndpointThatFailsGivesNoVerdict() {
        try (OpenAiServer server = OpenAiServer.start().answerWith(request -> Reply.failure(500))) {
            program.endpoint(server);

            Program.Result result = circle();

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.complaints())
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line).contains("gives no verdict").contains("mend it and run again"));
        }
    }

    private Program.Result circle() {
        return program.run(
                "",
                "--circle",
                "--index",
                program.index().toString(),
                "--state",
                program.state().toString());
    }

    private List<JsonNode> rows(String name) throws IOException {
        return lines(file(name));
    }

    private Path file(String name) throws IOException {
        try (var files = Files.walk(program.state())) {
            return files.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
        }
    }

    /** Returns what the pages say to each question: the gold strings, which the groundedness check lets pass. */
    private static Map<String, String> answers() throws IOException {
        Map<String, String> answers = new HashMap<>();
        for (JsonNode question : lines(Path.of("questions.jsonl"))) {
            if (!question.path("expected").isEmpty()) {
                answers.put(
                        question.path("input").asText(),
                        question.path("expected").get(0).asText() + " [1].");
            }
        }
        return answers;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> rows = new java.util.ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}
