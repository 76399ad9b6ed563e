package dev.llmlifecycle.core.prompt;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;

/**
 * How many tokens a prompt may have, and what is left out of it, in which order, when it has more.
 *
 * <pre>{@code
 * PromptBudget budget = PromptBudget.builder(8_192)
 *         .estimator(Identity.of("o200k_base", "1"), new OpenAiTokenCountEstimator("gpt-4o"))
 *         .reserve(1_000)
 *         .keepAtLeast(PromptBudget.Kind.PASSAGES, 2)
 *         .build();
 * }</pre>
 *
 * <p>Only whole things are left out: the oldest exchange of the history, which is a question with all up to the next;
 * the last passage, which is the lowest ranked; the last example. No text is cut, so no delimiter, citation number or
 * control token ever is. {@link PromptRenderer#render(ChatPromptTemplate, Map, PromptContext, PromptBudget)} keeps to a
 * budget and says what was left out.
 *
 * <p>Thread-safe, as far as the estimator is.
 *
 * @since 0.1
 */
public final class PromptBudget implements Identified {

    private static final int DEFAULT_RESERVE = 1_024;

    private final int maxTokens;
    private final Optional<Integer> reserve;
    private final List<Kind> order;
    private final Map<Kind, Integer> leastKept;
    private final TokenCountEstimator estimator;
    private final Identity identity;

    private PromptBudget(Builder builder) {
        this.maxTokens = builder.maxTokens;
        this.reserve = builder.reserve;
        this.order = List.copyOf(builder.order);
        this.leastKept = Collections.unmodifiableMap(new EnumMap<>(builder.leastKept));
        this.estimator = builder.estimator;
        Map<String, Object> least = new TreeMap<>();
        leastKept.forEach((kind, count) -> least.put(kind.name(), count));
        Map<String, Object> configuration = new HashMap<>(Map.of(
                "maxTokens",
                maxTokens,
                "order",
                order.stream().map(Kind::name).toList(),
                "keepAtLeast",
                least,
                "estimator",
                builder.estimatorIdentity.toCanonical()));
        reserve.ifPresent(tokens -> configuration.put("reserve", tokens));
        this.identity = Identity.of("prompt-budget", "1", configuration);
    }

    /**
     * Starts a budget.
     *
     * @param maxTokens the most tokens of prompt and answer together, such as the window of the model; at least 1
     * @return a builder
     */
    public static Builder builder(int maxTokens) {
        return new Builder(maxTokens);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    int reserve(ChatPromptTemplate template) {
        return reserve.or(() -> template.parameters().maxOutputTokens()).orElse(DEFAULT_RESERVE);
    }

    /** Returns the most tokens that messages and output schema of a prompt may have. */
    int limit(ChatPromptTemplate template) {
        return Math.max(0, maxTokens - reserve(template));
    }

    List<Kind> order() {
        return order;
    }

    int leastKept(Kind kind) {
        return leastKept.getOrDefault(kind, 0);
    }

    TokenCountEstimator estimator() {
        return estimator;
    }

    /** What may be left out of a prompt. */
    public enum Kind {
        /** Exchanges of the conversation so far, the oldest first. */
        HISTORY,
        /** Passages, the lowest ranked first. */
        PASSAGES,
        /** Examples, the last first. */
        EXAMPLES
    }

    /** Builds a {@link PromptBudget}. Not thread-safe. */
    public static final class Builder {

        private final int maxTokens;
        private Optional<Integer> reserve = Optional.empty();
        private List<Kind> order = List.of(Kind.values());
        private final Map<Kind, Integer> leastKept = new EnumMap<>(Map.of(Kind.PASSAGES, 1));
        private TokenCountEstimator estimator;
        private Identity estimatorIdentity;

        private Builder(int maxTokens) {
            this.maxTokens = atLeast(1, maxTokens, "maxTokens");
            CharacterTokenCountEstimator byDefault = new CharacterTokenCountEstimator();
            this.estimator = byDefault;
            this.estimatorIdentity = byDefault.identity();
        }

        /**
         * Sets what counts tokens. Default: {@link CharacterTokenCountEstimator}, which is rough.
         *
         * @param identity what decides the counts, such as the name and version of the tokenizer; it goes into the
         *     budget's own identity
         * @param estimator counts tokens
         * @return this builder
         */
        public Builder estimator(Identity identity, TokenCountEstimator estimator) {
            this.estimatorIdentity = Objects.requireNonNull(identity, "identity");
            this.estimator = Objects.requireNonNull(estimator, "estimator");
            return this;
        }

        /**
         * Sets how many tokens are kept free for the answer. Default: the {@code maxOutputTokens} of the prompt, or
         * {@value #DEFAULT_RESERVE} where it sets none. What is added after rendering, such as a refused answer when
         * the model is asked again, has to fit in here too.
         *
         * @param tokens at least 0
         * @return this builder
         */
        public Builder reserve(int tokens) {
            this.reserve = Optional.of(atLeast(0, tokens, "reserve"));
            return this;
        }

        /**
         * Sets what is left out, and in which order: of the first kind as much as must be, then of the next. Default:
         * history, passages, examples.
         *
         * @param kinds the kinds in order; one that is not named is never left out
         * @return this builder
         */
        public Builder leaveOut(Kind... kinds) {
            if (Arrays.stream(kinds).distinct().count() < kinds.length) {
                throw new IllegalArgumentException("a prompt budget leaves the same kind out twice: "
                        + Arrays.toString(kinds) + "; name each once");
            }
            this.order = List.of(kinds);
            return this;
        }

        /**
         * Sets how much of a kind stays: its newest exchanges, its best passages, its first examples. Default: one
         * passage, no exchange, no example.
         *
         * @param kind the kind
         * @param count at least 0
         * @return this builder
         */
        public Builder keepAtLeast(Kind kind, int count) {
            leastKept.put(Objects.requireNonNull(kind, "kind"), atLeast(0, count, "keepAtLeast"));
            return this;
        }

        /**
         * Builds the budget.
         *
         * @return the budget
         * @throws IllegalArgumentException when the reserve leaves nothing for the prompt
         */
        public PromptBudget build() {
            reserve.filter(tokens -> tokens >= maxTokens).ifPresent(tokens -> {
                throw new IllegalArgumentException("a prompt budget of " + maxTokens + " tokens reserves " + tokens
                        + " for the answer, which leaves none for the prompt; reserve fewer");
            });
            return new PromptBudget(this);
        }

        private static int atLeast(int least, int value, String what) {
            if (value < least) {
                throw new IllegalArgumentException(
                        "the " + what + " of a prompt budget must be at least " + least + " but was " + value);
            }
            return value;
        }
    }
}
