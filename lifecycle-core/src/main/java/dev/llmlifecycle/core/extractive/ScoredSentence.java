package dev.llmlifecycle.core.extractive;

/** A sentence of a passage, with how well it fits the question. */
record ScoredSentence(String text, int passageNumber, int order, double score, double support) {

    /** Returns the sentence with its citation in front of the full stop, as in {@code It takes 14 days [2]}. */
    String cited() {
        String mark = " [" + passageNumber + "]";
        int end = text.length();
        while (end > 0 && ".!?".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        String stop = end == text.length() ? "." : text.substring(end);
        return text.substring(0, end) + mark + stop;
    }
}
