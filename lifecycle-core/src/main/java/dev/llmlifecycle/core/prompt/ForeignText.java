package dev.llmlifecycle.core.prompt;

import java.util.regex.Pattern;

/**
 * Makes foreign text harmless inside a prompt: a zero-width space goes into whatever a model could take for one of its
 * control tokens, such as {@code <|im_start|>} or {@code [INST]}, and into whatever looks like the frame of a passage.
 * To a reader the text stays the same.
 */
final class ForeignText {

    /** Stands for white space in text that is datamarked; a code point for private use, so no real text holds it. */
    static final char MARK = '\uE000';

    private static final char ZERO_WIDTH_SPACE = '\u200B';

    /** The first character of a token, with whatever makes it one, defused any number of times before. */
    private static final String TOKEN =
            "<(?=\\u200B*+(?:"
                    + "\\s*+/?+\\s*+passage" // the frame of PassageBlock
                    + "|\\|" // ChatML, Llama 3, Phi
                    + "|<\\u200B*+/?+SYS>>" // Llama 2
                    + "|/?+(?:s|bos|eos|start_of_turn|end_of_turn|unused\\d++)>" // Llama 2, Mistral, Gemma
                    + "|｜" // DeepSeek
                    + "))|\\[(?=\\u200B*+/?+(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\\])"; // Llama 2, Mistral

    private static final Pattern TOKENS = Pattern.compile(TOKEN, Pattern.CASE_INSENSITIVE);
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private ForeignText() {}

    static String defuse(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('[') < 0) {
            return text;
        }
        return TOKENS.matcher(text).replaceAll(match -> match.group() + ZERO_WIDTH_SPACE);
    }

    /** Takes back what {@link #defuse} did. */
    static String restore(String text) {
        if (text.indexOf(ZERO_WIDTH_SPACE) < 0) {
            return text;
        }
        StringBuilder restored = new StringBuilder(text.length());
        var tokens = TOKENS.matcher(text);
        int from = 0;
        while (tokens.find()) {
            restored.append(text, from, tokens.end());
            from = tokens.end();
            if (from < text.length() && text.charAt(from) == ZERO_WIDTH_SPACE) {
                from++;
            }
        }
        return restored.append(text, from, text.length()).toString();
    }

    /** Puts text between tags that it cannot close. */
    static String delimit(String name, String text) {
        Pattern tag =
                Pattern.compile("<(?=\\u200B*+\\s*+/?+\\s*+" + Pattern.quote(name) + ")", Pattern.CASE_INSENSITIVE);
        return "<" + name + ">\n" + tag.matcher(defuse(text)).replaceAll("<" + ZERO_WIDTH_SPACE) + "\n</" + name + ">";
    }

    static String mark(String text) {
        return WHITE_SPACE.matcher(defuse(text).replace(MARK, ' ')).replaceAll(String.valueOf(MARK));
    }
}
