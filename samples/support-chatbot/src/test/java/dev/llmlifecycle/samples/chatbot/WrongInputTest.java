package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

final class WrongInputTest {

    @TempDir
    private Path folder;

    private Program program;

    @BeforeEach
    void start() {
        program = new Program(folder);
    }

    @Test
    void aMissingFolder() {
        assertFailed(
                program.run("", "--docs", folder.resolve("nowhere").toString(), "--ask", Program.REFUND),
                "The document folder " + folder.resolve("nowhere") + " does not exist; name another with --docs DIR");
        assertNothingWritten();
    }

    @Test
    void aFileInsteadOfAFolder() {
        Path file = program.docs().resolve("delivery.txt");

        assertFailed(
                program.run("", "--docs", file.toString(), "--ask", Program.REFUND),
                "The document folder " + file + " is a file; name the folder that holds it");
        assertNothingWritten();
    }

    @Test
    void anEmptyFolder() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertFailed(
                program.run(
                        "",
                        "--docs",
                        empty.toString(),
                        "--index",
                        program.index().toString(),
                        "--state",
                        program.state().toString(),
                        "--ask",
                        Program.REFUND),
                "Reading the document folder " + empty + " found no document;"
                        + " put .md, .txt, .html, .doc, .docx, .pdf, .ppt, .pptx, .rtf, .xls or .xlsx files into it");
        assertNothingWritten();
    }

    @Test
    void anUnreadableFolder() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        assumeTrue(closed.toFile().setReadable(false, false));
        assumeFalse(Files.isReadable(closed), "this user may read everything");

        assertFailed(
                program.run("", "--docs", closed.toString(), "--ask", Program.REFUND),
                "The document folder " + closed
                        + " cannot be read; change its permissions or name another with --docs DIR");
        assertNothingWritten();
    }

    @Test
    void aBinaryFileIsLeftOutAndNamed() throws IOException {
        Files.write(program.docs().resolve("photo.md"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0, 1, (byte) 0xff});
        Files.write(program.docs().resolve("photo.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G'});

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("14 days");
        assertThat(result.complaints())
                .anySatisfy(line -> assertThat(line).startsWith("Left out photo.md: it "))
                .contains("Left out photo.png: only .md, .txt, .html, PDF and Office files are read")
                .hasSize(2);
    }

    @Test
    void aTruncatedIndexIsNamedAndLeftAsItIs() throws IOException {
        program.ask(Program.REFUND);
        Path file = program.index().resolve("passages.index");
        byte[] half = Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2);
        Files.write(file, half);

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(file + ", byte ")
                        .contains("it was cut off")
                        .endsWith("; delete the directory and ingest again"));
        assertThat(file).hasBinaryContent(half);
    }

    @Test
    void anIndexOfAnotherVersionIsNamedAndLeftAsItIs() throws IOException {
        program.ask(Program.REFUND);
        Path file = program.index().resolve("passages.index");
        byte[] other = Files.readAllBytes(file);
        // Magic of 8 bytes, version, checksum of both; all little-endian or all big-endian.
        ByteOrder order = other[8] == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer preamble = ByteBuffer.wrap(other).order(order);
        preamble.putInt(8, preamble.getInt(8) + 1);
        CRC32C checksum = new CRC32C();
        checksum.update(other, 0, 12);
        preamble.putInt(12, (int) checksum.getValue());
        Files.write(file, other);

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("Opening the index " + file
                                + " failed: its format version is 2 and this library reads 1")
                        .contains("delete the directory and ingest again"));
        assertThat(file).hasBinaryContent(other);
    }

    @Test
    void anIndexFolderThatIsAFile() throws IOException {
        Files.writeString(program.index(), "mine");

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .satisfies(line -> assertThat(line).contains(program.index().toString()));
        assertThat(program.index()).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBadKey(boolean json) {
        try (OpenAiServer server = OpenAiServer.start("right")) {
            program.endpoint(server).env("OPENAI_API_KEY", "sk-wrong-secret");

            Program.Result result = json ? program.ask(Program.REFUND, "--json") : program.ask(Program.REFUND);

            assertFailed(result, "The endpoint refused the credentials; check the API key");
            assertThat(result.out() + result.err()).doesNotContain("sk-wrong-secret");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPortThatAnswersNothing(boolean json) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        program.env("OPENAI_BASE_URL", "http://127.0.0.1:" + port + "/v1");

        assertFailed(
                json ? program.ask(Program.REFUND, "--json") : program.ask(Program.REFUND),
                "The endpoint cannot be reached; check its base URL and that it is running");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEndpointThatStalls(boolean json) {
        try (OpenAiServer server = OpenAiServer.start().answerWith(request -> Reply.stall())) {
            program.endpoint(server);
            program.ask("What does Norway cost?", "--timeout", "1");

            Program.Result result = json
                    ? program.ask(Program.REFUND, "--json", "--timeout", "1")
                    : program.ask(Program.REFUND, "--timeout", "1");

            assertThat(result.code()).isEqualTo(2);
            assertThat(result.complaints())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .containsAnyOf("in time", "took longer than")
                            .contains("allow more time"));
        }
    }

    @Test
    void anAddressThatIsNone() {
        program.env("OPENAI_BASE_URL", "localhost:11434");

        assertFailed(
                program.ask(Program.REFUND),
                "OPENAI_BASE_URL is no http or https URL; set it to an address such as http://localhost:11434/v1");
        assertNothingWritten();
    }

    @Test
    void aStateFolderThatIsAFile() throws IOException {
        Files.writeString(program.state(), "mine");

        Program.Result result = program.ask(Program.REFUND);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.complaints())
                .singleElement()
                .satisfies(line -> assertThat(line).contains(program.state().toString()));
        assertThat(program.state()).hasContent("mine");
    }

    @Test
    void anOutputThatIsClosed() {
        program.ask(Program.REFUND);
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int code = program.run(
                new ByteArrayInputStream((Program.REFUND + "\n").repeat(3).getBytes(UTF_8)),
                new PrintStream(new ClosedStream(), true, UTF_8),
                new PrintStream(err, true, UTF_8));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString(UTF_8).lines())
                .containsExactly("The output cannot be written; see whether its reader or its disk is at an end");
    }

    @Test
    void aTerminalShowsTheLettersOfItsLocale() {
        assertThat(SupportChatbot.terminalCharset("ISO-8859-15")).isEqualTo(Charset.forName("ISO-8859-15"));
        assertThat(SupportChatbot.terminalCharset("UTF-8")).isEqualTo(UTF_8);
        assertThat(SupportChatbot.terminalCharset("ANSI_X3.4-1968")).isEqualTo(UTF_8);
        assertThat(SupportChatbot.terminalCharset("no such charset")).isEqualTo(UTF_8);
        assertThat(SupportChatbot.terminalCharset(null)).isEqualTo(UTF_8);
    }

    private static void assertFailed(Program.Result result, String message) {
        assertThat(result.complaints()).containsExactly(message);
        assertThat(result.code()).isEqualTo(2);
    }

    private void assertNothingWritten() {
        assertThat(program.index()).doesNotExist();
        assertThat(program.state()).doesNotExist();
    }

    /** Takes nothing, like a pipe whose reader has gone. */
    private static final class ClosedStream extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            throw new IOException("closed");
        }
    }
}
