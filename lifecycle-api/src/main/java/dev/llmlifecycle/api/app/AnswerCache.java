package dev.llmlifecycle.api.app;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.identity.Hash;

/**
 * Keeps answers for questions that mean the same, over the same passages, under the same release.
 *
 * <p>Implementations must be thread-safe and bounded. Only the question may be compared by meaning; everything else in
 * the key must be equal. What comes out of the cache is validated like any other answer.
 *
 * <p>Each {@link #find} without an answer is followed by {@link #put} or {@link #abandon} with the same request, so
 * that a cache may let others wait for the answer that is on its way.
 *
 * @since 0.1
 */
@Incubating
public interface AnswerCache {

    /**
     * Finds an answer.
     *
     * @param request what is asked of what
     * @return the text of an answer, if one is kept and good enough
     */
    Lookup find(Request request);

    /**
     * Keeps an answer that passed all validators.
     *
     * @param request what was asked of what
     * @param answer the answer
     */
    void put(Request request, Kept answer);

    /**
     * Hears that a question of which nothing was found got no answer to keep.
     *
     * @param request what was asked of what
     */
    default void abandon(Request request) {}

    /**
     * A question to the cache.
     *
     * @param key what an answer depends on
     * @param interactionId the interaction that asks
     * @param deadline until when an answer is of use
     * @since 0.1
     */
    record Request(Key key, String interactionId, Optional<Instant> deadline) {

        /** Checks that nothing is missing. */
        public Request {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(interactionId, "interactionId");
            Objects.requireNonNull(deadline, "deadline");
        }
    }

    /**
     * What was found.
     *
     * @param answer the text of an answer
     * @param details how it was decided, for the record of the interaction; without text of questions or answers
     * @since 0.1
     */
    record Lookup(Optional<String> answer, Map<String, String> details) {

        /** Copies the details. */
        public Lookup {
            Objects.requireNonNull(answer, "answer");
            details = Map.copyOf(details);
        }

        /**
         * Tells of an answer, or of none, without details.
         *
         * @param answer the text of an answer
         * @return what was found
         */
        public static Lookup of(Optional<String> answer) {
            return new Lookup(answer, Map.of());
        }
    }

    /**
     * An answer to keep.
     *
     * @param text its text
     * @param passageIds the passages it was made from
     * @since 0.1
     */
    record Kept(String text, List<String> passageIds) {

        /** Copies the ids. */
        public Kept {
            Objects.requireNonNull(text, "text");
            passageIds = List.copyOf(passageIds);
        }
    }

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
