package dev.llmlifecycle.core.validation.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * The code blocks of a Markdown text: lines between fences of three or more grave accents or tildes (CommonMark 4.5).
 *
 * @param language the first word after the opening fence, in lower case, possibly empty
 * @param code where the code stands, without the fences
 * @param block where the block stands, with them
 * @param closed whether there is a closing fence
 */
record FencedCode(String language, TextSpan code, TextSpan block, boolean closed) {

    private static final int SHORTEST_FENCE = 3;
    private static final int DEEPEST_INDENT = 12;

    /** Finds the blocks, in order, in time linear in the text. */
    static List<FencedCode> in(String text) {
        List<FencedCode> blocks = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int lineEnd = lineEnd(text, at);
            int fence = fence(text, at, lineEnd);
            if (fence == 0 || !opens(text, at, lineEnd)) {
                at = lineEnd + 1;
                continue;
            }
            int first = indent(text, at, lineEnd);
            char mark = text.charAt(first);
            String info = text.substring(first + fence, lineEnd).strip();
            int codeStart = Math.min(lineEnd + 1, text.length());
            int line = codeStart;
            boolean closed = false;
            int codeEnd = text.length();
            while (line < text.length() && !closed) {
                int end = lineEnd(text, line);
                int closing = fence(text, line, end);
                int from = indent(text, line, end);
                closed = closing >= fence
                        && text.charAt(from) == mark
                        && text.substring(from + closing, end).isBlank();
                codeEnd = closed ? line : codeEnd;
                line = end + 1;
            }
            int blockEnd = closed ? Math.min(line - 1, text.length()) : text.length();
            blocks.add(new FencedCode(
                    language(info),
                    new TextSpan(codeStart, Math.max(codeStart, codeEnd)),
                    new TextSpan(at, Math.max(at, blockEnd)),
                    closed));
            at = closed ? line : text.length();
        }
        return blocks;
    }

    /** Returns the text with spaces for its code blocks, so that places stay. */
    static String blank(String text) {
        List<FencedCode> blocks = in(text);
        if (blocks.isEmpty()) {
            return text;
        }
        StringBuilder prose = new StringBuilder(text);
        for (FencedCode each : blocks) {
            for (int i = each.block().start(); i < each.block().end(); i++) {
                if (prose.charAt(i) != '\n') {
                    prose.setCharAt(i, ' ');
                }
            }
        }
        return prose.toString();
    }

    private static String language(String info) {
        int end = 0;
        while (end < info.length() && !Character.isWhitespace(info.charAt(end)) && info.charAt(end) != '{') {
            end++;
        }
        return info.substring(0, end).toLowerCase(Locale.ROOT);
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static int indent(String text, int from, int end) {
        int i = from;
        while (i < end && i - from < DEEPEST_INDENT && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i;
    }

    /** Returns the length of the fence that a line begins with, or 0. */
    private static int fence(String text, int from, int end) {
        int first = indent(text, from, end);
        if (first >= end || (text.charAt(first) != '`' && text.charAt(first) != '~')) {
            return 0;
        }
        int last = first;
        while (last < end && text.charAt(last) == text.charAt(first)) {
            last++;
        }
        return last - first >= SHORTEST_FENCE ? last - first : 0;
    }

    /** Code between grave accents on one line is no block. */
    private static boolean opens(String text, int from, int end) {
        int first = indent(text, from, end);
        int fence = fence(text, from, end);
        return text.charAt(first) == '~' || text.substring(first + fence, end).indexOf('`') < 0;
    }
}
