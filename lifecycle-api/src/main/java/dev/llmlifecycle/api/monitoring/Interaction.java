package dev.llmlifecycle.api.monitoring;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.Finding;

/**
 * The record of one question: what was asked, retrieved, rendered, answered, found by validators and spent.
 *
 * <p>Immutable; equal when all values are. It grows: {@link #SCHEMA_VERSION} counts, new fields are optional, and
 * {@link #steps()} is an open list.
 *
 * @since 0.1
 */
public final class Interaction {

    /** The version of the record's shape. */
    public static final int SCHEMA_VERSION = 1;

    private final Builder values;

    private Interaction(Builder values) {
        this.values = values;
    }

    /**
     * Starts an interaction.
     *
     * @param id unique, never blank
     * @param startedAt when the question came in
     * @param question the question as the user wrote it, never blank
     * @return a builder
     */
    public static Builder builder(String id, Instant startedAt, String question) {
        return new Builder(id, startedAt, question);
    }

    /**
     * Returns the id, the key of later feedback.
     *
     * @return never blank
     */
    public String id() {
        return values.id;
    }

    /**
     * Returns when the question came in.
     *
     * @return the time
     */
    public Instant startedAt() {
        return values.startedAt;
    }

    /**
     * Returns the question: as the input validators left it where the release has some, so that what they redact is not
     * recorded; else as the user wrote it.
     *
     * @return never blank
     */
    public String question() {
        return values.question;
    }

    /**
     * Returns the question that was retrieved and answered, when it differs from {@link #question()}.
     *
     * @return the question that stands alone
     */
    public Optional<String> standaloneQuestion() {
        return values.standaloneQuestion;
    }

    /**
     * Returns the conversation.
     *
     * @return its id, if the question had one
     */
    public Optional<String> conversationId() {
        return values.conversationId;
    }

    /**
     * Returns the user.
     *
     * @return the user's id, if the question had one
     */
    public Optional<String> user() {
        return values.user;
    }

    /**
     * Returns the tenant.
     *
     * @return the tenant's id, if the question had one
     */
    public Optional<String> tenant() {
        return values.tenant;
    }

    /**
     * Returns the deployment label that was resolved.
     *
     * @return the label, or nothing where the application runs one fixed release
     */
    public Optional<String> label() {
        return values.label;
    }

    /**
     * Returns the hash of the release that answered.
     *
     * @return the hash, or nothing where no release could be resolved
     */
    public Optional<Hash> release() {
        return values.release;
    }

    /**
     * Returns the prompt version that was rendered.
     *
     * @return the version, or nothing where it did not come to that
     */
    public Optional<PinnedPrompt> prompt() {
        return values.prompt;
    }

    /**
     * Returns the state of the index that was searched.
     *
     * @return the snapshot id, or nothing where nothing was retrieved
     */
    public Optional<String> snapshotId() {
        return values.snapshotId;
    }

    /**
     * Returns the retrieved passages.
     *
     * @return best first
     */
    public List<Passage> passages() {
        return values.passages;
    }

    /**
     * Returns how it ended: {@code answered}, {@code abstained}, {@code asked-back}, {@code blocked},
     * {@code out-of-scope}, {@code handed-over}, {@code failed} or {@code cancelled}.
     *
     * @return the outcome's name
     */
    public String outcome() {
        return values.outcome;
    }

    /**
     * Returns what the user was given.
     *
     * @return the answer or the reason; empty only where the question was cancelled
     */
    public String answer() {
        return values.answer;
    }

    /**
     * Returns the citations of the answer.
     *
     * @return in the order of their numbers
     */
    public List<Citation> citations() {
        return values.citations;
    }

    /**
     * Returns what validators noticed.
     *
     * @return in the order they were reported
     */
    public List<Finding> findings() {
        return values.findings;
    }

    /**
     * Returns the input tokens over all model calls.
     *
     * @return the number as the model reported it, 0 where it reported none
     */
    public int inputTokens() {
        return values.inputTokens;
    }

    /**
     * Returns the output tokens over all model calls.
     *
     * @return the number as the model reported it, 0 where it reported none
     */
    public int outputTokens() {
        return values.outputTokens;
    }

