package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The measurement of follow-ups, on two pages and two dialogues. */
final class DialoguesTest {

    @TempDir
    private Path folder;

    private Program program;

    @BeforeEach
    void writeAHome() throws IOException {
        Path home = folder.resolve("home");
        Path sample = home.resolve("samples/support-chatbot");
        Files.createDirectories(home.resolve("docs"));
        Files.createDirectories(sample.resolve("help-centre"));
        Files.writeString(home.resolve("docs/index.md"), "# Docs\n\nHow this is built.\n");
        Files.writeString(sample.resolve("help-centre/norway.md"), "# Norway\n\nA parcel to Norway costs 9 EUR.\n");
        Files.writeString(sample.resolve("help-centre/sweden.md"), "# Sweden\n\nA parcel to Sweden costs 7 EUR.\n");
        Files.writeString(sample.resolve("help-centre/hours.md"), "# Hours\n\nThe phone is answered on Saturday.\n");
        Files.writeString(sample.resolve("questions.jsonl"), "");
        Files.writeString(sample.resolve("dialogues.jsonl"), """
                {"id": "dlg-04", "kind": "follow-up", "turns": [\
                {"user": "What does a parcel to Norway cost?", "standalone": "What does a parcel to Norway cost?", \
                "pages": "norway.md", "expected": ["9 EUR"]}, \
                {"user": "and to Sweden?", "standalone": "What does a parcel to Sweden cost?", \
                "pages": "sweden.md", "expected": ["7 EUR"]}]}
                {"id": "dlg-27", "kind": "topic-switch", "turns": [\
                {"user": "What does a parcel to Norway cost?", "standalone": "What does a parcel to Norway cost?", \
                "pages": "norway.md", "expected": ["9 EUR"]}, \
                {"user": "Another question: is the phone answered on Saturday?", \
                "standalone": "Is the phone answered on Saturday?", \
                "pages": "hours.md", "expected": ["on Saturday"]}]}
                {"id": "dlg-01", "kind": "follow-up", "turns": [\
                {"user": "Is the phone answered?", "standalone": "Is the phone answered?", \
                "pages": "hours.md", "expected": ["on Saturday"]}]}
                """);
        program = new Program(folder).env("CHATBOT_HOME", home.toString());
    }

    private Program.Result measure(String... half) {
        String[] args = new String[half.length + 5];
        args[0] = "--index";
        args[1] = program.index().toString();
        args[2] = "--state";
        args[3] = program.state().toString();
        args[4] = "--dialogues";
        System.arraycopy(half, 0, args, 5, half.length);
        return program.run("", args);
    }

    @Test
    void printsSharesOfTheReportHalfForEachWay() {
        Program.Result result = measure();

        assertThat(result.complaints()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .startsWith("2 dialogues of the report half, 4 turns. Share of turns, with Wilson's 95 % interval:")
                .contains("Questions as they are", "Questions by rules", "to stand alone", "first turns, 2 turns")
                .contains("Set OPENAI_API_KEY or OPENAI_BASE_URL for follow-ups rewritten by a model.")
                .doesNotContain("by the model");
        assertThat(result.out().substring(result.out().indexOf("by rules")))
                .containsSubsequence("follow-up, 1 turns", "page first     1.00  [0.21, 1.00]  1 of 1")
                .containsSubsequence("changes of topic, 1 turns", "left alone     1.00  [0.21, 1.00]  1 of 1");
    }

    @Test
    void showsWhatWentWrongInTheDevelopmentHalfOnly() {
        assertThat(measure("DEVELOPMENT").out()).startsWith("1 dialogues of the development half, 1 turns.");
        assertThat(measure("REPORT").out()).doesNotContain("follow-up: ");
    }

    @Test
    void asksTheModelWhereThereIsOne() {
        try (OpenAiServer server = OpenAiServer.start()
                .answerWith(request -> Reply.text(
                        request.lastUserText().startsWith("Conversation:")
                                ? "REWRITTEN: What does a parcel to Sweden cost?"
                                : "7 EUR [1]."))) {
            program.endpoint(server);

            Program.Result result = measure();

            assertThat(result.code()).isZero();
            assertThat(result.out().substring(result.out().indexOf("by the model")))
                    .containsSubsequence("follow-up, 1 turns", "page first     1.00  [0.21, 1.00]  1 of 1")
                    .containsSubsequence("changes of topic, 1 turns", "left alone     0.00  [0.00, 0.79]  0 of 1");
        }
    }

    @Test
    void isForTheDocumentsOfTheSampleAlone() {
        assertThat(program.onDocs("", "--dialogues").complaints())
                .containsExactly("--dialogues has questions with answers for the sample's own documents only;"
                        + " leave out --docs");
        assertThat(program.ask(Program.REFUND, "--dialogues").complaints())
                .containsExactly("--dialogues excludes --circle and --ask; give one of them; see --help");
    }

    @Test
    void sharesEveryKindBetweenTheHalves() throws IOException {
        String lines = Files.readString(Path.of("dialogues.jsonl"));
        for (Dialogues.Half half : Dialogues.Half.values()) {
            assertThat(lines.lines().filter(line -> Dialogues.Half.of(line.substring(8, 14)) == half))
                    .as(half.name())
                    .hasSizeGreaterThanOrEqualTo(15)
                    .anyMatch(line -> line.contains("\"follow-up\""))
                    .anyMatch(line -> line.contains("\"correction\""))
                    .anyMatch(line -> line.contains("\"topic-switch\""));
        }
    }
}
