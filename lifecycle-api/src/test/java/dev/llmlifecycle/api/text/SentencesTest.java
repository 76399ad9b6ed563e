package dev.llmlifecycle.api.text;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.llmlifecycle.api.Seeds;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@NullMarked
final class SentencesTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                texts("nothing", ""),
                texts("white space", " \n\t\r\n\u00a0 "),
                texts("no stop at all", "Refunds take five days", "Refunds take five days"),
                texts("two sentences", "  One. Two!  ", "One.", "Two!"),
                texts(
                        "decimals and versions",
                        "It is 3.5 or 3.1.4. Then 2.0. End",
                        "It is 3.5 or 3.1.4.",
                        "Then 2.0.",
                        "End"),
                texts("a stop after a number", "It opens at 8. It closes at 9.", "It opens at 8.", "It closes at 9."),
                texts(
                        "e.g. and i.e.",
                        "Use a card, e.g. Visa, i.e. Plastic. Pay.",
                        "Use a card, e.g. Visa, i.e. Plastic.",
                        "Pay."),
                texts(
                        "e.g. in brackets",
                        "Read it (e.g. Chapter 2). Then pay.",
                        "Read it (e.g. Chapter 2).",
                        "Then pay."),
                texts(
                        "titles",
                        "Ask Dr. Smith or Mrs. Jones. They know.",
                        "Ask Dr. Smith or Mrs. Jones.",
                        "They know."),
                texts(
                        "a title's letters in lower case",
                        "It took 5 ms. Then it ended.",
                        "It took 5 ms.",
                        "Then it ended."),
                texts("etc. at the end", "Pens, ink etc. Paper is sold too.", "Pens, ink etc.", "Paper is sold too."),
                texts("etc. in the middle", "Pens, ink etc. are sold.", "Pens, ink etc. are sold."),
                texts(
                        "numbered things",
                        "See Fig. 3 and No. 5. No. It is max. 7.",
                        "See Fig. 3 and No. 5.",
                        "No.",
                        "It is max. 7."),
                texts("a country", "The U.S. Government paid. Good.", "The U.S. Government paid.", "Good."),
                texts(
                        "times of day",
                        "At 5 p.m. The shop closes at 8 p.m. on Monday.",
                        "At 5 p.m.",
                        "The shop closes at 8 p.m. on Monday."),
                texts(
                        "initials",
                        "J. R. R. Tolkien met John F. Kennedy. No.",
                        "J. R. R. Tolkien met John F. Kennedy.",
                        "No."),
                texts(
                        "single letters that are words",
                        "It is vitamin C. Take it. It is I. Yes.",
                        "It is vitamin C.",
                        "Take it.",
                        "It is I.",
                        "Yes."),
                texts(
                        "quotes",
                        "He said \"Stop.\" Then he left. “Why?” She knew.",
                        "He said \"Stop.\"",
                        "Then he left.",
                        "“Why?”",
                        "She knew."),
                texts("a quotation inside", "\"Really?\" she asked. Yes.", "\"Really?\" she asked.", "Yes."),
                texts(
                        "brackets",
                        "(It was late.) Then home (at ten.). Bed.",
                        "(It was late.)",
                        "Then home (at ten.).",
                        "Bed."),
                texts(
                        "citations after the stop",
                        "A fact. [1] Another.[2][3] Last. [4, 5]",
                        "A fact. [1]",
                        "Another.[2][3]",
                        "Last. [4, 5]"),
                texts(
                        "citations before the stop",
                        "A fact [1]. Another [2], [3]. Last",
                        "A fact [1].",
                        "Another [2], [3].",
                        "Last"),
                texts("a link is no citation", "Done. [2](two.md) is next.", "Done.", "[2](two.md) is next."),
                texts(
                        "addresses",
                        "See https://example.org/a.b?c=d. Mail a.b@c.de. Visit www.foo.com.",
                        "See https://example.org/a.b?c=d.",
                        "Mail a.b@c.de.",
                        "Visit www.foo.com."),
                texts(
                        "ellipses",
                        "Wait... what? Hm… No… yes. Well... Good.",
                        "Wait... what?",
                        "Hm…",
                        "No… yes.",
                        "Well...",
                        "Good."),
                texts("several stops", "Really?! Yes!! What? no.", "Really?!", "Yes!!", "What?", "no."),
                texts(
                        "emphasis",
                        "**Bold.** Next. *Italic.* End _here._ Ok",
                        "**Bold.**",
                        "Next.",
                        "*Italic.*",
                        "End _here._",
                        "Ok"),
                texts(
                        "list items",
                        "- one\n* two. Three\n  goes on. Four\n1. First. Second\n2) third\n• fourth",
                        "- one",
                        "* two.",
                        "Three\n  goes on.",
                        "Four",
                        "1. First.",
                        "Second",
                        "2) third",
                        "• fourth"),
                texts("a list number is no sentence", "1. Open the app.\n2. Tap it.", "1. Open the app.", "2. Tap it."),
                texts("numbers in running text", "First this. 2. Then that.", "First this.", "2. Then that."),
                texts(
                        "tables",
                        "| a. B | b |\n|---|---|\n| 1. X | 2 |\nAfter. End.",
                        "| a. B | b |",
                        "|---|---|",
                        "| 1. X | 2 |",
                        "After.",
                        "End."),
                texts(
                        "headings",
                        "# What is it? A thing\nText. More\n## Next\nText",
                        "# What is it? A thing",
                        "Text.",
                        "More",
                        "## Next",
                        "Text"),
                texts(
                        "an underlined heading",
                        "Title\n=====\nText.\n\n---\n\nEnd",
                        "Title\n=====",
                        "Text.",
                        "---",
                        "End"),
                texts("a rule right after a paragraph", "One. Two.\n---\nThree", "One.", "Two.", "---", "Three"),
                texts(
                        "hard-wrapped lines",
                        "This line\nwraps here. And this\nhere.\n\nNew",
                        "This line\nwraps here.",
                        "And this\nhere.",
                        "New"),
                texts(
                        "CRLF",
                        "# Head\r\nThis line\r\nwraps. More.\r\n\r\n- item\r\n",
                        "# Head",
                        "This line\r\nwraps.",
                        "More.",
                        "- item"),
                texts("old line ends", "One\rline. Two\r\rThree", "One\rline.", "Two", "Three"),
                texts(
                        "quotations",
                        "Text\n> one. Two\n> goes on\n\n> three",
                        "Text",
                        "> one.",
                        "Two\n> goes on",
                        "> three"),
                texts(
                        "fenced code",
                        "Run:\n```\n# build. Then\n\n- x. Y\n```\nDone. Ok",
                        "Run:",
                        "```\n# build. Then\n\n- x. Y\n```",
                        "Done.",
                        "Ok"),
                texts("a fence that never closes", "Run:\n~~~\na. B\n\nc", "Run:", "~~~\na. B\n\nc"),
                texts(
                        "other scripts",
                        "これは文です。次の文！「三」。 क्या। हाँ। كيف؟ نعم.",
                        "これは文です。",
                        "次の文！",
                        "「三」。",
                        "क्या।",
                        "हाँ।",
                        "كيف؟",
                        "نعم."),
                texts("a space that does not break", "One.\u00a0Two.", "One.", "Two."),
                texts("glued sentences", "One.Two. Three", "One.Two.", "Three"),
                texts("only stops", "...", "..."),
                texts("only a citation", "[1]", "[1]"),
                texts("a year is no list number", "In\n2024. Then it ended.", "In\n2024.", "Then it ended."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void splits(String name, String text, List<String> sentences) {
        assertThat(Sentences.split(text)).extracting(span -> span.of(text)).isEqualTo(sentences);
        assertCovered(text);
    }

    static Stream<?> seeds() {
        return Seeds.some();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void coversEveryCharacterOnceWhateverTheText(SplittableRandom random) {
        for (int i = 0; i < 20; i++) {
            assertCovered(Seeds.text(
                    random,
                    30,
                    "word",
                    "Word",
                    " ",
                    " ",
                    "\n",
                    "\r\n",
                    "\r",
                    "\n\n",
                    ".",
                    "!",
                    "?",
                    "…",
                    "。",
                    "...",
                    "\"",
                    "”",
                    "(",
                    ")",
                    "[1]",
                    "[",
                    "]",
                    "*",
                    "**",
                    "_",
                    "```\n",
                    "\n```",
                    "~~~",
                    "\n# ",
                    "\n- ",
                    "\n1. ",
                    "\n| ",
                    "\n> ",
                    "\n---\n",
                    "\n===\n",
                    "e.g.",
                    "Dr.",
                    "J.",
                    "3.5",
                    "7",
                    "https://a.b/c",
                    "\ud83d\ude00",
                    "\ud83d",
                    "\udc00",
                    "\u00a0",
                    "\u2028",
                    "\u0085",
                    "\u0000",
                    "ß",
                    "\t"));
        }
    }

    @Test
    void takesTimeInProportionToTheText() {
        int length = 1 << 20;
        for (String piece : List.of(
                "a", ".", "a. ", ". ", "J. ", "(", "( ", ". (", "\n", "\r\n", "> ", "\n> a", "- . ", "[1] ", ".[1]",
                "A b. ", "```\n", "a.b.", "\"", "\u00a0", "\n---\n", ". [")) {
            String text = piece.repeat(length / piece.length());
            assertTimeout(Duration.ofSeconds(10), () -> Sentences.split(text), () -> "of '" + piece + "'");
        }
    }

    private static void assertCovered(String text) {
        int at = 0;
        for (TextSpan span : Sentences.split(text)) {
            assertThat(span.length()).isPositive();
            assertBlank(text, at, span.start());
            assertThat(isSpace(text.charAt(span.start()))).isFalse();
            assertThat(isSpace(text.charAt(span.end() - 1))).isFalse();
            at = span.end();
        }
        assertBlank(text, at, text.length());
    }

    private static void assertBlank(String text, int start, int end) {
        assertThat(start).isLessThanOrEqualTo(end);
        assertThat(text.substring(start, end).chars().allMatch(SentencesTest::isSpace))
                .as("nothing lost at %d to %d of '%s'", start, end, text)
                .isTrue();
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static Arguments texts(String name, String text, String... sentences) {
        return arguments(name, text, List.of(sentences));
    }
}
