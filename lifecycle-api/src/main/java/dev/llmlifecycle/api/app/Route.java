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

    /**
     * The main way with another retriever.
     *
     * @param retriever the name of a retriever that the application was given under a name
     */
    record ToRetriever(String retriever) implements Route {

        /** Checks that it is there. */
        public ToRetriever {
            Objects.requireNonNull(retriever, "retriever");
        }
    }

    /**
     * The main way with another model, such as a cheaper or a stronger one.
     *
     * @param tier the name of a model tier that the application was given
     */
    record ToModel(String tier) implements Route {

        /** Checks that it is there. */
        public ToModel {
            Objects.requireNonNull(tier, "tier");
        }
    }

    /**
     * A piece of the application that answers by itself, without retrieval and model.
     *
     * @param tool the name of a {@link QuestionTool} that the application was given
     */
    record ToTool(String tool) implements Route {

        /** Checks that it is there. */
        public ToTool {
            Objects.requireNonNull(tool, "tool");
        }
    }

    /**
     * Back to the user, who is asked what is meant.
     *
     * @param text the question for the user
     */
    record Clarify(String text) implements Route {

        /** Checks that it is there. */
        public Clarify {
            Objects.requireNonNull(text, "text");
        }
    }
}
