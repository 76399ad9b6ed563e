package dev.llmlifecycle.core.internal.text;

/** Takes the marks of a Markdown code block from around a text, which some models put there. */
public final class CodeFence {

    private static final String FENCE = "```";

    private CodeFence() {}

    /**
     * Removes the marks.
     *
     * @param text any text
     * @return what stands between the marks, or the text where it is not one code block
     */
    public static String remove(String text) {
        String stripped = text.strip();
        int firstLine = stripped.indexOf('\n');
        boolean fenced = stripped.startsWith(FENCE) && stripped.endsWith(FENCE) && firstLine > 0;
        return fenced ? stripped.substring(firstLine, stripped.length() - FENCE.length()) : stripped;
    }
}
