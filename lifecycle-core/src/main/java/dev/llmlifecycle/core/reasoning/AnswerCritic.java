package dev.llmlifecycle.core.reasoning;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Says what is to be improved in an answer; for {@link Reasoning#refine}.
 *
 * <p>Implementations must be thread-safe.
 *
 * @since 0.1
 */
public interface AnswerCritic extends Identified {

    /**
     * Criticises an answer.
     *
     * @param question the last message of the user
     * @param answer the answer, and the thoughts before it
     * @return what the model is told; nothing when the answer is good
     */
    Optional<String> critique(String question, ExtractedAnswer answer);

    /**
     * Makes a critic of a function.
     *
     * @param identity its name, version and settings
     * @param critique criticises an answer to a question
     * @return the critic
     */
    static AnswerCritic of(Identity identity, BiFunction<String, ExtractedAnswer, Optional<String>> critique) {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(critique, "critique");
        return new AnswerCritic() {
            @Override
            public Optional<String> critique(String question, ExtractedAnswer answer) {
                return critique.apply(question, answer);
            }

            @Override
            public Identity identity() {
                return identity;
            }
        };
    }
}
