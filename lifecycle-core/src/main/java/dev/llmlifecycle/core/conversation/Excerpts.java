package dev.llmlifecycle.core.conversation;

/** Cuts texts to a length, between words where there is a space. */
final class Excerpts {

    private Excerpts() {}

    static String start(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        int space = text.lastIndexOf(' ', end);
        return text.substring(0, space > 0 ? space : end).strip();
    }
}
