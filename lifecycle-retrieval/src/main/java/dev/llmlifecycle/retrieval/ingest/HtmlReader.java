package dev.llmlifecycle.retrieval.ingest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Elements;

/** Turns the main content of an HTML page into Markdown: headings, paragraphs, lists, tables and code. */
final class HtmlReader {

    private static final String NO_CONTENT =
            "nav, footer, aside, script, style, noscript, template, svg, iframe, button,"
                    + " select, input, textarea, dialog, [hidden], [aria-hidden=true], [role=navigation], [role=contentinfo],"
                    + " [role=complementary], [role=search], [role=dialog]";
    /** What asks for consent is no content, unless the page is about it. */
    private static final String BANNERS = "[id*=cookie], [class*=cookie], [id*=consent], [class*=consent]";

    private static final int LONGEST_SPAN = 100;
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "blockquote",
            "body",
            "caption",
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
            "summary",
            "td",
            "th",
            "tr");

    private final StringBuilder out = new StringBuilder();

    private HtmlReader() {}

    static String markdown(org.jsoup.nodes.Document page) {
        Element main = main(page);
        main.select(NO_CONTENT).remove();
        for (Element banner : main.select(BANNERS)) {
            if (2 * banner.text().length() < main.text().length()) {
                banner.remove();
            }
        }
        HtmlReader reader = new HtmlReader();
        reader.children(main, 0);
        return reader.out
                .toString()
                .replaceAll("[ \\t]+\\n", "\n")
                .replaceAll("\\n{3,}", "\n\n")
                .strip();
    }

    /** Returns the element with the content; one that is empty, as frames of pages leave them, is none. */
    private static Element main(org.jsoup.nodes.Document page) {
        Optional<Element> main = page.select("main, [role=main]").stream()
                .filter(Element::hasText)
                .max(Comparator.comparingInt(element -> element.text().length()));
        if (main.isPresent()) {
            return main.get();
        }
        Elements articles = page.select("article");
        if (articles.size() == 1 && articles.get(0).hasText()) {
            return articles.get(0);
        }
        page.body().select("body > header, body > div > header, [role=banner]").remove();
        return page.body();
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
            case "table" -> table(element, depth);
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

    private void table(Element table, int depth) {
        List<List<String>> rows = rows(table);
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        paragraph();
        if (columns <= 1 || !table.select("table table").isEmpty()) {
            // It lays out a page.
            children(table, depth);
            paragraph();
            return;
        }
        Element caption = table.selectFirst("> caption");
        if (caption != null && !caption.text().isBlank()) {
            inline(caption.text());
            paragraph();
        }
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = new ArrayList<>(rows.get(i));
            row.addAll(Collections.nCopies(columns - row.size(), ""));
            out.append("| ").append(String.join(" | ", row)).append(" |\n");
            if (i == 0) {
                out.append("|").append(" --- |".repeat(columns)).append('\n');
            }
        }
        paragraph();
    }

    /**
     * Returns the cells of a table's own rows; one that spans rows stands in each, one that spans columns in the first.
     */
    private static List<List<String>> rows(Element table) {
        List<List<String>> rows = new ArrayList<>();
        Map<Integer, Spanning> fromAbove = new HashMap<>();
        for (Element row : table.select("> tr, > thead > tr, > tbody > tr, > tfoot > tr")) {
            List<String> cells = new ArrayList<>();
            for (Element cell : row.select("> th, > td")) {
                addFromAbove(cells, fromAbove);
                int column = cells.size();
                int height = span(cell, "rowspan");
                int width = span(cell, "colspan");
                String text = cell.text().replace("|", "\\|");
                for (int i = 0; i < width; i++) {
                    cells.add(i == 0 ? text : "");
                    if (height > 1) {
                        fromAbove.put(column + i, new Spanning(i == 0 ? text : "", height - 1));
                    }
                }
            }
            addFromAbove(cells, fromAbove);
            if (!cells.isEmpty()) {
                rows.add(cells);
            }
        }
        return rows;
    }

    private record Spanning(String text, int rows) {}

    private static void addFromAbove(List<String> cells, Map<Integer, Spanning> fromAbove) {
        for (Spanning above = fromAbove.remove(cells.size()); above != null; above = fromAbove.remove(cells.size())) {
            if (above.rows() > 1) {
                fromAbove.put(cells.size(), new Spanning(above.text(), above.rows() - 1));
            }
            cells.add(above.text());
        }
    }

    private static int span(Element cell, String attribute) {
        String value = cell.attr(attribute).strip();
        return value.matches("\\d{1,3}") ? Math.min(LONGEST_SPAN, Math.max(1, Integer.parseInt(value))) : 1;
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
