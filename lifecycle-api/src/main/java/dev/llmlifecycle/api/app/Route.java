package dev.llmlifecycle.api.app;

import java.util.Objects;

/**
 * Where a router sends a question, inside a release.
 *
 * @since 0.1
 */
public sealed interface Route {

    /** The main way: retrieve, render the main prompt, ask the model. */
    record Main() implements Route {}

    /**
     * The main way with another prompt of the release.
     *
     * @param prompt the name of a prompt that the release pins
     */
    record ToPrompt(String prompt) implements Route {

        /** Checks that it is there. */
        public ToPrompt {
            Objects.requireNonNull(prompt, "prompt");
        }
    }

    /**
     * A fixed answer, without retrieval and model.
     *
     * @param text the answer
     */
    record Canned(String text) implements Route {

        /** Checks that it is there. */
        public Canned {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * A person.
     *
     * @param queue whom to give it to
     * @param text what the user is told
     */
    record HandOver(String queue, String text) implements Route {

        /** Checks that nothing is missing. */
        public HandOver {
            Objects.requireNonNull(queue, "queue");
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * Nowhere: the application is not for that question.
     *
     * @param text what the user is told
     */
    record OutOfScope(String text) implements Route {

        /** Checks that it is there. */
        public OutOfScope {
            Objects.requireNonNull(text, "text");
        }
    }
}
