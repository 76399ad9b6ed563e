package dev.llmlifecycle.samples.chatbot;

import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class CommandLineTest {

    @TempDir
    private Path folder;

    private Program program;

    @BeforeEach
    void start() {
        program = new Program(folder);
    }

    @Test
    void helpNamesEveryOptionVariableAndExitCode() {
        Program.Result result = program.run("", "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains(
                        "--docs",
                        "--ask",
                        "--json",
                        "--why",
                        "--circle",
                        "--dialogues",
                        "--index",
                        "--state",
                        "--timeout")
                .contains("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
                .contains("Exit codes: 0 answered, or the documents do not answer; 2 wrong input or failed.");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void versionSaysWhatItIs() {
        Program.Result result = program.run("", "--version");

        assertThat(result.code()).isZero();
        assertThat(result.out()).startsWith("support-chatbot ");
    }

    @Test
    void anUnknownOptionIsRefusedOnOneLine() {
        assertRefused(program.run("", "--doc", "x"), "Unknown options: '--doc', 'x'; did you mean --docs? See --help");
    }

    @Test
    void aMissingValueIsRefusedOnOneLine() {
        assertRefused(program.run("", "--ask"), "Missing required parameter for option '--ask' (QUESTION); see --help");
    }

    @Test
    void aBlankQuestionIsRefused() {
        assertRefused(program.ask(" "), "The question of --ask is blank; ask something; see --help");
    }

    @Test
    void jsonWantsAQuestion() {
        assertRefused(program.onDocs("", "--json"), "--json works with --ask QUESTION only; see --help");
    }

    @Test
    void circleAndAskExcludeEachOther() {
        assertRefused(
                program.ask(Program.REFUND, "--circle"),
                "--circle and --ask exclude each other; give one of them; see --help");
    }

    @Test
    void theCircleIsForTheSamplesOwnDocuments() {
        assertRefused(
                program.onDocs("", "--circle"),
                "--circle has questions with answers for the sample's own documents only; leave out --docs");
    }

    @Test
    void aTimeoutMustBePositive() {
        assertRefused(
                program.ask(Program.REFUND, "--timeout", "0"),
                "--timeout must be at least 1 second but was 0; see --help");
        assertRefused(
                program.ask(Program.REFUND, "--timeout", "soon"),
                "Invalid value for option '--timeout': 'soon' is not an int; see --help");
    }

    @Test
    void outsideTheProjectDocumentsMustBeNamed() {
        assertRefused(
                program.run("", "--ask", Program.REFUND),
                "There is no document to answer from; name a folder with --docs DIR");
    }

    private void assertRefused(Program.Result result, String message) {
        assertThat(result.err()).isEqualTo(message + System.lineSeparator());
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(2);
        assertThat(program.index()).doesNotExist();
        assertThat(program.state()).doesNotExist();
    }
}
