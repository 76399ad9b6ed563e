package dev.llmlifecycle.samples.chatbot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Lines from a pipe or a file. */
final class PipedLines implements LineSource {

    private final Terminal terminal;
    private final BufferedReader reader;

    PipedLines(Terminal terminal) {
        this.terminal = terminal;
        this.reader = new BufferedReader(new InputStreamReader(terminal.in(), terminal.charset()));
    }

    @Override
    public @Nullable String read() {
        terminal.out().print(PROMPT);
        terminal.out().flush();
        try {
            String line = reader.readLine();
            if (line == null) {
                terminal.out().println();
            }
            return line;
        } catch (IOException e) {
            throw new WrongInputException("The input cannot be read any more; start again");
        }
    }

    @Override
    public <T> T interruptible(Runnable interrupt, Supplier<T> action) {
        return action.get();
    }

    @Override
    public boolean erase(String text) {
        return false;
    }

    @Override
    public void close() {
        // The input is not ours.
    }
}
