package dev.llmlifecycle.core.extractive;

import java.util.Set;

/** A statement that may be quoted. */
record Candidate(String text, String headings, int passageNumber, int passageRank, Set<String> words) {

    private static final String HEADING_SEPARATOR = " > ";

    String textWithHeading() {
        int separator = headings.lastIndexOf(HEADING_SEPARATOR);
        String heading = separator < 0 ? headings : headings.substring(separator + HEADING_SEPARATOR.length());
        return heading.isEmpty() ? text : heading + ": " + text;
    }

    boolean follows(Candidate other) {
        return passageRank == other.passageRank;
    }
}
