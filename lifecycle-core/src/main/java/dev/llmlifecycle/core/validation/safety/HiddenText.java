package dev.llmlifecycle.core.validation.safety;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.text.TextSpan;

/** Characters that do not show: tags, zero-width characters, controls of direction, other controls. */
final class HiddenText {

    private static final int TAGS = 0xE0000;
    private static final int LAST_TAG = 0xE007F;
    private static final int JOINER = 0x200D;
    private static final int NON_JOINER = 0x200C;

    private HiddenText() {}

    /** A run of hidden characters of one kind. */
    record Run(String kind, TextSpan span) {}

    static List<Run> in(String text) {
        List<Run> runs = new ArrayList<>();
        int start = -1;
        String kind = "";
        int before = 0;
        for (int i = 0; i <= text.length(); ) {
            int c = i < text.length() ? text.codePointAt(i) : 0;
            int size = Character.charCount(c);
            int next = i + size < text.length() ? text.codePointAt(i + size) : 0;
            String own = i < text.length() ? kind(c, before, next) : "";
            if (!own.equals(kind)) {
                if (!kind.isEmpty()) {
                    runs.add(new Run(kind, new TextSpan(start, i)));
                }
                kind = own;
                start = i;
            }
            before = c;
            i += size;
        }
        return runs;
    }

    /** Returns the text without them, and with hidden tags spelled out behind it. */
    static String reveal(String text) {
        StringBuilder shown = new StringBuilder();
        StringBuilder spelled = new StringBuilder();
        int before = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c > TAGS && c < LAST_TAG) {
                spelled.append((char) (c - TAGS));
            } else if (kind(c, before, i < text.length() ? text.codePointAt(i) : 0)
                    .isEmpty()) {
                shown.appendCodePoint(c);
            }
            before = c;
        }
        return spelled.isEmpty()
                ? shown.toString()
                : shown.append(' ').append(spelled).toString();
    }

    /**
     * Joiners between letters of scripts that need them, or inside emoji, are no tricks, nor is a mark at the start.
     */
    private static String kind(int c, int before, int next) {
        if (c >= TAGS && c <= LAST_TAG) {
            return "tag";
        }
        if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069)) {
            return "direction";
        }
        if (c == JOINER || c == NON_JOINER) {
            return needsJoiner(before) || needsJoiner(next) ? "" : "zero-width";
        }
        if (c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0x180E || c == 0xAD || (c >= 0x2061 && c <= 0x2064)) {
            return "zero-width";
        }
        boolean control = Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
        return control && c != 0x85 ? "control" : "";
    }

    private static boolean needsJoiner(int c) {
        return c > 0x2190 || (c >= 0x0600 && c < 0x1000);
    }
}
