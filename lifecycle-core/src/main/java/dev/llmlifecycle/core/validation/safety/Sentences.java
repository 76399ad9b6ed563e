package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.text.TextSpan;

/** Cuts a passage into sentences, lines and cells of tables, each of which may be an instruction by itself. */
final class Sentences {

    private static final int LONGEST = 400;
    private static final int SHORTEST = 8;

    private Sentences() {}

    static List<TextSpan> of(String text) {
        List<TextSpan> spans = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = i + 1 == text.length() || text.charAt(i + 1) <= ' ' || text.charAt(i + 1) == '|';
            boolean ends = ((c == '.' || c == '!' || c == '?') && space) || c == '。' || c == '？' || c == '！';
            boolean cut = c == '\n' || c == '|' || (i - start >= LONGEST && c <= ' ') || i - start >= 2 * LONGEST;
            if (ends || cut) {
                add(spans, text, start, ends ? i + 1 : i);
                start = i + 1;
            }
        }
        add(spans, text, start, text.length());
        return spans;
    }

    private static void add(List<TextSpan> spans, String text, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && text.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) <= ' ') {
            to--;
        }
        if (to - from >= SHORTEST) {
            spans.add(new TextSpan(from, to));
        }
    }
}
