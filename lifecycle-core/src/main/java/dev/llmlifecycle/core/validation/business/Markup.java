package dev.llmlifecycle.core.validation.business;

/**
 * Writes HTML in which every text and attribute value is escaped; only names of elements and attributes are taken as
 * they are.
 */
final class Markup {

    private final StringBuilder html = new StringBuilder(1 << 14);

    /** Opens an element; attributes come as names and values in turn. */
    Markup open(String element, String... attributes) {
        html.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            html.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            html.append('"');
        }
        html.append('>');
        return this;
    }

    Markup close(String element) {
        html.append("</").append(element).append(">\n");
        return this;
    }

    /** Writes an element with a text in it. */
    Markup element(String element, String text, String... attributes) {
        open(element, attributes);
        escape(text);
        return close(element);
    }

    /** Writes a line that is the same on every page. */
    Markup line(String constant) {
        html.append(constant).append('\n');
        return this;
    }

    @Override
    public String toString() {
        return html.toString();
    }

    /** Escapes what ends a text or a quoted value; what no HTML document may hold becomes U+FFFD. */
    private void escape(String text) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                case '\r' -> html.append("&#13;");
                case '\t', '\n' -> html.append((char) c);
                default -> html.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
    }

    private static boolean isAllowed(int c) {
        boolean control = c < 0x20 || (c >= 0x7F && c < 0xA0);
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        boolean none = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
        return !control && !surrogate && !none;
    }
}
