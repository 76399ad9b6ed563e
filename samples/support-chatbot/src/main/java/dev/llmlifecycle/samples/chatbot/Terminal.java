package dev.llmlifecycle.samples.chatbot;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the program reads and writes. */
record Terminal(InputStream in, PrintStream out, PrintStream err) {

    BufferedReader reader() {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Says on one line what went wrong and what to do. */
    void complain(String message) {
        err.println(message.replaceAll("\\s*\\R\\s*", " "));
    }
}
