package dev.llmlifecycle.api.app;

import java.util.Objects;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * A piece of the application that answers a question by itself, such as the state of an order, where a
 * {@link Route.ToTool} leads to it.
 *
 * <p>Implementations must be thread-safe and may block until the deadline of the question.
 *
 * @since 0.1
 */
public interface QuestionTool extends Identified {

    /**
     * Answers a question.
     *
     * @param question the question, with its attributes
     * @return what the user is told, not blank
     * @throws dev.llmlifecycle.api.LifecycleException when what it needs cannot be reached
     */
    String answer(Question question);

    /**
     * Makes a tool of a function.
     *
     * @param identity what decides its answers
     * @param function gives the answer
     * @return the tool
     */
    static QuestionTool of(Identity identity, Function<Question, String> function) {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(function, "function");
        return new QuestionTool() {
            @Override
            public String answer(Question question) {
                return function.apply(question);
            }

            @Override
            public Identity identity() {
                return identity;
            }
        };
    }
}
