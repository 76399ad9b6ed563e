package dev.llmlifecycle.retrieval.ingest;

import java.util.Optional;
import java.util.Set;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Turns the main content of an HTML page into Markdown: headings, paragraphs, lists, tables and code. */
final class HtmlReader {

    private static final String NO_CONTENT =
            "nav, footer, aside, script, style, noscript, template, svg, iframe, button, select, [hidden], [aria-hidden=true]";
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "blockquote",
            "body",
            "details",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "form",
            "header",
            "hr",
            "main",
            "p",
            "section",
            "summary");

    private final StringBuilder out = new StringBuilder();

    private HtmlReader() {}

    static String markdown(org.jsoup.nodes.Document page) {
        Element main = page.selectFirst("main, [role=main]");
        if (main == null) {
            main = page.selectFirst("article:only-of-type");
        }
        if (main == null) {
            main = page.body();
            main.select("body > header, body > div > header, [role=banner]").remove();
        }
        main.select(NO_CONTENT).remove();
        HtmlReader reader = new HtmlReader();
        reader.children(main, 0);
        return reader.out
                .toString()
                .replaceAll("[ \\t]+\\n", "\n")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    static Optional<String> title(org.jsoup.nodes.Document page) {
        if (!page.title().isBlank()) {
            return Optional.of(page.title().strip());
        }
        Element heading = page.selectFirst("h1");
        return Optional.ofNullable(heading).map(Element::text).filter(text -> !text.isBlank());
    }

    private void children(Element parent, int depth) {
        for (Node child : parent.childNodes()) {
            if (child instanceof TextNode text) {
                inline(text.text());
            } else if (child instanceof Element element) {
                element(element, depth);
            }
        }
    }

    private void element(Element element, int depth) {
        String name = element.normalName();
        switch (name) {
            case "h1", "h2", "h3", "h4", "h5", "h6" -> {
                if (!element.text().isBlank()) {
                    paragraph();
                    out.append("#".repeat(name.charAt(1) - '0')).append(' ').append(element.text());
                    paragraph();
                }
            }
            case "br" -> out.append('\n');
            case "pre" -> {
                paragraph();
                out.append("```\n").append(element.wholeText().strip()).append("\n```");
                paragraph();
            }
            case "code" -> inline("`" + element.text() + "`");
            case "ul", "ol" -> list(element, depth);
            case "table" -> table(element);
            default -> {
                boolean block = BLOCKS.contains(name);
                if (block) {
                    paragraph();
                }
                children(element, depth);
                if (block) {
                    paragraph();
                }
            }
        }
    }

    private void list(Element list, int depth) {
        if (depth == 0) {
            paragraph();
        }
        int number = 1;
        for (Element item : list.children()) {
            newLine();
            String marker = list.normalName().equals("ol") ? number++ + ". " : "- ";
            out.append("  ".repeat(depth)).append(marker);
            HtmlReader content = new HtmlReader();
            content.children(item, depth + 1);
            // Blank lines would end the list for a Markdown reader.
            out.append(content.out.toString().strip().replaceAll("\\n\\s*\\n", "\n"));
        }
        if (depth == 0) {
            paragraph();
        }
    }

    private void table(Element table) {
        paragraph();
        boolean first = true;
        for (Element row : table.select("tr")) {
            StringBuilder line = new StringBuilder("|");
            StringBuilder rule = new StringBuilder("|");
            for (Element cell : row.children()) {
                line.append(' ').append(cell.text().replace("|", "\\|")).append(" |");
                rule.append(" --- |");
            }
            if (line.length() == 1) {
                continue;
            }
            out.append(line).append('\n');
            if (first) {
                out.append(rule).append('\n');
                first = false;
            }
        }
        paragraph();
    }

    private void inline(String text) {
        boolean atLineStart = out.length() == 0 || out.charAt(out.length() - 1) == '\n';
        String piece = atLineStart ? text.stripLeading() : text;
        if (!piece.isEmpty()) {
            out.append(piece);
        }
    }

    private void newLine() {
        if (out.length() > 0 && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
    }

    private void paragraph() {
        newLine();
        if (out.length() > 0) {
            out.append('\n');
        }
    }
}
