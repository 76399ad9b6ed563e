package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.List;

/**
 * The tags of a Mustache text in order, with their lines.
 *
 * <p>jmustache tells its visitors neither where a tag stands nor where a section ends; the names it sees are compared
 * with these, so that a text that the two read differently is refused.
 */
final class Tags {

    private Tags() {}

    enum Kind {
        VARIABLE,
        SECTION,
        INVERTED,
        END,
        PARTIAL,
        PARENT,
        BLOCK
    }

    record Tag(Kind kind, String name, int line) {}

    static List<Tag> in(String text) {
        List<Tag> tags = new ArrayList<>();
        String open = "{{";
        String close = "}}";
        int line = 1;
        int counted = 0;
        int from = 0;
        while (true) {
            int start = text.indexOf(open, from);
            if (start < 0) {
                return tags;
            }
            line += lineBreaks(text, counted, start);
            counted = start;
            int content = start + open.length();
            boolean tripled = open.equals("{{") && text.startsWith("{", content);
            boolean delimiters = text.startsWith("=", content);
            String end = tripled ? "}" + close : delimiters ? "=" + close : close;
            int stop = text.indexOf(end, content + (tripled || delimiters ? 1 : 0));
            if (stop < 0) {
                return tags;
            }
            String inside = text.substring(content + (tripled || delimiters ? 1 : 0), stop)
                    .strip();
            from = stop + end.length();
            if (delimiters) {
                String[] pair = inside.split("\\s+", -1);
                if (pair.length == 2) {
                    open = pair[0];
                    close = pair[1];
                }
            } else if (tripled) {
                tags.add(new Tag(Kind.VARIABLE, inside, line));
            } else if (!inside.startsWith("!")) {
                tags.add(tag(inside, line));
            }
        }
    }

    private static Tag tag(String inside, int line) {
        Kind kind = inside.isEmpty()
                ? Kind.VARIABLE
                : switch (inside.charAt(0)) {
                    case '#' -> Kind.SECTION;
                    case '^' -> Kind.INVERTED;
                    case '/' -> Kind.END;
                    case '>' -> Kind.PARTIAL;
                    case '<' -> Kind.PARENT;
                    case '$' -> Kind.BLOCK;
                    default -> Kind.VARIABLE;
                };
        boolean sigil = kind != Kind.VARIABLE || inside.startsWith("&");
        return new Tag(kind, sigil ? inside.substring(1).strip() : inside, line);
    }

    private static int lineBreaks(String text, int from, int to) {
        int breaks = 0;
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == '\n') {
                breaks++;
            }
        }
        return breaks;
    }
}
