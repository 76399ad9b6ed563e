package dev.llmlifecycle.core.validation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmlifecycle.core.validation.JsonRepair.Change;

/**
 * Reads what is nearly JSON and writes JSON, in one pass. Looks ahead over white space, and over {@value #LOOK_AHEAD}
 * characters of a line that may begin with a name, so that the time is linear.
 */
final class LenientJson {

    private static final int LOOK_AHEAD = 120;
    private static final char END = '\0';
    private static final String FENCE = "```";
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*+)(?:\\.\\d++)?(?:[eE][+-]?\\d++)?");
    private static final Pattern LOOSE_NUMBER =
            Pattern.compile("([+-]?)(\\d[\\d_]*+)?(?:\\.(\\d*+))?(?:([eE][+-]?\\d++)|[eE][+-]?)?");

    private static final Set<String> LITERALS = Set.of("true", "false", "null", "True", "False", "None");

    private final String text;
    private final Set<Change> changes;
    private final StringBuilder out;
    private final Deque<Character> open = new ArrayDeque<>();
    private int arrays;
    private int at;
    private int end;

    private LenientJson(String text, Set<Change> changes) {
        this.text = text;
        this.changes = changes;
        this.end = text.length();
        this.out = new StringBuilder(text.length() + 16);
    }

    /** Returns JSON, which the caller checks, or nothing. */
    static Optional<String> read(String text, Set<Change> changes) {
        LenientJson reader = new LenientJson(text, changes);
        return reader.findDocument() && reader.document() ? Optional.of(reader.out.toString()) : Optional.empty();
    }

    private boolean findDocument() {
        int fence = text.indexOf(FENCE);
        if (fence >= 0) {
            int line = text.indexOf('\n', fence);
            int first = firstNonSpace(line < 0 ? fence + FENCE.length() : line, end);
            if (first < end && isOpener(text.charAt(first))) {
                int close = text.indexOf("\n" + FENCE, first);
                changes.add(Change.CODE_BLOCK);
                if (close < 0 && text.stripTrailing().endsWith(FENCE)) {
                    close = text.lastIndexOf(FENCE);
                }
                if (!text.substring(0, fence).isBlank()
                        || (close >= 0 && !text.substring(close).strip().equals(FENCE))) {
                    changes.add(Change.SURROUNDING_TEXT);
                }
                at = first;
                end = close > first ? close : end;
                return true;
            }
        }
        int brace = text.indexOf('{');
        int bracket = text.indexOf('[');
        if (brace < 0 && bracket < 0) {
            return false;
        }
        boolean list = bracket >= 0 && (brace < 0 || (bracket < brace && beginsList(bracket)));
        at = list ? bracket : brace;
        if (!text.substring(0, at).isBlank()) {
            changes.add(Change.SURROUNDING_TEXT);
        }
        return true;
    }

    /** A citation such as [1] before an object is none of the document. */
    private boolean beginsList(int bracket) {
        int next = firstNonSpace(bracket + 1, end);
        return next < end && "{[\"'“/#".indexOf(text.charAt(next)) >= 0;
    }

    private int firstNonSpace(int from, int to) {
        int i = from;
        while (i < to && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private boolean document() {
        if (!value()) {
            return false;
        }
        skip();
        while (at < end && (text.charAt(at) == '}' || text.charAt(at) == ']' || text.charAt(at) == ',')) {
            changes.add(text.charAt(at) == ',' ? Change.EXTRA_COMMA : Change.BRACKET);
            at++;
            skip();
        }
        if (at < end) {
            changes.add(Change.SURROUNDING_TEXT);
            return !isOpener(text.charAt(at));
        }
        return true;
    }

    /** Writes the value that begins here. Returns false where it nests too deep. */
    private boolean value() {
        char c = peek();
        if (c == '{' || c == '[') {
            if (open.size() >= JsonRepair.DEEPEST) {
                return false;
            }
            open.push(c);
            arrays += c == '[' ? 1 : 0;
            at++;
            boolean done = c == '{' ? object() : array();
            open.pop();
            arrays -= c == '[' ? 1 : 0;
            return done;
        }
        if (isQuote(c)) {
            string(false);
        } else {
            bare();
        }
        return true;
    }

    private boolean object() {
        out.append('{');
        boolean first = true;
        boolean comma = true;
        while (true) {
            skip();
            comma = commas(first, comma);
            if (closes('}')) {
                break;
            }
            if (peek() == ':') {
                // A colon without a name.
                changes.add(Change.BRACKET);
                at++;
                continue;
            }
            int before = out.length();
            if (!first) {
                out.append(',');
                if (!comma) {
                    changes.add(Change.MISSING_MARK);
                }
            }
            name();
            skip();
            if (peek() == ':') {
                at++;
                skip();
            } else if (at < end && peek() != '=') {
                changes.add(Change.MISSING_MARK);
            } else if (at < end) {
                changes.add(Change.MISSING_MARK);
                at++;
                if (peek() == '>') {
                    at++;
                }
                skip();
            }
            if (at >= end || ",}]".indexOf(peek()) >= 0) {
                changes.add(Change.DROPPED_MEMBER);
                out.setLength(before);
                comma = first;
                continue;
            }
            out.append(':');
            if (!value()) {
                return false;
            }
            first = false;
            comma = false;
        }
        out.append('}');
        return true;
    }

    private boolean array() {
        out.append('[');
        boolean first = true;
        boolean comma = true;
        while (true) {
            skip();
            comma = commas(first, comma);
            if (closes(']')) {
                break;
            }
            if (peek() == ':') {
                changes.add(Change.BRACKET);
                at++;
                continue;
            }
            if (!first) {
                out.append(',');
                if (!comma) {
                    changes.add(Change.MISSING_MARK);
                }
            }
            if (!value()) {
                return false;
            }
            first = false;
            comma = false;
        }
        out.append(']');
        return true;
    }

    /** Goes over commas. Returns whether the next value is divided from the one before. */
    private boolean commas(boolean first, boolean before) {
        int count = 0;
        while (peek() == ',') {
            count++;
            at++;
            skip();
        }
        boolean last = at >= end || peek() == '}' || peek() == ']';
        if (count > 1 || (count == 1 && (first || last))) {
            changes.add(Change.EXTRA_COMMA);
        }
        return before || count > 0;
    }

    /** Tells whether the container ends here, and goes over its closing mark. */
    private boolean closes(char expected) {
        char other = expected == '}' ? ']' : '}';
        boolean otherIsOpen = other == ']' ? arrays > 0 : arrays < open.size();
        while (at < end && peek() == other && !otherIsOpen) {
            changes.add(Change.BRACKET);
            at++;
            skip();
            while (peek() == ',') {
                at++;
                skip();
            }
        }
        if (at >= end || peek() == other) {
            changes.add(Change.BRACKET);
            return true;
        }
        boolean closed = peek() == expected;
        at += closed ? 1 : 0;
        return closed;
    }

    private void name() {
        if (isQuote(peek())) {
            if (!lacksQuote()) {
                string(true);
                return;
            }
            changes.add(Change.QUOTES);
            at++;
        }
        int start = at;
        while (at < end && ":,{}[]=\n\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            at++;
        }
        changes.add(Change.UNQUOTED);
        quoted(text.substring(start, at).strip());
    }

    /** Tells whether a name has a quote before it and none after it. */
    private boolean lacksQuote() {
        char closing = closing(text.charAt(at));
        int stop = Math.min(end, at + LOOK_AHEAD);
        boolean colon = false;
        for (int i = at + 1; i < stop && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == '\\') {
                return false;
            }
            if (text.charAt(i) == closing) {
                int next = firstNonSpace(i + 1, stop);
                return colon && (next >= stop || text.charAt(next) != ':');
            }
            colon |= text.charAt(i) == ':';
        }
        return colon;
    }

    private void string(boolean isName) {
        char quote = text.charAt(at);
        if (quote != '"') {
            changes.add(Change.QUOTES);
        }
        char closing = closing(quote);
        at++;
        out.append('"');
        while (at < end) {
            char c = text.charAt(at);
            if (c == '\\') {
                escape();
            } else if (c == closing && (isName || closesText(quote))) {
                at++;
                out.append('"');
                return;
            } else if ((c == '\n' && (isName || nextLineBeginsMember()))
                    || (c == closing && endsWithComma() && beginsMember(at))) {
                changes.add(Change.QUOTES);
                dropTrailing();
                out.append('"');
                return;
            } else {
                append(c, true);
                at++;
            }
        }
        changes.add(Change.CUT_TEXT);
        out.append('"');
    }

    /** An unescaped quote ends a text where something follows that can follow a text. */
    private boolean closesText(char quote) {
        int next = firstNonSpace(at + 1, end);
        if (next >= end || ",}]".indexOf(text.charAt(next)) >= 0) {
            return true;
        }
        char c = text.charAt(next);
        boolean comment = (c == '/' && next + 1 < end && "/*".indexOf(text.charAt(next + 1)) >= 0) || c == '#';
        boolean line = text.substring(at, Math.min(next, at + LOOK_AHEAD)).indexOf('\n') >= 0;
        return comment || (isQuote(c) && c == quote && beginsNext(next)) || (line && beginsNext(next));
    }

    /** Tells whether a text or a name begins at a place, rather than the rest of a sentence. */
    private boolean beginsNext(int from) {
        return isQuote(text.charAt(from)) || isOpener(text.charAt(from)) || beginsMember(from);
    }

    private boolean nextLineBeginsMember() {
        int next = firstNonSpace(at, Math.min(end, at + LOOK_AHEAD));
        return next < end && beginsMember(next);
    }

    /** Tells whether a quoted name and a colon begin at a place. */
    private boolean beginsMember(int from) {
        char quote = text.charAt(from);
        if (!isQuote(quote)) {
            return false;
        }
        int stop = Math.min(end, from + LOOK_AHEAD);
        int i = from + 1;
        while (i < stop && text.charAt(i) != closing(quote) && text.charAt(i) != '\n') {
            i++;
        }
        int colon = firstNonSpace(i + 1, stop);
        return i < stop && text.charAt(i) == closing(quote) && colon < stop && text.charAt(colon) == ':';
    }

    private boolean endsWithComma() {
        int length = out.length();
        return out.charAt(length - 1) == ',' || (out.charAt(length - 1) == ' ' && out.charAt(length - 2) == ',');
    }

    /** The comma that stands behind a text whose quote is missing. */
    private void dropTrailing() {
        int length = out.length();
        while (length > 0 && out.charAt(length - 1) == ' ') {
            length--;
        }
        if (length > 0 && out.charAt(length - 1) == ',') {
            out.setLength(length - 1);
        }
    }

    private void escape() {
        if (at + 1 >= end) {
            changes.add(Change.ESCAPE);
            at++;
            return;
        }
        char next = text.charAt(at + 1);
        if ("\"\\/bfnrt".indexOf(next) >= 0) {
            out.append('\\').append(next);
            at += 2;
        } else if (next == 'u' && isHex(at + 2, 4)) {
            out.append(text, at, at + 6);
            at += 6;
        } else if (next == 'x' && isHex(at + 2, 2)) {
            changes.add(Change.ESCAPE);
            out.append("\\u00").append(text, at + 2, at + 4);
            at += 4;
        } else if (isQuote(next) || next == '\n') {
            changes.add(Change.ESCAPE);
            append(next, true);
            at += 2;
        } else {
            changes.add(Change.ESCAPE);
            out.append("\\\\");
            at++;
        }
    }

    private boolean isHex(int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (i >= end || text.charAt(i) >= 0x80 || Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** A number, a literal, or a text that has no quotes. */
    private void bare() {
        int start = at;
        while (at < end && ",{}[]\n".indexOf(text.charAt(at)) < 0 && !beginsComment() && !endsBare(start)) {
            at++;
        }
        if (at == start) {
            at++;
        }
        String word = text.substring(start, at).strip();
        String lower = word.toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(word).matches() || word.equals("true") || word.equals("false") || word.equals("null")) {
            out.append(word);
        } else if (lower.equals("true") || lower.equals("false") || lower.equals("null")) {
            changes.add(Change.LITERAL);
            out.append(lower);
        } else if (word.equals("None") || word.equals("undefined") || word.equals("NaN") || word.equals("nil")) {
            changes.add(Change.LITERAL);
            out.append("null");
        } else if (!number(word)) {
            changes.add(Change.UNQUOTED);
            String bare = word.endsWith("\"") ? word.substring(0, word.length() - 1) : word;
            quoted(bare);
        }
    }

    /** Tells whether a number or literal ends here because another value or a name follows without a comma. */
    private boolean endsBare(int start) {
        if (!isSpace(text.charAt(at)) || at == start || at - start > LOOK_AHEAD || isSpace(text.charAt(at - 1))) {
            return false;
        }
        int next = firstNonSpace(at, Math.min(end, at + LOOK_AHEAD));
        if (next >= end || (!isQuote(text.charAt(next)) && !Character.isDigit(text.charAt(next)))) {
            return false;
        }
        String word = text.substring(start, at);
        return NUMBER.matcher(word).matches() || LITERALS.contains(word);
    }

    /**
     * Numbers with a sign, a bare point, underscores or a cut exponent; not those with leading zeros, which are names.
     */
    private boolean number(String word) {
        if (word.length() > LOOK_AHEAD) {
            return false;
        }
        var matcher = LOOSE_NUMBER.matcher(word);
        if (!matcher.matches()
                || (matcher.group(2) == null
                        && (matcher.group(3) == null || matcher.group(3).isEmpty()))) {
            return false;
        }
        String whole = matcher.group(2) == null ? "0" : matcher.group(2).replace("_", "");
        if (whole.length() > 1 && whole.charAt(0) == '0') {
            return false;
        }
        changes.add(Change.NUMBER);
        String fraction =
                matcher.group(3) == null ? "" : "." + (matcher.group(3).isEmpty() ? "0" : matcher.group(3));
        out.append(matcher.group(1).equals("-") ? "-" : "")
                .append(whole)
                .append(fraction)
                .append(matcher.group(4) == null ? "" : matcher.group(4));
        return true;
    }

    private void quoted(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value.charAt(i), false);
        }
        out.append('"');
    }

    private void append(char c, boolean counts) {
        if (c == '"' || (c == '\\' && !counts)) {
            changes.add(Change.ESCAPE);
            out.append('\\').append(c);
        } else if (c < ' ') {
            changes.add(Change.ESCAPE);
            out.append(
                    switch (c) {
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        default -> String.format(Locale.ROOT, "\\u%04x", (int) c);
                    });
        } else {
            out.append(c);
        }
    }

    /** Goes over white space, comments and dots that stand for what was left out. */
    private void skip() {
        while (at < end) {
            if (isSpace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("...", at) || text.charAt(at) == '…') {
                changes.add(Change.COMMENT);
                at += text.charAt(at) == '…' ? 1 : 3;
            } else if (beginsComment()) {
                changes.add(Change.COMMENT);
                boolean block = text.startsWith("/*", at);
                int close = block ? text.indexOf("*/", at + 2) : text.indexOf('\n', at);
                at = close < 0 || close >= end ? end : close + (block ? 2 : 1);
            } else {
                return;
            }
        }
    }

    /** A mark of a comment counts where a word could begin, so that the slashes of an address are none. */
    private boolean beginsComment() {
        boolean mark = text.startsWith("//", at) || text.startsWith("/*", at) || text.charAt(at) == '#';
        return mark && (at == 0 || (!Character.isLetterOrDigit(text.charAt(at - 1)) && text.charAt(at - 1) != ':'));
    }

    private char peek() {
        return at < end ? text.charAt(at) : END;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\ufeff' || c == '\u200b';
    }

    private static boolean isOpener(char c) {
        return c == '{' || c == '[';
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '“' || c == '”' || c == '‘' || c == '’' || c == '`';
    }

    private static char closing(char quote) {
        return switch (quote) {
            case '“' -> '”';
            case '‘' -> '’';
            default -> quote;
        };
    }
}
