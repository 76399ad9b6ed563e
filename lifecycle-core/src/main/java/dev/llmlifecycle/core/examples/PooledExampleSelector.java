package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.ExampleSelector;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.prompt.CharacterTokenCountEstimator;

/**
 * Chooses the examples of a prompt from a pool, for each question, and says why.
 *
 * <pre>{@code
 * PooledExampleSelector examples = PooledExampleSelector.builder(pool)
 *         .embeddings(Identity.of("all-MiniLM-L6-v2", "1"), embeddingModel)
 *         .strategy(SelectionStrategy.knapsack())
 *         .tokenBudget(1_024)
 *         .build();
 * LlmApp app = LlmApp.builder()
 *         .model(identity, model)
 *         .prompt(template)                    // with examples() where they belong
 *         .examples(examples)
 *         .build();
 * }</pre>
 *
 * <p>Each text is embedded once, when the selector is built or the example is added; a choice embeds the question and
 * compares it with every example. Examples come and go while questions are answered: {@link #add} and {@link #erase}
 * put a new state in the place of the old, which a choice that has begun still ends with. What is erased is kept
 * nowhere in here.
 *
 * <p>The {@linkplain #identity() identity} covers the settings and the pool that the selector was built with, and stays
 * as it is, as a release wants it. {@link Selection#pool()} says what was really chosen from; {@link #renewed()} gives
 * a selector, and so a release, whose identity is that of the pool as it is now.
 *
 * <p>Thread-safe, as far as embedding model and estimator are. No lock is held.
 *
 * @since 0.1
 */
public final class PooledExampleSelector implements ExampleSelector {

    private final SelectorSettings settings;
    private final AtomicReference<PoolState> state;
    private final Identity identity;
    private final ExampleOrder order;
    private final List<OrderScore> orderScores;
    private final Map<Leak.Kind, LongAdder> leakedQuestions = new EnumMap<>(Leak.Kind.class);

    private PooledExampleSelector(
            SelectorSettings settings, PoolState state, ExampleOrder order, List<OrderScore> orderScores) {
        this.settings = settings;
        this.state = new AtomicReference<>(state);
        this.order = order;
        this.orderScores = List.copyOf(orderScores);
        this.identity = settings.identity(state.dataset(), order);
        for (Leak.Kind kind : Leak.Kind.values()) {
            leakedQuestions.put(kind, new LongAdder());
        }
    }

