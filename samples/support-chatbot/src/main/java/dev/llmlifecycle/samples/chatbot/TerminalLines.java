package dev.llmlifecycle.samples.chatbot;

import java.io.IOError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/**
 * Lines from a terminal, with editing, completion of commands and a history that outlives the conversation.
 *
 * <p>Ctrl-C clears the line; on an empty line, twice in a row ends, as does Ctrl-D.
 */
final class TerminalLines implements LineSource {

    private static final int KEPT_LINES = 1000;

    private final org.jline.terminal.Terminal terminal;
    private final PrintStream out;
    private final LineReader reader;
    private boolean interrupted;

    /**
     * Takes over a terminal.
     *
     * @param terminal the terminal, which is closed with this
     * @param out writes to it
     * @param history the file of what was typed before
     */
    TerminalLines(org.jline.terminal.Terminal terminal, PrintStream out, Path history) {
        this.terminal = terminal;
        this.out = out;
        DefaultParser oneLine = new DefaultParser();
        oneLine.setQuoteChars(new char[0]);
        oneLine.setEscapeChars(new char[0]);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(oneLine)
                .completer(TerminalLines::complete)
                .history(new DiscreetHistory())
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                .variable(LineReader.HISTORY_SIZE, KEPT_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, KEPT_LINES);
        if (isWritable(history)) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        this.reader = builder.build();
    }

    @Override
    public @Nullable String read() {
        try {
            String line = reader.readLine(PROMPT);
            interrupted = false;
            return line.replaceAll("\\R", " "); // pasted lines are one question
        } catch (UserInterruptException e) {
            boolean empty = e.getPartialLine() == null || e.getPartialLine().isBlank();
            if (empty && interrupted) {
                return null;
            }
            interrupted = empty;
            if (empty) {
                out.println("(Ctrl-C again or Ctrl-D ends.)");
            }
            return "";
        } catch (EndOfFileException e) {
            return null;
        } catch (IOError e) {
            throw new WrongInputException("The terminal cannot be read any more; start again");
        }
    }

    @Override
    public <T> T interruptible(Runnable interrupt, Supplier<T> action) {
        boolean echo = terminal.echo(false);
        SignalHandler before = terminal.handle(Signal.INT, signal -> interrupt.run());
        try {
            return action.get();
        } finally {
            terminal.handle(Signal.INT, before);
            terminal.echo(echo);
        }
    }

    @Override
    public boolean erase(String text) {
        int columns = terminal.getColumns();
        if (columns <= 0
                || terminal.getStringCapability(Capability.cursor_up) == null
                || terminal.getStringCapability(Capability.clr_eos) == null) {
            return false;
        }
        int rows = 0;
        for (String line : text.split("\n", -1)) {
            rows += Math.max(1, (new AttributedString(line).columnLength() + columns - 1) / columns);
        }
        if (rows > terminal.getRows()) {
            return false;
        }
        terminal.puts(Capability.carriage_return);
        for (int row = 1; row < rows; row++) {
            terminal.puts(Capability.cursor_up);
        }
        terminal.puts(Capability.clr_eos);
        terminal.flush();
        return true;
    }

    @Override
    public void close() {
        try (terminal) {
            reader.getHistory().save();
        } catch (IOException e) {
            throw new WrongInputException(
                    "What was typed cannot be kept; see whether the disk of the state folder is full");
        }
    }

    private static void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line.wordIndex() == 0 && line.word().startsWith("/")) {
            for (ChatCommand command : ChatCommand.values()) {
                candidates.add(
                        new Candidate(command.word(), command.word(), null, command.summary(), null, null, true));
            }
        } else if (line.wordIndex() == 1 && line.words().get(0).equals(ChatCommand.HELP.word())) {
            for (ChatCommand command : ChatCommand.values()) {
                candidates.add(new Candidate(command.topic()));
            }
        }
    }

    /** Makes sure that nobody else can read the history; without it there is none. */
    private static boolean isWritable(Path history) {
        try {
            if (Files.notExists(history)) {
                Files.createFile(history);
            }
            if (Files.getFileStore(history).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(history, PosixFilePermissions.fromString("rw-------"));
            }
            return Files.isRegularFile(history) && Files.isWritable(history);
        } catch (IOException e) {
            return false;
        }
    }

    /** Remembers what was typed, but nothing that looks like a secret. */
    private static final class DiscreetHistory extends DefaultHistory {

        @Override
        public void add(Instant time, String line) {
            if (!Secrets.standIn(line)) {
                super.add(time, line);
            }
        }
    }
}
