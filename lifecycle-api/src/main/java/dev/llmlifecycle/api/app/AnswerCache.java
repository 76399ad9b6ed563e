package dev.llmlifecycle.api.app;

import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;

/**
 * Keeps answers for questions that mean the same, over the same passages, under the same release.
 *
 * <p>Implementations must be thread-safe and bounded. Only the question may be compared by meaning; everything else in
 * the key must be equal. What comes out of the cache is validated like any other answer.
 *
 * @since 0.1
 */
public interface AnswerCache {

    /**
     * Finds an answer.
     *
     * @param key what was asked of what
     * @return the text of an answer, if one is kept
     */
    Optional<String> find(Key key);

    /**
     * Keeps an answer that passed all validators.
     *
     * @param key what was asked of what
     * @param answer its text
     */
    void put(Key key, String answer);

    /**
     * What an answer depends on.
     *
     * @param question the question that stands alone
     * @param release the hash of the release
     * @param prompt the name of the prompt that the route chose
     * @param context the hash over the rendered context: retrieved passages with their texts, conversation, locale
     * @param tenant whose answer
     */
    record Key(String question, Hash release, String prompt, Hash context, Optional<String> tenant) {

        /** Checks that nothing is missing. */
        public Key {
            Objects.requireNonNull(question, "question");
            Objects.requireNonNull(release, "release");
            Objects.requireNonNull(prompt, "prompt");
            Objects.requireNonNull(context, "context");
            Objects.requireNonNull(tenant, "tenant");
        }
    }
}
