package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the blocks of Markdown or plain text, by offsets into the text.
 *
 * <p>This is as much of Markdown as splitting needs: inline markup stays as it is.
 */
final class MarkdownBlocks {

    private static final Pattern ATX_HEADING =
            Pattern.compile("^ {0,3}(#{1,6})(?:[ \\t]+(.*?))?(?:[ \\t]+#+)?[ \\t]*$");
    private static final Pattern SETEXT_UNDERLINE = Pattern.compile("^ {0,3}(=+|-{2,})[ \\t]*$");
    private static final Pattern FENCE = Pattern.compile("^[ \\t]*(`{3,}|~{3,})(.*)$");
    private static final Pattern LIST_ITEM = Pattern.compile("^([ \\t]*)(?:[-*+•]|\\d{1,3}[.)])[ \\t]+\\S.*$");
    private static final Pattern THEMATIC_BREAK =
            Pattern.compile("^ {0,3}(?:(?:\\*[ \\t]*){3,}|(?:-[ \\t]*){3,}|(?:_[ \\t]*){3,})$");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)]\\([^)]*\\)");
    private static final int LONGEST_SETEXT_HEADING = 120;

    private final String text;
    private final List<Line> lines = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>();

    enum Kind {
        HEADING,
        PARAGRAPH,
        LIST,
        TABLE,
        CODE,
        /** A thematic break or a comment: belongs to no passage. */
        SEPARATOR
    }

    /** A block; {@code level} and {@code heading} are set for headings only. */
    record Block(Kind kind, int start, int end, int level, String heading) {

        int length() {
            return end - start;
        }
    }

    private record Line(int start, int end, String content) {

        boolean blank() {
            return content.isBlank();
        }
    }

    private MarkdownBlocks(String text) {
        this.text = text;
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            lines.add(new Line(start, end, text.substring(start, end)));
            start = end + 1;
        }
    }

    /** Returns the blocks in order; the text must use line feeds. */
    static List<Block> parse(String text) {
        return new MarkdownBlocks(text).parse();
    }

    /** Returns the starts of the outermost list items of a list block, the first being the start of the block. */
    static List<Integer> itemStarts(String text, Block list) {
        List<Integer> starts = new ArrayList<>();
        int indent = -1;
        for (Line line : new MarkdownBlocks(text.substring(list.start(), list.end())).lines) {
            Matcher item = LIST_ITEM.matcher(line.content());
            if (item.matches() && (indent < 0 || item.group(1).length() <= indent)) {
                // What stands before the first item introduces it.
                starts.add(indent < 0 ? list.start() : list.start() + line.start());
                indent = item.group(1).length();
            }
        }
        return starts;
    }

    private List<Block> parse() {
        int i = 0;
        while (i < lines.size()) {
            i = lines.get(i).blank() ? i + 1 : block(i);
        }
        return withIntroductions();
    }

    /** Reads one block and returns the line after it. */
    private int block(int first) {
        Line line = lines.get(first);
        Matcher heading = ATX_HEADING.matcher(line.content());
        if (heading.matches()) {
            String title = heading.group(2) == null ? "" : heading.group(2);
            blocks.add(new Block(
                    Kind.HEADING, line.start(), line.end(), heading.group(1).length(), plain(title)));
            return first + 1;
        }
        if (FENCE.matcher(line.content()).matches()) {
            return add(Kind.CODE, first, endOfFence(first));
        }
        if (THEMATIC_BREAK.matcher(line.content()).matches()) {
            return add(Kind.SEPARATOR, first, first + 1);
        }
        if (isComment(line)) {
            return add(Kind.SEPARATOR, first, endOfComment(first));
        }
        if (isTableRow(line)) {
            int next = first + 1;
            while (next < lines.size() && isTableRow(lines.get(next))) {
                next++;
            }
            return add(Kind.TABLE, first, next);
        }
        if (LIST_ITEM.matcher(line.content()).matches()) {
            return add(Kind.LIST, first, endOfList(first));
        }
        return paragraph(first);
    }

    private int paragraph(int first) {
        Line line = lines.get(first);
        int next = first + 1;
        if (next < lines.size() && line.content().length() <= LONGEST_SETEXT_HEADING) {
            Matcher underline = SETEXT_UNDERLINE.matcher(lines.get(next).content());
            if (underline.matches()) {
                int level = underline.group(1).startsWith("=") ? 1 : 2;
                blocks.add(new Block(Kind.HEADING, line.start(), lines.get(next).end(), level, plain(line.content())));
                return next + 1;
            }
        }
        while (next < lines.size() && !lines.get(next).blank() && !startsOtherBlock(lines.get(next))) {
            next++;
        }
        return add(Kind.PARAGRAPH, first, next);
    }

    private int add(Kind kind, int first, int next) {
        blocks.add(new Block(kind, lines.get(first).start(), lines.get(next - 1).end(), 0, ""));
        return next;
    }

    private boolean startsOtherBlock(Line line) {
        return ATX_HEADING.matcher(line.content()).matches()
                || FENCE.matcher(line.content()).matches()
                || THEMATIC_BREAK.matcher(line.content()).matches()
                || LIST_ITEM.matcher(line.content()).matches()
                || isTableRow(line)
                || isComment(line);
    }

    private int endOfFence(int first) {
        Matcher open = FENCE.matcher(lines.get(first).content());
        String marker = open.matches() ? open.group(1) : "```";
        for (int i = first + 1; i < lines.size(); i++) {
            Matcher close = FENCE.matcher(lines.get(i).content());
            if (close.matches()
                    && close.group(1).startsWith(marker)
                    && close.group(2).isBlank()) {
                return i + 1;
            }
        }
        return lines.size();
    }

    private int endOfComment(int first) {
        for (int i = first; i < lines.size(); i++) {
            if (lines.get(i).content().contains("-->")) {
                return i + 1;
            }
        }
        return first + 1;
    }

    private int endOfList(int first) {
        int next = first + 1;
        while (next < lines.size()) {
            Line line = lines.get(next);
            boolean indented = line.content().startsWith(" ") || line.content().startsWith("\t");
            if (line.blank()) {
                int after = next;
                while (after < lines.size() && lines.get(after).blank()) {
                    after++;
                }
                boolean goesOn = after < lines.size() && belongsToList(lines.get(after));
                if (!goesOn) {
                    return next;
                }
                next = after;
            } else if (FENCE.matcher(line.content()).matches() && indented) {
                next = endOfFence(next);
            } else if (LIST_ITEM.matcher(line.content()).matches() || indented || !startsOtherBlock(line)) {
                next++;
            } else {
                return next;
            }
        }
        return next;
    }

    private static boolean belongsToList(Line line) {
        return line.content().startsWith("  ")
                || line.content().startsWith("\t")
                || LIST_ITEM.matcher(line.content()).matches();
    }

    private static boolean isComment(Line line) {
        return line.content().stripLeading().startsWith("<!--");
    }

    private static boolean isTableRow(Line line) {
        return line.content().stripLeading().startsWith("|");
    }

    /** Joins a paragraph that ends in a colon with the list that it introduces. */
    private List<Block> withIntroductions() {
        List<Block> joined = new ArrayList<>();
        for (Block block : blocks) {
            Block before = joined.isEmpty() ? block : joined.get(joined.size() - 1);
            boolean introduced = block.kind() == Kind.LIST
                    && before.kind() == Kind.PARAGRAPH
                    && text.substring(before.start(), before.end())
                            .stripTrailing()
                            .endsWith(":");
            if (introduced) {
                joined.set(joined.size() - 1, new Block(Kind.LIST, before.start(), block.end(), 0, ""));
            } else {
                joined.add(block);
            }
        }
        return joined;
    }

    private static String plain(String heading) {
        return LINK.matcher(heading).replaceAll("$1").replaceAll("[*`]", "").strip();
    }
}
