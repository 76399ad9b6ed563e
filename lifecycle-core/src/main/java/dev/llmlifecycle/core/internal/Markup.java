package dev.llmlifecycle.core.internal;

/**
 * Writes HTML in which every text and attribute value is escaped; only names of elements, attributes and classes are
 * taken as they are. Not thread-safe.
 */
public final class Markup {

    private final StringBuilder html = new StringBuilder(1 << 14);

    /** Creates an empty document. */
    public Markup() {}

    /**
     * Opens an element.
     *
     * @param element its name
     * @param attributes names and values in turn
     * @return this
     */
    public Markup open(String element, String... attributes) {
        html.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            html.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            html.append('"');
        }
        html.append('>');
        return this;
    }

    /**
     * Closes an element.
     *
     * @param element its name
     * @return this
     */
    public Markup close(String element) {
        html.append("</").append(element).append(">\n");
        return this;
    }

    /**
     * Writes a text.
     *
     * @param text any text
     * @return this
     */
    public Markup text(String text) {
        escape(text);
        return this;
    }

    /**
     * Writes an element with a text in it.
     *
     * @param element its name
     * @param text any text
     * @param attributes names and values in turn
     * @return this
     */
    public Markup element(String element, String text, String... attributes) {
        return open(element, attributes).text(text).close(element);
    }

    /**
     * Writes a style or script of ours, whose content HTML does not escape.
     *
     * @param element its name
     * @param content the style or script
     * @return this
     * @throws IllegalArgumentException when the content would end the element
     */
    public Markup verbatim(String element, String content) {
        if (content.contains("</")) {
            throw new IllegalArgumentException("the " + element + " of a page holds '</', which would end it");
        }
        html.append('<').append(element).append('>').append(content);
        return close(element);
    }

    /**
     * Writes a line that is the same on every page.
     *
     * @param constant markup of ours
     * @return this
     */
    public Markup line(String constant) {
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
                case '\r' -> html.append("&#13;"); // a bare one would be read as a line feed
                case '\t', '\n' -> html.append((char) c);
                default -> html.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
    }

    /** Controls, surrogates without their partner and non-characters are not allowed. */
    private static boolean isAllowed(int c) {
        boolean control = c < 0x20 || (c >= 0x7F && c < 0xA0);
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        boolean none = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
        return !control && !surrogate && !none;
    }
}
