package dev.llmlifecycle.api.app;

import java.util.Objects;

import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.Finding;

/**
 * Something that happens while an answer is streamed.
 *
 * @since 0.1
 */
public sealed interface AnswerEvent {

    /**
     * More text of the answer.
     *
     * @param text the text that follows what came before
     */
    record Text(String text) implements AnswerEvent {

        /** Checks that it is there. */
        public Text {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * The answer cites a passage, for the first time.
     *
     * @param citation the citation
     */
    record Cited(Citation citation) implements AnswerEvent {

        /** Checks that it is there. */
        public Cited {
            Objects.requireNonNull(citation, "citation");
        }
    }

    /**
     * A validator noticed something.
     *
     * @param finding the finding
     */
    record Found(Finding finding) implements AnswerEvent {

        /** Checks that it is there. */
        public Found {
            Objects.requireNonNull(finding, "finding");
        }
    }

    /**
     * All text sent so far is taken back; what follows starts anew.
     *
     * @param reason why, for people
     */
    record Retracted(String reason) implements AnswerEvent {

        /** Checks that it is there. */
        public Retracted {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The end; nothing follows. The texts since the last retraction add up to the answer's text, whatever the outcome
     * but {@link Outcome.Failed}: what had gone out when it failed stays half an answer.
     *
     * @param answer the answer
     */
    record Completed(Answer answer) implements AnswerEvent {

        /** Checks that it is there. */
        public Completed {
            Objects.requireNonNull(answer, "answer");
        }
    }
}
