package dev.llmlifecycle.core.extractive;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;

/**
 * Takes the statements out of a passage as they can be quoted in running text: sentences as they are, list items
 * without their marker, table rows with their column names.
 */
final class Statements {

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern LIST_MARKER = Pattern.compile("^(?:[-*+•]|\\d{1,3}[.)])\\s+");
    private static final Pattern HAS_WORD = Pattern.compile("[\\p{L}\\p{N}]");
    private static final Pattern NO_STATEMENT = Pattern.compile("#.*|(?:```|~~~).*|\\[[^\\]]*]\\([^)]*\\)\\.?");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)");
    private static final Pattern EMPHASIS = Pattern.compile("\\*\\*|__");

    private Statements() {}

    static List<String> of(String passage) {
        List<String> statements = new ArrayList<>();
        List<String> columns = List.of();
        boolean inTable = false;
        for (TextSpan span : Sentences.split(passage)) {
            String text = SPACE.matcher(span.of(passage)).replaceAll(" ");
            if (text.startsWith("|")) {
                List<String> cells = cells(text);
                if (!inTable) {
                    columns = cells;
                } else if (HAS_WORD.matcher(text).find()) {
                    statements.add(row(columns, cells));
                }
                inTable = true;
                continue;
            }
            inTable = false;
            String statement = LIST_MARKER.matcher(text).replaceFirst("");
            if (!NO_STATEMENT.matcher(statement).matches()
                    && HAS_WORD.matcher(statement).find()) {
                statements.add(plain(statement));
            }
        }
        return statements;
    }

    private static String plain(String text) {
        return EMPHASIS.matcher(LINK.matcher(text).replaceAll("$1")).replaceAll("");
    }

    /** The column names of the first row stand in front of the cells: {@code Country: Germany; Days: 2}. */
    private static String row(List<String> columns, List<String> cells) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String column = i < columns.size() ? columns.get(i) : "";
            if (!cell.isEmpty()) {
                parts.add(column.isEmpty() ? cell : column + ": " + cell);
            }
        }
        return String.join("; ", parts);
    }

    private static List<String> cells(String row) {
        String inner = row.endsWith("|") && row.length() > 1 ? row.substring(1, row.length() - 1) : row.substring(1);
        List<String> cells = new ArrayList<>();
        for (String cell : inner.split("\\|", -1)) {
            cells.add(plain(cell.strip()));
        }
        return cells;
    }
}