    /**
     * Returns what it cost.
     *
     * @return the cost in the currency of the application's prices, or nothing where it has none
     */
    public Optional<BigDecimal> cost() {
        return values.cost;
    }

    /**
     * Returns the steps.
     *
     * @return in the order they ended
     */
    public List<Step> steps() {
        return values.steps;
    }

    /**
     * Returns how long it took.
     *
     * @return from question to answer
     */
    public Duration duration() {
        return values.duration;
    }

    /**
     * Starts a changed copy, such as one without the user.
     *
     * @return a builder with all values of this interaction
     */
    public Builder toBuilder() {
        return values.copy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Interaction that && values.all().equals(that.values.all());
    }

    @Override
    public int hashCode() {
        return values.all().hashCode();
    }

    /** Returns id, outcome and duration; never the texts. */
    @Override
    public String toString() {
        return "Interaction[" + id() + ", " + outcome() + ", " + duration() + "]";
    }

    /** Builds an {@link Interaction}. Not thread-safe. */
    public static final class Builder {

        private final String id;
        private final Instant startedAt;
        private String question;
        private Optional<String> standaloneQuestion = Optional.empty();
        private Optional<String> conversationId = Optional.empty();
        private Optional<String> user = Optional.empty();
        private Optional<String> tenant = Optional.empty();
        private Optional<String> label = Optional.empty();
        private Optional<Hash> release = Optional.empty();
        private Optional<PinnedPrompt> prompt = Optional.empty();
        private Optional<String> snapshotId = Optional.empty();
        private List<Passage> passages = List.of();
        private String outcome = "answered";
        private String answer = "";
        private List<Citation> citations = List.of();
        private List<Finding> findings = List.of();
        private int inputTokens;
        private int outputTokens;
        private Optional<BigDecimal> cost = Optional.empty();
        private List<Step> steps = List.of();
        private Duration duration = Duration.ZERO;

        private Builder(String id, Instant startedAt, String question) {
            if (Objects.requireNonNull(id, "id").isBlank()) {
                throw new IllegalArgumentException("the id of an interaction is blank; give each one a unique id");
            }
            this.id = id;
            this.startedAt = Objects.requireNonNull(startedAt, "startedAt");
            this.question = requireQuestion(id, question);
        }

        private static String requireQuestion(String id, String question) {
            if (Objects.requireNonNull(question, "question").isBlank()) {
                throw new IllegalArgumentException(
                        "the question of interaction '" + id + "' is blank; record what was asked");
            }
            return question;
        }

        private List<Object> all() {
            return List.of(
                    id,
                    startedAt,
                    question,
                    standaloneQuestion,
                    conversationId,
                    user,
                    tenant,
                    label,
                    release,
                    prompt,
                    snapshotId,
                    passages,
                    outcome,
                    answer,
                    citations,
                    findings,
                    inputTokens,
                    outputTokens,
                    cost,
                    steps,
                    duration);
        }

        private Builder copy() {
            Builder copy = new Builder(id, startedAt, question);
            copy.standaloneQuestion = standaloneQuestion;
            copy.conversationId = conversationId;
            copy.user = user;
            copy.tenant = tenant;
            copy.label = label;
            copy.release = release;
            copy.prompt = prompt;
            copy.snapshotId = snapshotId;
            copy.passages = List.copyOf(passages);
            copy.outcome = outcome;
            copy.answer = answer;
            copy.citations = List.copyOf(citations);
            copy.findings = List.copyOf(findings);
            copy.inputTokens = inputTokens;
            copy.outputTokens = outputTokens;
            copy.cost = cost;
            copy.steps = List.copyOf(steps);
            copy.duration = duration;
            return copy;
        }

        /**
         * Replaces the question, as a redaction does.
         *
         * @param question the question to record, never blank
         * @return this builder
         */
        public Builder question(String question) {
            this.question = requireQuestion(id, question);
            return this;
        }

        /**
         * Sets the question that stands alone. Default: none.
         *
         * @param question the question
         * @return this builder
         */
        public Builder standaloneQuestion(String question) {
            this.standaloneQuestion = Optional.of(question);
            return this;
        }

