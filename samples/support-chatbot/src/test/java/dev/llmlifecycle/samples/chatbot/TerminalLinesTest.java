package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A terminal of JLine over pipes: what is typed goes in by hand, what is drawn is looked at. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class TerminalLinesTest {

    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String ENTER = "\r";
    private static final String UP = "\u001bOA";

    @TempDir
    private Path folder;

    private Desk desk;

    @BeforeEach
    void sitDown() throws IOException {
        desk = new Desk(folder.resolve("history"));
    }

    @AfterEach
    void getUp() throws IOException {
        desk.close();
    }

    @Test
    void aLineIsWhatWasTypedWhateverItHolds() throws Exception {
        assertThat(desk.read("it's \"so\" \\ far! ä €" + ENTER)).isEqualTo("it's \"so\" \\ far! ä €");
    }

    @Test
    void tabCompletesCommandsAndHelpTopics() throws Exception {
        assertThat(desk.read("/wh\t" + ENTER)).isEqualTo("/why ");
        assertThat(desk.read("/help rel\t" + ENTER)).isEqualTo("/help release ");
        assertThat(desk.read("why\t" + ENTER).strip()).isEqualTo("why");
    }

    @Test
    void pastedLinesAreOneQuestion() throws Exception {
        assertThat(desk.read("\u001b[200~first line\nsecond line\u001b[201~" + ENTER))
                .isEqualTo("first line second line");
    }

    @Test
    void ctrlCClearsTheLineAndTwiceOnAnEmptyOneEnds() throws Exception {
        assertThat(desk.interrupted("half a quest")).isEmpty();
        assertThat(desk.screen()).doesNotContain("Ctrl-C again");

        assertThat(desk.interrupted("")).isEmpty();
        assertThat(desk.screen()).contains("(Ctrl-C again or Ctrl-D ends.)");
        assertThat(desk.interrupted("")).isNull();
    }

    @Test
    void aLineBetweenTwoInterruptsMakesTheSecondTheFirst() throws Exception {
        assertThat(desk.interrupted("")).isEmpty();
        assertThat(desk.read("a question" + ENTER)).isEqualTo("a question");
        assertThat(desk.interrupted("")).isEmpty();
    }

    @Test
    void ctrlDEnds() throws Exception {
        assertThat(desk.read(CTRL_D)).isNull();
    }

    @Test
    void theHistoryOutlivesTheConversationAndHoldsNoSecret() throws Exception {
        desk.read("How long is the warranty?" + ENTER);
        desk.read("my password is hunter22" + ENTER);
        desk.read(" not this one" + ENTER);
        desk.close();

        Path history = folder.resolve("history");
        assertThat(history).hasContent("How long is the warranty?\n");
        assertThat(Files.getPosixFilePermissions(history)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        desk = new Desk(history);
        assertThat(desk.read(UP + ENTER)).isEqualTo("How long is the warranty?");
    }

    @Test
    void aHistoryThatCannotBeKeptIsDoneWithout() throws Exception {
        desk.close();
        desk = new Desk(Files.createDirectory(folder.resolve("a folder")));

        assertThat(desk.read("first" + ENTER)).isEqualTo("first");
        assertThat(desk.read(UP + ENTER)).isEqualTo("first");
    }

    @Test
    void anInterruptReachesWhatIsGoingOn() {
        CompletableFuture<String> answer = new CompletableFuture<>();

        String end = desk.lines.interruptible(() -> answer.complete("stopped"), () -> {
            desk.terminal.raise(Signal.INT);
            return answer.join();
        });

        assertThat(end).isEqualTo("stopped");
        assertThat(desk.terminal.echo()).isTrue();
    }

    @Test
    void whatStandsOnTheScreenIsErasedRowByRow() {
        assertThat(desk.lines.erase("x".repeat(45))).isTrue(); // three rows of twenty columns

        assertThat(desk.screen()).isEqualTo("\r\u001b[A\u001b[A\u001b[J");
    }

    @Test
    void whatHasScrolledAwayStays() {
        assertThat(desk.lines.erase("line\n".repeat(10))).isFalse();
        assertThat(desk.screen()).isEmpty();
    }

    /** Twenty columns and ten rows, with somebody who types. */
    private static final class Desk implements AutoCloseable {

        private final PipedOutputStream keys = new PipedOutputStream();
        private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        private final org.jline.terminal.Terminal terminal;
        private final TerminalLines lines;
        private boolean closed;

        Desk(Path history) throws IOException {
            terminal = TerminalBuilder.builder()
                    .streams(new PipedInputStream(keys), drawn)
                    .type("xterm")
                    .encoding(StandardCharsets.UTF_8)
                    .build();
            terminal.setSize(Size.of(20, 10));
            lines = new TerminalLines(terminal, new PrintStream(drawn, true, StandardCharsets.UTF_8), history);
        }

        String screen() {
            return drawn.toString(StandardCharsets.UTF_8);
        }

        String read(String typed) throws Exception {
            CompletableFuture<String> line = CompletableFuture.supplyAsync(lines::read);
            type(typed);
            return line.get();
        }

        /** Types, waits until the letters stand on the screen, and presses Ctrl-C. */
        String interrupted(String typed) throws Exception {
            drawn.reset();
            CompletableFuture<String> line = CompletableFuture.supplyAsync(lines::read);
            type(typed);
            while (!screen().replaceAll("\u001b\\[[0-9;?]*[A-Za-z]|[\r\n ]", "")
                    .contains(">" + typed.replace(" ", ""))) {
                Thread.onSpinWait();
            }
            type(CTRL_C);
            return line.get();
        }

        private void type(String text) throws IOException {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                lines.close();
                keys.close();
            }
        }
    }
}