    /**
     * Starts a selector.
     *
     * @param pool the examples to choose from, possibly none; each needs an expected output to show
     * @return a builder
     */
    public static Builder builder(Dataset pool) {
        return new Builder(pool);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Chooses examples.
     *
     * @param question the question that stands alone
     * @return the examples in the order that the prompt shows them, possibly none
     * @throws LifecycleException when the question cannot be embedded as the pool was
     */
    @Override
    public List<Example> select(String question) {
        return explain(question).examples();
    }

    /**
     * Chooses examples, and says why.
     *
     * @param question the question that stands alone, of any length; it does not count towards the budget
     * @return the examples in the order that the prompt shows them, possibly none, with reasons
     * @throws LifecycleException when the question cannot be embedded as the pool was
     */
    public Selection explain(String question) {
        Selection selection = settings.choose(
                        current(), Objects.requireNonNull(question, "question"), List.of(order), true)
                .selection();
        for (RefusedExample refused : selection.refused()) {
            Objects.requireNonNull(leakedQuestions.get(refused.leak().kind())).increment();
        }
        return selection;
    }

    private PoolState current() {
        return Objects.requireNonNull(state.get(), "state");
    }

    /**
     * Returns the pool as it is now, with the provenance and licence of each example.
     *
     * @return the pool; its hash follows what is added and erased
     */
    public Dataset pool() {
        return current().dataset();
    }

    /**
     * Returns the order in which examples are shown, which may have been learned.
     *
     * @return the order
     */
    public ExampleOrder order() {
        return order;
    }

    /**
     * Returns how well each order did, if it was learned.
     *
     * @return scores as the orders were named
     */
    public List<OrderScore> orderScores() {
        return orderScores;
    }

    /**
     * Returns the examples of the pool that the firewall refuses because of the evaluation set.
     *
     * @return by id, none without a guard
     */
    public List<RefusedExample> refused() {
        return current().rows().stream()
                .flatMap(row -> row.leak().map(leak -> new RefusedExample(row.example(), leak)).stream())
                .toList();
    }

    /**
     * Counts what the firewall refused: the examples of the pool that give a row of the evaluation set away, and each
     * time that an example gave the question asked away.
     *
     * @return a count for every kind
     */
    public Map<Leak.Kind, Long> leaked() {
        Map<Leak.Kind, Long> counts = new EnumMap<>(Leak.Kind.class);
        leakedQuestions.forEach((kind, count) -> counts.put(kind, count.sum()));
        refused().forEach(refused -> counts.merge(refused.leak().kind(), 1L, Long::sum));
        return Collections.unmodifiableMap(counts);
    }

    /**
     * Adds an example to the end of the pool. Nothing else is embedded again.
     *
     * @param example the example
     * @throws IllegalArgumentException when it has no expected output to show, or its id is in the pool
     * @throws LifecycleException when it cannot be embedded as the pool was
     */
    public void add(Example example) {
        addAll(List.of(example));
    }

    /**
     * Adds examples to the end of the pool, all or none. Nothing else is embedded again. A change copies the vectors of
     * the pool, so add many at once.
     *
     * @param examples the examples
     * @throws IllegalArgumentException when one has no expected output to show, or its id is in the pool
     * @throws LifecycleException when one cannot be embedded as the pool was
     */
    public void addAll(List<Example> examples) {
        SelectorSettings.Prepared prepared = settings.prepare(List.copyOf(examples), Map.of());
        state.updateAndGet(before -> {
            Dataset dataset = Dataset.builder(before.dataset().name())
                    .version(before.dataset().version())
                    .addAll(before.dataset().examples())
                    .addAll(examples)
                    .build();
            if (before.vectors().dimension() > 0) {
                settings.requireDimension(before.vectors().dimension(), prepared.vectors());
            }
            return PoolState.of(dataset, before, prepared.rows(), prepared.vectors());
        });
    }

    /**
     * Erases an example, such as for the deletion request of the user who wrote it. The next choice does not see it,
     * and neither its text nor its vector is kept.
     *
     * @param id its id
     * @return whether it was in the pool
     */
    public boolean erase(String id) {
        Objects.requireNonNull(id, "id");
        return eraseIf(example -> example.id().equals(id)) > 0;
    }

    /**
     * Erases examples, such as all of one user or licence.
     *
     * @param test which; it may be asked more than once about an example
     * @return how many were erased
     */
    public int eraseIf(Predicate<Example> test) {
        Objects.requireNonNull(test, "test");
        while (true) {
            PoolState before = current();
            List<Example> kept =
                    before.dataset().examples().stream().filter(test.negate()).toList();
            int erased = before.size() - kept.size();
            if (erased == 0) {
                return 0;
            }
            Dataset dataset = Dataset.builder(before.dataset().name())
                    .version(before.dataset().version())
                    .addAll(kept)
                    .build();
            if (state.compareAndSet(before, PoolState.of(dataset, before, Map.of(), Map.of()))) {
                return erased;
            }
        }
    }

    /**
     * Returns a selector of the same settings over the pool as it is now, whose identity covers that pool. Nothing is
     * embedded again. Its counts begin at zero.
     *
     * @return the selector
     */
    public PooledExampleSelector renewed() {
        return new PooledExampleSelector(settings, current(), order, orderScores);
    }

    /** Builds a {@link PooledExampleSelector}. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_MOST = 5;

        private final Dataset pool;
        private OptionalInt most = OptionalInt.empty();
        private OptionalInt budget = OptionalInt.empty();
        private Optional<SelectionStrategy> strategy = Optional.empty();
        private Optional<ExampleOrder> order = Optional.empty();
        private Optional<TextEmbeddings> embeddings = Optional.empty();
        private Map<String, Embedding> vectors = Map.of();
        private Optional<LeakageGuard> guard = Optional.empty();
        private ExampleTokens tokens;
        private Optional<Learning> learning = Optional.empty();

        private Builder(Dataset pool) {
            this.pool = Objects.requireNonNull(pool, "pool");
            CharacterTokenCountEstimator byDefault = new CharacterTokenCountEstimator();
            this.tokens = new ExampleTokens(byDefault.identity(), byDefault);
        }

        /**
         * Sets what embeds examples and questions. Default: nothing, and then only rules that compare words work.
         *
         * @param identity what decides the vectors, such as the name and version of the model; it goes into the
         *     selector's own identity
         * @param model embeds
         * @return this builder
         */
        public Builder embeddings(Identity identity, EmbeddingModel model) {
            this.embeddings = Optional.of(new TextEmbeddings(identity, model));
            return this;
        }

        /**
         * Gives vectors that are known already, such as from a file. Default: none. Examples without one are embedded.
         *
         * @param byId vectors of the same model by the id of their example; ids that the pool does not have are passed
         *     over
         * @return this builder
         */
        public Builder vectors(Map<String, Embedding> byId) {
            this.vectors = Map.copyOf(byId);
            return this;
        }

        /**
         * Sets by which rule examples are chosen. Default: {@link SelectionStrategy#nearest()} with embeddings,
         * {@link SelectionStrategy#bm25()} without.
         *
         * @param strategy the rule
         * @return this builder
         */
        public Builder strategy(SelectionStrategy strategy) {
            this.strategy = Optional.of(strategy);
            return this;
        }

        /**
         * Sets how many examples are chosen at most. Default: 5, or as many as the budget holds for
         * {@link SelectionStrategy#knapsack()}, and all for {@link SelectionStrategy#fixed(String...)}.
         *
         * @param examples from 1 to 1,000
         * @return this builder
         */
        public Builder atMost(int examples) {
            if (examples < 1 || examples > 1_000) {
                throw new IllegalArgumentException(
                        "the largest number of examples must be from 1 to 1000 but was " + examples);
            }
            this.most = OptionalInt.of(examples);
            return this;
        }

        /**
         * Sets how many tokens the chosen examples may take together. Default: no limit. The sum of what the estimator
         * counts for their messages is never more; what it counts for a conversation as a whole is not part of it.
         *
         * @param tokens at least 1
         * @return this builder
         */
        public Builder tokenBudget(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("the token budget of examples must be at least 1 but was " + tokens
                        + "; leave the selector out to show none");
            }
            this.budget = OptionalInt.of(tokens);
            return this;
        }

