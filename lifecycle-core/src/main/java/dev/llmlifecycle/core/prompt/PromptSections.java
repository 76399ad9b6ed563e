package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.core.internal.LineProblem;
import dev.llmlifecycle.core.internal.YamlTree;
import dev.llmlifecycle.core.internal.YamlWriter;

/**
 * The syntax of a prompt file: YAML front matter between lines of three hyphens, then texts, each under a marker line
 * such as {@code === system ===}.
 *
 * <p>A text stands there as it is, between blank lines that do not belong to it. One that would not survive that (it
 * begins or ends with a line break or has blanks at the end of a line, holds a line like a marker or a character that
 * nobody sees) has {@code (escaped)} in its marker line, and backslashes: {@code \\}, {@code \n}, {@code \r},
 * {@code \t}, {@code \s} for a blank, {@code \=} and {@code \}{@code u{2028}} for any character. So every text can be
 * written, and what editors, version control and tidying hooks do to blank lines and line ends changes none.
 *
 * @param front the front matter
 * @param sections the texts in order
 */
record PromptSections(YamlTree front, List<Section> sections) {

    private static final String FENCE = "---";
    private static final Pattern LIKE_MARKER = Pattern.compile("=== .* ===[ \\t]*");
    private static final Pattern MARKER =
            Pattern.compile("=== (?<title>[a-z]+(?: [a-z0-9-]+)?)(?<escaped> \\(escaped\\))? ===[ \\t]*");
    private static final Pattern FIRST_OF_MARKER = Pattern.compile("(?dm)^=(?=== .* ===[ \\t]*$)");
    private static final Pattern LAST_OF_BLANKS = Pattern.compile("(?dm)[ \\t]$");
    private static final Pattern EMPTY = Pattern.compile("[ \\t]*");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u\\{([0-9A-F]{1,6})}|(.|$))", Pattern.DOTALL);

    PromptSections {
        sections = List.copyOf(sections);
    }

    /**
     * One text.
     *
     * @param title what stands in its marker line, such as {@code system} or {@code partial style}
     * @param text the text
     * @param line the line of its marker
     */
    record Section(String title, String text, int line) {}

    /**
     * Writes a file.
     *
     * @param front the front matter as YAML
     * @param sections the texts; their lines are not looked at
     */
    static String write(String front, List<Section> sections) {
        StringBuilder out = new StringBuilder(FENCE + "\n").append(front).append(FENCE + "\n");
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            boolean plain = isPlain(section.text());
            out.append(i == 0 ? "" : "\n")
                    .append("=== ")
                    .append(section.title())
                    .append(plain ? " ===\n" : " (escaped) ===\n");
            String text = plain ? section.text() : escaped(section.text());
            out.append(text).append(text.isEmpty() ? "" : "\n");
        }
        return out.toString();
    }

    /**
     * Reads a file.
     *
     * @throws LineProblem when it has another form
     */
    static PromptSections parse(String file) {
        String text = file.startsWith("\uFEFF") ? file.substring(1) : file;
        String[] lines = text.replace("\r\n", "\n").split("\n", -1);
        if (!lines[0].stripTrailing().equals(FENCE)) {
            throw new LineProblem(1, "the file does not begin with a line of three hyphens; write front matter first");
        }
        int end = 1;
        while (end < lines.length && !lines[end].stripTrailing().equals(FENCE)) {
            end++;
        }
        if (end == lines.length) {
            throw new LineProblem(1, "the front matter has no end; write a line of three hyphens below it");
        }
        YamlTree front = YamlTree.parse(String.join("\n", List.of(lines).subList(1, end)), 2);
        return new PromptSections(front, sections(lines, end + 1));
    }

    private static List<Section> sections(String[] lines, int from) {
        List<Section> sections = new ArrayList<>();
        int at = from;
        while (at < lines.length && isEmpty(lines[at])) {
            at++;
        }
        while (at < lines.length) {
            Matcher marker = MARKER.matcher(lines[at]);
            if (!marker.matches()) {
                throw new LineProblem(
                        at + 1,
                        LIKE_MARKER.matcher(lines[at]).matches()
                                ? "the marker is not one; write it like === system === or === partial style ==="
                                : "a text stands before the first marker; write a line such as === user === above it");
            }
            int next = at + 1;
            while (next < lines.length && !LIKE_MARKER.matcher(lines[next]).matches()) {
                next++;
            }
            String title = marker.group("title");
            sections.add(new Section(title, text(lines, at + 1, next, marker.group("escaped") != null), at + 1));
            at = next;
        }
        return sections;
    }

    private static String text(String[] lines, int from, int to, boolean escaped) {
        int first = from;
        int end = to;
        while (first < end && isEmpty(lines[first])) {
            first++;
        }
        while (end > first && isEmpty(lines[end - 1])) {
            end--;
        }
        List<String> text = new ArrayList<>();
        for (int i = first; i < end; i++) {
            if (lines[i].indexOf('\r') >= 0) {
                throw new LineProblem(
                        i + 1, "a carriage return stands inside the line; write it as \\r in an (escaped) text");
            }
            text.add(escaped ? unescaped(lines[i], i + 1) : lines[i]);
        }
        return String.join("\n", text);
    }

    private static boolean isEmpty(String line) {
        return EMPTY.matcher(line).matches();
    }

    private static boolean isPlain(String text) {
        return !text.startsWith("\n")
                && !text.endsWith("\n")
                && text.codePoints().allMatch(c -> c == '\n' || YamlWriter.isVisible(c))
                && !LAST_OF_BLANKS.matcher(text).find()
                && text.lines().noneMatch(line -> LIKE_MARKER.matcher(line).matches());
    }

    private static String escaped(String text) {
        int first = 0;
        while (first < text.length() && text.charAt(first) == '\n') {
            first++;
        }
        int end = text.length();
        while (end > first && text.charAt(end - 1) == '\n') {
            end--;
        }
        StringBuilder escaped = new StringBuilder("\\n".repeat(first));
        text.substring(first, end).codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (c == '\n' || YamlWriter.isVisible(c)) {
                        escaped.appendCodePoint(c);
                    } else if (Character.getType(c) == Character.SURROGATE) {
                        throw new IllegalArgumentException(
                                "a text of the prompt holds half a surrogate pair and cannot be written as UTF-8;"
                                        + " correct it");
                    } else {
                        escaped.append("\\u{")
                                .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                                .append('}');
                    }
                }
            }
        });
        escaped.append("\\n".repeat(text.length() - end));
        String marked = FIRST_OF_MARKER.matcher(escaped).replaceAll("\\\\=");
        return LAST_OF_BLANKS.matcher(marked).replaceAll(blank -> blank.group().equals(" ") ? "\\\\s" : "\\\\t");
    }

    private static String unescaped(String line, int number) {
        return ESCAPE.matcher(line).replaceAll(match -> {
            if (match.group(1) != null) {
                int codePoint = Integer.parseInt(match.group(1), 16);
                if (Character.isValidCodePoint(codePoint) && Character.getType(codePoint) != Character.SURROGATE) {
                    return Matcher.quoteReplacement(Character.toString(codePoint));
                }
            }
            String one = match.group(1) == null ? match.group(2) : "";
            return Matcher.quoteReplacement(
                    switch (one) {
                        case "\\" -> "\\";
                        case "n" -> "\n";
                        case "r" -> "\r";
                        case "t" -> "\t";
                        case "s" -> " ";
                        case "=" -> "=";
                        default ->
                            throw new LineProblem(
                                    number,
                                    "the backslash escapes nothing; write two of them, or one of \\n \\r \\t \\s \\="
                                            + " \\u{...}");
                    });
        });
    }
}
