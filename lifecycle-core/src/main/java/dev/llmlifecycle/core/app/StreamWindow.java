package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * How much of an answer the validators of sentences see at once, and so how much of a stream is held back: whole
 * sentences, until they are enough and long enough.
 *
 * <p>Immutable. A wider window costs fewer calls of a slow validator and later text.
 *
 * @param sentences the least number of sentences, at least 1
 * @param characters the least number of characters from the first sentence to the last, at least 0
 * @since 0.1
 */
public record StreamWindow(int sentences, int characters) {

    /** Sentence by sentence. */
    public static final StreamWindow SENTENCE = new StreamWindow(1, 0);

    /** Checks the numbers. */
    public StreamWindow {
        if (sentences < 1 || characters < 0) {
            throw new IllegalArgumentException("a window of a stream has at least 1 sentence and 0 characters but was"
                    + " given " + sentences + " and " + characters + "; StreamWindow.SENTENCE is the default");
        }
    }

    /**
     * Makes a window of so many sentences.
     *
     * @param number at least 1
     * @return the window
     */
    public static StreamWindow ofSentences(int number) {
        return new StreamWindow(number, 0);
    }

    /**
     * Makes a window of sentences that are together so long.
     *
     * @param number the least number of characters, at least 0
     * @return the window
     */
    public static StreamWindow ofCharacters(int number) {
        return new StreamWindow(1, number);
    }

    /** Returns the full windows at the beginning of sentences. */
    List<TextSpan> full(List<TextSpan> text) {
        List<TextSpan> windows = new ArrayList<>();
        int first = 0;
        for (int last = 0; last < text.size(); last++) {
            TextSpan span = new TextSpan(text.get(first).start(), text.get(last).end());
            if (last - first + 1 >= sentences && span.end() - span.start() >= characters) {
                windows.add(span);
                first = last + 1;
            }
        }
        return windows;
    }

    /** Returns all windows of sentences, of which the last may not be full. */
    List<TextSpan> all(List<TextSpan> text) {
        List<TextSpan> windows = new ArrayList<>(full(text));
        int done = windows.isEmpty() ? 0 : windows.get(windows.size() - 1).end();
        if (!text.isEmpty() && text.get(text.size() - 1).end() > done) {
            int start = text.stream()
                    .mapToInt(TextSpan::start)
                    .filter(each -> each >= done)
                    .findFirst()
                    .orElseThrow();
            windows.add(new TextSpan(start, text.get(text.size() - 1).end()));
        }
        return windows;
    }

    Map<String, Object> toCanonical() {
        return Map.of("sentences", sentences, "characters", characters);
    }
}