        /**
         * Sets what counts tokens. Default: {@link CharacterTokenCountEstimator}, which is rough. Each example is
         * counted once.
         *
         * @param identity what decides the counts, such as the name and version of the tokenizer; it goes into the
         *     selector's own identity
         * @param estimator counts tokens
         * @return this builder
         */
        public Builder estimator(Identity identity, TokenCountEstimator estimator) {
            this.tokens = new ExampleTokens(
                    Objects.requireNonNull(identity, "identity"), Objects.requireNonNull(estimator, "estimator"));
            return this;
        }

        /**
         * Sets the order of the prompt. Default: {@link ExampleOrder#mostRelevantLast()}, and
         * {@link ExampleOrder#asChosen()} for fixed and random examples.
         *
         * @param order the order
         * @return this builder
         */
        public Builder order(ExampleOrder order) {
            this.order = Optional.of(order);
            this.learning = Optional.empty();
            return this;
        }

        /**
         * Chooses the order that does best on a validation set when the selector is built. Each row is asked with the
         * same examples in each order; of equals the order named first wins.
         *
         * @param validation the rows to ask, at least one; keep them apart from those that figures are reported on
         * @param scorer says how well a row is answered
         * @param orders what is tried, at least two
         * @return this builder
         */
        public Builder learnOrder(Dataset validation, OrderScorer scorer, ExampleOrder... orders) {
            if (validation.size() == 0 || orders.length < 2) {
                throw new IllegalArgumentException(
                        "learning the order of examples takes at least one row and two orders" + " but was given "
                                + validation.size() + " and " + orders.length + "; set the order instead");
            }
            this.learning =
                    Optional.of(new Learning(validation, Objects.requireNonNull(scorer, "scorer"), List.of(orders)));
            this.order = Optional.empty();
            return this;
        }

        /**
         * Refuses examples that give an evaluation set or the question asked away. Default: nothing is refused.
         *
         * @param evaluation the rows that are asked
         * @return this builder
         */
        public Builder guard(Dataset evaluation) {
            return guard(LeakageGuard.of(evaluation));
        }

        /**
         * Refuses examples that give an evaluation set or the question asked away. Default: nothing is refused.
         *
         * @param guard what is guarded
         * @return this builder
         */
        public Builder guard(LeakageGuard guard) {
            this.guard = Optional.of(guard);
            return this;
        }

