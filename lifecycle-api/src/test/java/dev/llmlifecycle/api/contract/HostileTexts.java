package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.List;

/** Texts that nobody writes on purpose and that arrive all the same. */
final class HostileTexts {

    private HostileTexts() {}

    /** Returns texts, none blank, the longest of about {@code length} characters. */
    static List<String> upTo(int length) {
        List<String> texts = new ArrayList<>(List.of(
                "half a pair \ud83d",
                "\udc00 the other half",
                "\ud83d",
                "right to left \u202e txet \u202c and back",
                "\u202e\u2066\u2067\u2068\u2069\u200f.",
                "zero\u200bwidth\u200djoined\ufeff",
                "nul\u0000 bell\u0007 escape\u001b[31m delete\u007f",
                "\u0000",
                "Z\u0351\u0300\u0301\u0302\u0303\u0304algo",
                "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc7f",
                "!!! ??? ... ---",
                "title:\"(refund AND [a TO ~^*?\\ +-&&|| {",
                "<script>alert('1')</script> '; DROP TABLE passages; --",
                "{{question}} {{{passages}}} {{#a}}{{/b}}",
                "%s %n %99999d ${user.home} \\u0041 $1",
                "line\r\nbreak\rold\u2028line\u2029paragraph\u0085next"));
        texts.add("word ".repeat(length / 5));
        texts.add("a".repeat(length));
        texts.add("(".repeat(length));
        texts.add(".".repeat(length));
        texts.add("x" + "\u0301".repeat(length));
        texts.add("\n".repeat(length) + "end");
        texts.add("\ud83d\ude00".repeat(length / 2));
        return texts;
    }
}
