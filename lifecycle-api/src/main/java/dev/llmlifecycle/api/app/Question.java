package dev.llmlifecycle.api.app;

import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.langchain4j.store.embedding.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks, with what the application needs to know about it.
 *
 * <p>Immutable.
 *
 * @param text the question as the user wrote it, never blank
 * @param conversationId the conversation it continues, if any
 * @param user who asks, if known; also the sticky key of a deployment
 * @param tenant on whose behalf, where a host serves several
 * @param locale the language of the conversation
 * @param filter which passages may be used, by their metadata
 * @param deadline when an answer is of no use any more; the application's timeout where absent
 * @param attributes whatever routers and validators of the host want to know, in the order of the names
 * @since 0.1
 */
public record Question(
        String text,
        Optional<String> conversationId,
        Optional<String> user,
        Optional<String> tenant,
        Locale locale,
        Optional<Filter> filter,
        Optional<Instant> deadline,
        Map<String, String> attributes) {

    /** Checks and copies. */
    public Question {
        if (Objects.requireNonNull(text, "text").isBlank()) {
            throw new IllegalArgumentException("the question is blank; ask something");
        }
        requireNotBlank(conversationId, "conversationId");
        requireNotBlank(user, "user");
        requireNotBlank(tenant, "tenant");
        Objects.requireNonNull(locale, "locale");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(deadline, "deadline");
        attributes = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(attributes)));
    }

    /**
     * Creates a question of text alone.
     *
     * @param text the question
     * @return the question
     */
    public static Question of(String text) {
        return builder(text).build();
    }

    /**
     * Starts a question.
     *
     * @param text the question as the user wrote it
     * @return a builder
     */
    public static Builder builder(String text) {
        return new Builder(text);
    }

    /**
     * Returns this question with another text, such as one that stands alone or has been redacted.
     *
     * @param text the other text, not blank
     * @return the question
     */
    public Question withText(String text) {
        return new Question(text, conversationId, user, tenant, locale, filter, deadline, attributes);
    }

    /**
     * Returns this question with a deadline.
     *
     * @param deadline when an answer is of no use any more
     * @return the question
     */
    public Question withDeadline(Instant deadline) {
        return new Question(text, conversationId, user, tenant, locale, filter, Optional.of(deadline), attributes);
    }

    private static void requireNotBlank(Optional<String> value, String what) {
        if (value.isPresent() && value.get().isBlank()) {
            throw new IllegalArgumentException("the " + what + " of a question is blank; leave it out or fill it in");
        }
    }

    /** Builds a {@link Question}. Not thread-safe. */
    public static final class Builder {

        private final String text;
        private final Map<String, String> attributes = new TreeMap<>();
        private @Nullable String conversationId;
        private @Nullable String user;
        private @Nullable String tenant;
        private @Nullable Filter filter;
        private @Nullable Instant deadline;
        private Locale locale = Locale.ENGLISH;

        private Builder(String text) {
            this.text = Objects.requireNonNull(text, "text");
        }

        /**
         * Sets the conversation. Default: none, so nothing is remembered.
         *
         * @param conversationId its id
         * @return this builder
         */
        public Builder conversationId(String conversationId) {
            this.conversationId = Objects.requireNonNull(conversationId, "conversationId");
            return this;
        }

        /**
         * Sets who asks. Default: unknown.
         *
         * @param user the user's id
         * @return this builder
         */
        public Builder user(String user) {
            this.user = Objects.requireNonNull(user, "user");
            return this;
        }

        /**
         * Sets the tenant. Default: none.
         *
         * @param tenant the tenant's id
         * @return this builder
         */
        public Builder tenant(String tenant) {
            this.tenant = Objects.requireNonNull(tenant, "tenant");
            return this;
        }

        /**
         * Sets the language. Default: English.
         *
         * @param locale the language
         * @return this builder
         */
        public Builder locale(Locale locale) {
            this.locale = Objects.requireNonNull(locale, "locale");
            return this;
        }

        /**
         * Sets which passages may be used. Default: all.
         *
         * @param filter a filter over passage metadata
         * @return this builder
         */
        public Builder filter(Filter filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Sets the deadline. Default: the application's timeout from now.
         *
         * @param deadline the time
         * @return this builder
         */
        public Builder deadline(Instant deadline) {
            this.deadline = Objects.requireNonNull(deadline, "deadline");
            return this;
        }

        /**
         * Sets an attribute. Default: none.
         *
         * @param name its name
         * @param value its value
         * @return this builder
         */
        public Builder attribute(String name, String value) {
            attributes.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Builds the question.
         *
         * @return the question
         * @throws IllegalArgumentException when a text in it is blank
         */
        public Question build() {
            return new Question(
                    text,
                    Optional.ofNullable(conversationId),
                    Optional.ofNullable(user),
                    Optional.ofNullable(tenant),
                    locale,
                    Optional.ofNullable(filter),
                    Optional.ofNullable(deadline),
                    attributes);
        }
    }
}
