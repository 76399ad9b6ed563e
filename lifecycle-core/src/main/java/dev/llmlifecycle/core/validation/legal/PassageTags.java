package dev.llmlifecycle.core.validation.legal;

import java.util.Optional;

import dev.llmlifecycle.api.retrieval.Passage;

/** Reads metadata of passages, whatever type a loader gave them. */
final class PassageTags {

    static final String LICENCE = "licence";
    static final String AUTHOR = "author";
    static final String QUOTATION_LIMIT = "quotationLimit";
    static final String CONSENT = "consent";
    static final String PURPOSE = "purpose";
    static final String RETAIN_UNTIL = "retainUntil";

    private static final int LONGEST = 300;

    private PassageTags() {}

    /** Returns a tag on one line, cut to 300 characters; nothing where it is blank. */
    static Optional<String> text(Passage passage, String key) {
        Object value = passage.segment().metadata().toMap().get(key);
        return Optional.ofNullable(value).map(tag -> line(tag.toString())).filter(tag -> !tag.isEmpty());
    }

    private static String line(String tag) {
        StringBuilder line = new StringBuilder(Math.min(LONGEST, tag.length()));
        for (int i = 0; i < Math.min(LONGEST, tag.length()); i++) {
            char c = tag.charAt(i);
            line.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c);
        }
        return line.toString().strip();
    }

    static String source(Passage passage) {
        return text(passage, Passage.SOURCE).orElse(passage.id());
    }
}