        /**
         * Sets the conversation. Default: none.
         *
         * @param conversationId its id, if any
         * @return this builder
         */
        public Builder conversationId(Optional<String> conversationId) {
            this.conversationId = Objects.requireNonNull(conversationId, "conversationId");
            return this;
        }

        /**
         * Sets the user. Default: none.
         *
         * @param user the user's id, if any
         * @return this builder
         */
        public Builder user(Optional<String> user) {
            this.user = Objects.requireNonNull(user, "user");
            return this;
        }

        /**
         * Sets the tenant. Default: none.
         *
         * @param tenant the tenant's id, if any
         * @return this builder
         */
        public Builder tenant(Optional<String> tenant) {
            this.tenant = Objects.requireNonNull(tenant, "tenant");
            return this;
        }

        /**
         * Sets the deployment label. Default: none.
         *
         * @param label the label, if any
         * @return this builder
         */
        public Builder label(Optional<String> label) {
            this.label = Objects.requireNonNull(label, "label");
            return this;
        }

        /**
         * Sets the release. Default: none.
         *
         * @param release its hash
         * @return this builder
         */
        public Builder release(Hash release) {
            this.release = Optional.of(release);
            return this;
        }

        /**
         * Sets the prompt version. Default: none.
         *
         * @param prompt the version
         * @return this builder
         */
        public Builder prompt(PinnedPrompt prompt) {
            this.prompt = Optional.of(prompt);
            return this;
        }

        /**
         * Sets what was retrieved. Default: nothing, from no snapshot.
         *
         * @param snapshotId the state of the index
         * @param passages the passages, best first
         * @return this builder
         */
        public Builder retrieval(String snapshotId, List<Passage> passages) {
            this.snapshotId = Optional.of(snapshotId);
            this.passages = List.copyOf(passages);
            return this;
        }

        /**
         * Sets how it ended. Default: as answered, with an empty text.
         *
         * @param outcome the outcome's name
         * @param answer what the user was given
         * @return this builder
         */
        public Builder outcome(String outcome, String answer) {
            this.outcome = Objects.requireNonNull(outcome, "outcome");
            this.answer = Objects.requireNonNull(answer, "answer");
            return this;
        }

        /**
         * Sets the citations. Default: none.
         *
         * @param citations the citations
         * @return this builder
         */
        public Builder citations(List<Citation> citations) {
            this.citations = List.copyOf(citations);
            return this;
        }

        /**
         * Sets what validators noticed. Default: nothing.
         *
         * @param findings the findings
         * @return this builder
         */
        public Builder findings(List<Finding> findings) {
            this.findings = List.copyOf(findings);
            return this;
        }

        /**
         * Sets the tokens. Default: 0.
         *
         * @param input input tokens, at least 0
         * @param output output tokens, at least 0
         * @return this builder
         */
        public Builder tokens(int input, int output) {
            if (input < 0 || output < 0) {
                throw new IllegalArgumentException("token counts must not be negative but were " + input + " and "
                        + output + "; use 0 where unknown");
            }
            this.inputTokens = input;
            this.outputTokens = output;
            return this;
        }

        /**
         * Sets the cost. Default: unknown.
         *
         * @param cost the cost, if known
         * @return this builder
         */
        public Builder cost(Optional<BigDecimal> cost) {
            this.cost = Objects.requireNonNull(cost, "cost");
            return this;
        }

        /**
         * Adds a step. Default: none.
         *
         * @param step the step
         * @return this builder
         */
        public Builder step(Step step) {
            List<Step> longer = new ArrayList<>(steps);
            longer.add(Objects.requireNonNull(step, "step"));
            this.steps = longer;
            return this;
        }

        /**
         * Sets how long it took. Default: no time at all.
         *
         * @param duration from question to answer
         * @return this builder
         */
        public Builder duration(Duration duration) {
            this.duration = Objects.requireNonNull(duration, "duration");
            return this;
        }

        /**
         * Builds the interaction.
         *
         * @return the interaction
         */
        public Interaction build() {
            return new Interaction(copy());
        }
    }
}
