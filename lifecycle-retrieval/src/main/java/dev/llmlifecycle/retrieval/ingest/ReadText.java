package dev.llmlifecycle.retrieval.ingest;

import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.retrieval.ingest.SkippedFile.Reason;

/**
 * The text of a file with what is known of it, or no text and the reason.
 *
 * @param text the text, possibly blank
 * @param metadata of the text, with its title where it has one
 * @param reason why there is no text
 * @param detail the same for people
 */
record ReadText(Optional<String> text, Metadata metadata, Reason reason, String detail) {

    static ReadText of(String text, Metadata metadata) {
        return new ReadText(Optional.of(text), metadata, Reason.EMPTY, "");
    }

    static ReadText of(String text, Optional<String> title) {
        Metadata metadata = new Metadata();
        title.ifPresent(found -> metadata.put(Passage.TITLE, found));
        return of(text, metadata);
    }

    static ReadText problem(Reason reason, String detail) {
        return new ReadText(Optional.empty(), new Metadata(), reason, detail);
    }
}
