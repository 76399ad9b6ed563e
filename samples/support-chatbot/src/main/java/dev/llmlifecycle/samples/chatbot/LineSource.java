package dev.llmlifecycle.samples.chatbot;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Where the lines of a conversation come from: a pipe, or a terminal with somebody at it. */
interface LineSource extends AutoCloseable {

    String PROMPT = "> ";

    /** Waits for the next line; nothing at the end. */
    @Nullable String read();

    /** Does something that the user may interrupt, where there is a user to do so. */
    <T> T interruptible(Runnable interrupt, Supplier<T> action);

    /**
     * Takes what was printed last from the screen.
     *
     * @param text what stands there since the last line break before it
     * @return false where that is not possible, and the text stays
     */
    boolean erase(String text);

    @Override
    void close();
}
