package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.retrieval.Passage;

/**
 * The text form in which passages stand in a prompt: numbered, delimited, and unable to break out of their delimiters.
 *
 * <pre>
 * &lt;passage number="1" source="returns/refunds.md" heading="Refunds &gt; How long it takes"&gt;
 * Refunds are paid within 14 days.
 * &lt;/passage&gt;
 * </pre>
 *
 * <p>Passages are foreign text. Whatever looks like one of the delimiters or like a control token of a model inside it
 * is defused by a zero-width space after its bracket, so no passage can end early or pretend to be another one;
 * {@link #read} takes it out again. Thread-safe.
 *
 * @since 0.1
 */
public final class PassageBlock {

    private static final Pattern START =
            Pattern.compile("<passage number=\"(\\d{1,6})\" source=\"([^\"\\n]*)\"(?: heading=\"([^\"\\n]*)\")?>\\n");
    private static final String END = "\n</passage>";
    private static final Pattern LINE_BREAK = Pattern.compile("\\R|\\p{Cntrl}");

    private PassageBlock() {}

    /**
     * Writes passages for a prompt.
     *
     * @param passages the passages, numbered from 1 in their order
     * @return the block, empty for no passage
     */
    public static String write(List<Passage> passages) {
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < passages.size(); i++) {
            Passage passage = passages.get(i);
            if (i > 0) {
                block.append('\n');
            }
            block.append("<passage number=\"").append(i + 1).append("\" source=\"");
            block.append(attribute(passage.source())).append('"');
            String heading = passage.heading().or(passage::title).orElse("");
            if (!heading.isBlank()) {
                block.append(" heading=\"").append(attribute(heading)).append('"');
            }
            block.append(">\n").append(ForeignText.defuse(passage.text())).append(END);
        }
        return block.toString();
    }

    /**
     * Reads the passages back out of a prompt.
     *
     * @param prompt a text with blocks as {@link #write} makes them
     * @return the passages in order
     */
    public static List<Numbered> read(String prompt) {
        List<Numbered> passages = new ArrayList<>();
        for (Block block : blocks(prompt)) {
            passages.add(block.passage());
        }
        return List.copyOf(passages);
    }

    /**
     * Takes the passages out of a prompt.
     *
     * @param prompt a text with blocks as {@link #write} makes them
     * @return the text without them
     */
    public static String remove(String prompt) {
        StringBuilder rest = new StringBuilder();
        int from = 0;
        for (Block block : blocks(prompt)) {
            rest.append(prompt, from, block.start());
            from = block.end();
        }
        return rest.append(prompt, from, prompt.length()).toString();
    }

    private static List<Block> blocks(String prompt) {
        List<Block> blocks = new ArrayList<>();
        Matcher start = START.matcher(prompt);
        int from = 0;
        while (start.find(from)) {
            int end = prompt.indexOf(END, start.end());
            if (end < 0) {
                return blocks;
            }
            from = end + END.length();
            String text = ForeignText.restore(prompt.substring(start.end(), end));
            String heading = start.group(3) == null ? "" : start.group(3);
            blocks.add(new Block(
                    start.start(),
                    from,
                    new Numbered(Integer.parseInt(start.group(1)), start.group(2), heading, text)));
        }
        return blocks;
    }

    private static String attribute(String value) {
        return LINE_BREAK.matcher(value).replaceAll(" ").replace('"', '\'').replace('<', '(');
    }

    private record Block(int start, int end, Numbered passage) {}

    /**
     * A passage as it stands in a prompt.
     *
     * @param number its number, from 1
     * @param source its document
     * @param heading the headings above it, or an empty text
     * @param text its text
     */
    public record Numbered(int number, String source, String heading, String text) {}
}
