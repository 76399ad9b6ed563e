package dev.llmlifecycle.samples.chatbot;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;

import org.jline.terminal.TerminalBuilder;

/**
 * Where the program reads and writes.
 *
 * @param in what the user types
 * @param out takes answers
 * @param err takes progress and complaints
 * @param charset how letters are written as bytes, in and out
 * @param interactive whether somebody sits at it, so that lines are edited, completed and remembered
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Charset charset, boolean interactive) {

    /** Returns the lines of a conversation; at a terminal, what was typed is kept in a file. */
    LineSource lines(Path history) {
        if (interactive) {
            try {
                return new TerminalLines(
                        TerminalBuilder.builder()
                                .system(true)
                                .dumb(false)
                                .encoding(charset)
                                .build(),
                        out,
                        history);
            } catch (IOException | IllegalStateException e) {
                // A console that JLine cannot take over is read like a pipe.
            }
        }
        return new PipedLines(this);
    }

    /** Says on one line what went wrong and what to do. */
    void complain(String message) {
        err.println(message.replaceAll("\\s*\\R\\s*", " "));
    }
}
