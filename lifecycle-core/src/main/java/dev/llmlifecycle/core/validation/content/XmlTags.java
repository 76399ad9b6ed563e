package dev.llmlifecycle.core.validation.content;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Tells whether the tags of XML close in order. Several elements may follow each other, as in a piece of a document. It
 * resolves and fetches nothing. Linear in the text.
 */
final class XmlTags {

    private XmlTags() {}

    static Optional<String> problem(String xml) {
        Deque<String> open = new ArrayDeque<>();
        int at = 0;
        while (at < xml.length()) {
            int tag = xml.indexOf('<', at);
            if (tag < 0) {
                break;
            }
            int skipped = skipped(xml, tag);
            if (skipped < 0) {
                return Optional.of("a comment or section does not end");
            }
            if (skipped > tag) {
                at = skipped;
                continue;
            }
            int end = tagEnd(xml, tag);
            if (end < 0) {
                return Optional.of("a tag does not end");
            }
            boolean closes = xml.startsWith("</", tag);
            String name = name(xml, tag + (closes ? 2 : 1), end);
            if (name.isEmpty()) {
                return Optional.of("a tag has no name");
            }
            if (closes) {
                if (open.isEmpty() || !open.pop().equals(name)) {
                    return Optional.of("a closing tag closes nothing that is open");
                }
            } else if (xml.charAt(end - 1) != '/') {
                open.push(name);
            }
            at = end + 1;
        }
        return open.isEmpty() ? Optional.empty() : Optional.of("an element is not closed");
    }

    /** Returns the end of a comment, section, instruction or declaration; the place itself where a tag begins. */
    private static int skipped(String xml, int tag) {
        if (xml.startsWith("<!--", tag)) {
            return end(xml, "-->", tag + 4);
        }
        if (xml.startsWith("<![CDATA[", tag)) {
            return end(xml, "]]>", tag + 9);
        }
        if (xml.startsWith("<?", tag)) {
            return end(xml, "?>", tag + 2);
        }
        return xml.startsWith("<!", tag) ? end(xml, ">", tag + 2) : tag;
    }

    private static int end(String xml, String mark, int from) {
        int at = xml.indexOf(mark, from);
        return at < 0 ? -1 : at + mark.length();
    }

    /** Returns where the tag's > stands, outside quotes. */
    private static int tagEnd(String xml, int tag) {
        char quote = 0;
        for (int i = tag + 1; i < xml.length(); i++) {
            char c = xml.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return i;
            } else if (c == '<') {
                return -1;
            }
        }
        return -1;
    }

    private static String name(String xml, int from, int end) {
        int i = from;
        while (i < end && (Character.isLetterOrDigit(xml.charAt(i)) || "_-.:".indexOf(xml.charAt(i)) >= 0)) {
            i++;
        }
        return xml.substring(from, i);
    }
}