        /**
         * Builds the selector: embeds, counts and compares every example once, and learns the order if it is to.
         *
         * @return the selector
         * @throws IllegalArgumentException when an example has no expected output to show, a fixed example is not in
         *     the pool, a given vector does not fit the model, or a rule lacks embeddings or a budget
         * @throws LifecycleException when the examples cannot be embedded
         */
        public PooledExampleSelector build() {
            SelectionStrategy rule = strategy.orElseGet(
                    () -> embeddings.isPresent() ? SelectionStrategy.nearest() : SelectionStrategy.bm25());
            require(rule);
            TextEmbeddings embedder = embeddings.orElse(null);
            SelectorSettings settings = new SelectorSettings(
                    rule,
                    most.orElseGet(() -> usual(rule)),
                    budget,
                    tokens,
                    embedder,
                    guard.orElse(null),
                    guard.map(each -> new Firewall(each, embedder)).orElse(null));
            SelectorSettings.Prepared prepared = settings.prepare(pool.examples(), vectors);
            if (!prepared.vectors().isEmpty()) {
                settings.requireDimension(
                        prepared.vectors().values().stream()
                                .mapToInt(vector -> vector.length)
                                .max()
                                .orElse(0),
                        prepared.vectors());
            }
            PoolState state = PoolState.of(pool, null, prepared.rows(), prepared.vectors());
            if (learning.isPresent()) {
                List<OrderScore> scores = learning.get().scores(settings, state);
                OrderScore best = scores.get(0);
                for (OrderScore score : scores) {
                    best = score.mean() > best.mean() ? score : best;
                }
                return new PooledExampleSelector(settings, state, best.order(), scores);
            }
            return new PooledExampleSelector(settings, state, order.orElseGet(() -> usualOrder(rule)), List.of());
        }

        private void require(SelectionStrategy rule) {
            boolean vectorsNeeded = rule instanceof SelectionStrategy.Nearest
                    || rule instanceof SelectionStrategy.Mmr
                    || rule instanceof SelectionStrategy.Coverage
                    || rule instanceof SelectionStrategy.Knapsack;
            if (embeddings.isEmpty() && (vectorsNeeded || !vectors.isEmpty())) {
                throw new IllegalArgumentException("choosing examples of '" + pool.name() + "' by "
                        + (vectorsNeeded ? rule : "given vectors")
                        + " needs an embedding model for the questions; give one with embeddings(...)");
            }
            if (rule instanceof SelectionStrategy.Knapsack && budget.isEmpty()) {
                throw new IllegalArgumentException("choosing examples of '" + pool.name()
                        + "' by a knapsack needs its size; give it with tokenBudget(...)");
            }
            if (rule instanceof SelectionStrategy.Fixed fixed) {
                Set<String> ids = pool.examples().stream().map(Example::id).collect(Collectors.toSet());
                fixed.ids().stream().filter(id -> !ids.contains(id)).findFirst().ifPresent(id -> {
                    throw new IllegalArgumentException("the pool '" + pool.name() + "' has no example '" + id
                            + "' to show for every question; correct the id or add the example");
                });
            }
        }

        private static int usual(SelectionStrategy rule) {
            boolean all = rule instanceof SelectionStrategy.Knapsack || rule instanceof SelectionStrategy.Fixed;
            return all ? Integer.MAX_VALUE : DEFAULT_MOST;
        }

        private static ExampleOrder usualOrder(SelectionStrategy rule) {
            boolean byRelevance =
                    !(rule instanceof SelectionStrategy.Fixed) && !(rule instanceof SelectionStrategy.RandomDraw);
            return byRelevance ? ExampleOrder.mostRelevantLast() : ExampleOrder.asChosen();
        }

        /** What an order is learned from. */
        private record Learning(Dataset validation, OrderScorer scorer, List<ExampleOrder> orders) {

            List<OrderScore> scores(SelectorSettings settings, PoolState state) {
                double[] sums = new double[orders.size()];
                for (Example row : validation.examples()) {
                    List<List<Example>> arranged =
                            settings.choose(state, row.input(), orders, false).arranged();
                    for (int i = 0; i < sums.length; i++) {
                        double score = scorer.score(row, arranged.get(i));
                        if (!Double.isFinite(score)) {
                            throw new IllegalArgumentException("the score of '" + row.id()
                                    + "' for an order of examples must be finite but was " + score
                                    + "; correct the scorer");
                        }
                        sums[i] += score;
                    }
                }
                List<OrderScore> scores = new ArrayList<>();
                for (int i = 0; i < sums.length; i++) {
                    scores.add(new OrderScore(orders.get(i), sums[i] / validation.size(), validation.size()));
                }
                return scores;
            }
        }
    }
}
