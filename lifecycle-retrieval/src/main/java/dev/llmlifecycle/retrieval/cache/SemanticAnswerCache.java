package dev.llmlifecycle.retrieval.cache;

import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.Incubating;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;
import org.jspecify.annotations.Nullable;

/**
 * Answers kept in memory for questions that mean the same, taken by a decision with a stated error.
 *
 * <p>Only questions of one release, prompt, tenant and context (the passages found for them, the conversation, locale
 * and attributes) are compared; all that must be equal. The very same question, white space aside, gets its answer at
 * once. Another is compared with the nearest that no {@link QuestionGuard} tells apart, and gets its answer when
 *
 * <ul>
 *   <li>the {@link AcceptanceRule}, if there is one, accepts the pair, and
 *   <li>{@linkplain Builder#errorRate learning}, if it is on, is sure enough of that entry at that similarity; where it
 *       is not, the model is asked and its answer compared with the kept one.
 * </ul>
 *
 * <p>In {@linkplain Builder#shadow shadow} it answers nothing, and counts what it would have answered and how often
 * that would have been wrong.
 *
 * <p>An answer goes with its age, for room, or by {@link #evict}, {@link #evictPassage}, {@link #clearTenant},
 * {@link #clearRelease}. Questions and answers with personal data, and questions that are very long, are neither looked
 * up nor kept. Several threads with the very same question wait for the first one's answer, each for a limited time.
 *
 * <p>Thread-safe. No lock is held while a model embeds. Close it, as a large cache has threads that build a graph.
 *
 * <pre>{@code
 * AnswerCache cache = SemanticAnswerCache.builder(embeddingModel, text -> !scanner.scan(text).isEmpty())
 *         .rule(AcceptanceRule.calibrate(pairs, embeddingModel, 0.01))
 *         .build();
 * }</pre>
 *
 * @since 0.1
 */
@Incubating
public final class SemanticAnswerCache implements AnswerCache, AutoCloseable {

    private static final Pattern WHITE_SPACE = Pattern.compile("(?U)\\s++");
    private static final VectorMath MATH = VectorMath.best();
    private static final int MOST_UNDER_WAY = 10_000;
    private static final int MOST_REMEMBERED = 100_000;

    private final EmbeddingModel model;
    private final Predicate<String> isPersonal;
    private final Optional<AcceptanceRule> rule;
    private final Optional<LearnedAcceptance.Budget> budget;
    private final BiPredicate<String, String> sameAnswer;
    private final boolean shadow;
    private final int candidates;
    private final int longestQuestion;
    private final Duration longestWait;
    private final Clock clock;

    private final Cache<Key, KeptQuestion> kept;
    private final Cache<String, Pending> pending;
    /** From an interaction to the id of the entry that it brought or was given. */
    private final Cache<String, String> byInteraction;

    private final Map<String, KeptQuestion> byId = new ConcurrentHashMap<>();
    private final Neighbourhood neighbourhood;
    private final Map<Key, Flight> flights = new ConcurrentHashMap<>();
    private final AtomicReference<Optional<Space>> space = new AtomicReference<>(Optional.empty());
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private final LongAdder same = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder none = new LongAdder();
    private final LongAdder unsure = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder shadowRight = new LongAdder();
    private final LongAdder shadowWrong = new LongAdder();
    private final Map<QuestionGuard, LongAdder> refused = new EnumMap<>(QuestionGuard.class);

    private SemanticAnswerCache(Builder builder) {
        this.model = builder.model;
        this.isPersonal = builder.isPersonal;
        this.rule = builder.rule;
        this.budget = builder.errorRate.map(LearnedAcceptance.Budget::new);
        this.sameAnswer = builder.sameAnswer;
        this.shadow = builder.shadow;
        this.candidates = builder.candidates;
        this.longestQuestion = builder.longestQuestion;
        this.longestWait = builder.longestWait;
        this.clock = builder.clock;
        this.neighbourhood = new Neighbourhood(builder.listLimit, builder.executor);
        Ticker ticker = new ForwardTicker(builder.ticker);
        this.kept = Caffeine.newBuilder()
                .maximumWeight(builder.maximumBytes)
                .weigher((Key key, KeptQuestion question) -> question.weight())
                .expireAfter(new JitteredExpiry<Key, KeptQuestion>(builder.expireAfterWrite))
                .ticker(ticker)
                .executor(Runnable::run)
                .removalListener(this::removed)
                .recordStats()
                .build();
        this.pending = Caffeine.newBuilder()
                .maximumSize(MOST_UNDER_WAY)
                .expireAfterWrite(Duration.ofMinutes(10))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.byInteraction = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(builder.expireAfterWrite)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        for (QuestionGuard guard : QuestionGuard.values()) {
            refused.put(guard, new LongAdder());
        }
    }

    /**
     * Starts a cache.
     *
     * @param model embeds questions; a {@code CachedEmbeddingModel} that retrieval shares spares a call
     * @param isPersonal says whether a text has personal data, and is thread-safe; {@code text -> false} keeps
     *     everything
     * @return a builder
     */
    public static Builder builder(EmbeddingModel model, Predicate<String> isPersonal) {
        return new Builder(model, isPersonal);
    }

    /**
     * How often the cache was asked, and what came of it.
     *
     * <p>Immutable.
     *
     * @param sameQuestion lookups answered, as the very same question is kept
     * @param accepted lookups answered with the answer to another question; in shadow those that would have been
     * @param none lookups without a near question that the guards let pass
     * @param unsure lookups with one, of which rule or learning was not sure enough
     * @param refused how often each guard told two questions apart
     * @param skipped questions and answers left out for personal data or length
     * @param waits lookups that waited for another thread's answer
     * @param evictions entries dropped for age or room
     * @param entries entries kept now, about
     * @since 0.1
     */
    public record Counts(
            long sameQuestion,
            long accepted,
            long none,
            long unsure,
            Map<QuestionGuard, Long> refused,
            long skipped,
            long waits,
            long evictions,
            long entries) {

        /** Copies the map. */
        public Counts {
            refused = Map.copyOf(refused);
        }
    }

    /**
     * What a cache in shadow would have answered, as far as the model's answer could be compared with it.
     *
     * <p>Immutable.
     *
     * @param right how often both answers said the same
     * @param wrong how often they did not
     * @since 0.1
     */
    public record ShadowReport(long right, long wrong) {

        /**
         * Returns the share of would-be hits that would have been wrong.
         *
         * @return in [0, 1], or nothing before the first
         */
        public OptionalDouble falseHitRate() {
            return right + wrong == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) wrong / (right + wrong));
        }

        /**
         * Returns what that share is at most, with 95 % confidence (Clopper and Pearson, one-sided).
         *
         * @return in [0, 1]; 1 before the first
         */
        public double falseHitBound() {
            return BinomialBound.upper(wrong, right + wrong, AcceptanceRule.LEVEL);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws LifecycleException when the model now has another name or gives vectors of another dimension
     */
    @Override
    public Lookup find(Request request) {
        requireOpen();
        if (isLeftOut(request.key().question())) {
            skipped.increment();
            return new Lookup(Optional.empty(), Map.of("decision", "left-out"));
        }
        Key key = normalised(request.key());
        while (true) {
            KeptQuestion known = kept.getIfPresent(key);
            if (known != null && !shadow) {
                same.increment();
                return served(request, known, "same-question", 1);
            }
            if (shadow || longestWait.isZero()) {
                return compare(request, key);
            }
            Flight own = new Flight(request.interactionId(), new CompletableFuture<>());
            Flight other = flights.putIfAbsent(key, own);
            if (other == null) {
                // An answer may have come between the look and the flight.
                if (kept.getIfPresent(key) != null) {
                    land(key, request);
                    continue;
                }
                return lead(request, key);
            }
            waits.increment();
            if (!await(other, request)) {
                flights.remove(key, other);
                return compare(request, key);
            }
        }
    }

    @Override
    public void put(Request request, Kept answer) {
        requireOpen();
        Key key = normalised(request.key());
        try {
            if (isLeftOut(key.question()) || isPersonal.test(answer.text())) {
                skipped.increment();
                return;
            }
            Optional<Pending> known = Optional.ofNullable(pending.asMap().remove(request.interactionId()))
                    .filter(each -> each.key().equals(key));
            boolean representative =
                    known.map(each -> !agrees(each, answer.text())).orElse(true);
            float[] vector = known.map(Pending::vector).orElseGet(() -> embed(key.question()));
            QuestionMarks marks = known.map(Pending::marks).orElseGet(() -> QuestionMarks.of(key.question()));
            KeptQuestion question = new KeptQuestion(
                    String.format("%016d", numbers.incrementAndGet()),
                    new Request(key, request.interactionId(), request.deadline()),
                    answer,
                    vector,
                    marks,
                    representative);
            // Before it is kept, so that its removal comes after.
            byId.put(question.id(), question);
            if (representative) {
                neighbourhood.add(question);
            }
            kept.put(key, question);
            byInteraction.put(request.interactionId(), question.id());
        } finally {
            land(key, request);
        }
    }

    @Override
    public void abandon(Request request) {
        pending.invalidate(request.interactionId());
        land(normalised(request.key()), request);
    }

    /**
     * Drops the answer that an interaction brought, or that it was given: its user says that it is wrong.
     *
     * @param interactionId the interaction
     * @return whether there was one
     */
    public boolean evict(String interactionId) {
        String id = byInteraction.asMap().remove(interactionId);
        KeptQuestion question = id == null ? null : byId.get(id);
        return question != null && kept.asMap().remove(question.key(), question);
    }

    /**
     * Drops the answers that were made from a passage. A changed passage needs no call, as its text is in the context.
     *
     * @param passageId the passage
     */
    public void evictPassage(String passageId) {
        kept.asMap().values().removeIf(question -> question.passageIds().contains(passageId));
    }

    /**
     * Drops the answers of a tenant.
     *
     * @param tenant whose answers go
     */
    public void clearTenant(String tenant) {
        kept.asMap().keySet().removeIf(key -> key.tenant().equals(Optional.of(tenant)));
    }

    /**
     * Drops the answers of a release; those of a release that nobody asks any more go with their age.
     *
     * @param release whose answers go
     */
    public void clearRelease(Hash release) {
        kept.asMap().keySet().removeIf(key -> key.release().equals(release));
    }

    /** Drops everything. */
    public void clear() {
        kept.invalidateAll();
        pending.invalidateAll();
        byInteraction.invalidateAll();
    }

    /**
     * Returns how often the cache was asked so far.
     *
     * @return the counts since it was built
     */
    public Counts counts() {
        Map<QuestionGuard, Long> byGuard = new EnumMap<>(QuestionGuard.class);
        refused.forEach((guard, count) -> byGuard.put(guard, count.sum()));
        return new Counts(
                same.sum(),
                accepted.sum(),
                none.sum(),
                unsure.sum(),
                byGuard,
                skipped.sum(),
                waits.sum(),
                kept.stats().evictionCount(),
                kept.estimatedSize());
    }

    /**
     * Returns what a cache in shadow would have answered so far.
     *
     * @return all zero when it is not in shadow
     */
    public ShadowReport shadowReport() {
        return new ShadowReport(shadowRight.sum(), shadowWrong.sum());
    }

    /** Ends the threads of a large cache. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            neighbourhood.close();
        }
    }

    /** Looks with a flight under way, which goes on only when nothing is found. */
    private Lookup lead(Request request, Key key) {
        boolean goesOn = false;
        try {
            Lookup lookup = compare(request, key);
            goesOn = lookup.answer().isEmpty();
            return lookup;
        } finally {
            if (!goesOn) {
                land(key, request);
            }
        }
    }

    private Lookup compare(Request request, Key key) {
        float[] vector = embed(key.question());
        QuestionMarks marks = QuestionMarks.of(key.question());
        Optional<QuestionGuard> refusedBy = Optional.empty();
        Optional<Neighbourhood.Near> near = Optional.empty();
        for (Neighbourhood.Near each : neighbourhood.nearest(KeptQuestion.Partition.of(key), vector, candidates)) {
            if (kept.getIfPresent(each.question().key()) != each.question()) {
                continue;
            }
            Optional<QuestionGuard> guard = marks.differs(each.question().marks());
            if (guard.isEmpty()) {
                near = Optional.of(each);
                break;
            }
            guard.map(refused::get).ifPresent(LongAdder::increment);
            refusedBy = refusedBy.or(() -> guard);
        }
        if (near.isEmpty()) {
            none.increment();
            pending.put(request.interactionId(), new Pending(key, vector, marks, near, false));
            Map<String, String> details = new TreeMap<>(Map.of("decision", "none"));
            refusedBy.ifPresent(guard -> details.put("refusedBy", guard.name()));
            return new Lookup(Optional.empty(), details);
        }
        boolean good = isGood(near.get(), marks);
        (good ? accepted : unsure).increment();
        if (good && !shadow) {
            return served(request, near.get().question(), "accepted", near.get().similarity());
        }
        pending.put(request.interactionId(), new Pending(key, vector, marks, near, good));
        return new Lookup(
                Optional.empty(),
                details(
                        good ? "shadow" : "unsure",
                        near.get().question(),
                        near.get().similarity()));
    }

    private boolean isGood(Neighbourhood.Near near, QuestionMarks marks) {
        KeptQuestion question = near.question();
        if (rule.isPresent() && !rule.get().accepts(near.similarity(), marks, question.marks())) {
            return false;
        }
        return budget.map(left -> left.spend(question.observed().right(near.similarity())))
                .orElse(true);
    }

    private boolean agrees(Pending asked, String answer) {
        return asked.near().map(near -> learn(near, answer, asked.wouldHit())).orElse(false);
    }

    /** Learns from an answer of the model, and says whether it is that of the near question. */
    private boolean learn(Neighbourhood.Near near, String answer, boolean wouldHit) {
        if (budget.isEmpty() && !shadow) {
            return false;
        }
        boolean agrees = sameAnswer.test(near.question().answer(), answer);
        near.question().observed().add(near.similarity(), agrees);
        if (shadow && wouldHit) {
            (agrees ? shadowRight : shadowWrong).increment();
        }
        return agrees;
    }

    private Lookup served(Request request, KeptQuestion question, String decision, double similarity) {
        byInteraction.put(request.interactionId(), question.id());
        return new Lookup(Optional.of(question.answer()), details(decision, question, similarity));
    }

    private static Map<String, String> details(String decision, KeptQuestion question, double similarity) {
        long rounded = Math.round(similarity * 10_000);
        return Map.of(
                "decision",
                decision,
                "similarity",
                Double.toString(rounded / 10_000.0),
                "answeredIn",
                question.interactionId());
    }

    /** Waits for another thread's answer, and says whether it came or will not come. */
    private boolean await(Flight flight, Request request) {
        Duration wait = request.deadline()
                // Half of what is left, so that the other half is there to answer in.
                .map(deadline -> Duration.between(clock.instant(), deadline).dividedBy(2))
                .filter(left -> left.compareTo(longestWait) < 0)
                .orElse(longestWait);
        try {
            flight.landed().get(Math.max(0, wait.toMillis()), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for another thread's answer was interrupted; ask again from a thread that is not", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a flight ended with a failure", e);
        }
    }

    private void land(Key key, Request request) {
        flights.computeIfPresent(key, (same, flight) -> {
            if (!flight.interactionId().equals(request.interactionId())) {
                return flight;
            }
            flight.landed().complete(null);
            return null;
        });
    }

    private float[] embed(String question) {
        float[] vector = model.embed(question).content().vector();
        Space given = new Space(vector.length, model.modelName());
        Space entries = space.updateAndGet(now -> now.isPresent() ? now : Optional.of(given))
                .orElse(given);
        if (!entries.equals(given)) {
            throw new LifecycleException("Embedding a question with the model '" + given.modelName()
                    + "' gave a vector of dimension " + vector.length + ", but entries of this cache have "
                    + entries.dimension() + " of the model '" + entries.modelName()
                    + "'; build a new cache for another model");
        }
        double length = Math.sqrt(MATH.dot(vector, 0, vector, 0, vector.length));
        if (!Double.isFinite(length)) {
            throw new LifecycleException(
                    "Embedding a question gave a vector that is not finite; check the embedding model");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length && length > 0; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    private boolean isLeftOut(String question) {
        return question.isBlank() || question.length() > longestQuestion || isPersonal.test(question);
    }

    private void removed(@Nullable Key key, @Nullable KeptQuestion question, RemovalCause cause) {
        if (question != null) {
            byId.remove(question.id());
            if (question.representative()) {
                neighbourhood.remove(question);
            }
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the semantic cache is closed; build a new one");
        }
    }

    private static Key normalised(Key key) {
        String question = WHITE_SPACE
                .matcher(Normalizer.normalize(key.question(), Normalizer.Form.NFC)
                        .strip())
                .replaceAll(" ");
        return new Key(question, key.release(), key.prompt(), key.context(), key.tenant());
    }

    private record Space(int dimension, String modelName) {}

    private record Flight(String interactionId, CompletableFuture<@Nullable Void> landed) {}

    /** What is known of a question that the model answers now. */
    private static final class Pending {

        private final Key key;
        private final float[] vector;
        private final QuestionMarks marks;
        private final Optional<Neighbourhood.Near> near;
        private final boolean wouldHit;

        private Pending(
                Key key, float[] vector, QuestionMarks marks, Optional<Neighbourhood.Near> near, boolean wouldHit) {
            this.key = key;
            this.vector = vector;
            this.marks = marks;
            this.near = near;
            this.wouldHit = wouldHit;
        }

        Key key() {
            return key;
        }

        float[] vector() {
            return vector;
        }

        QuestionMarks marks() {
            return marks;
        }

        Optional<Neighbourhood.Near> near() {
            return near;
        }

        boolean wouldHit() {
            return wouldHit;
        }
    }

    /**
     * Builds a {@link SemanticAnswerCache}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final EmbeddingModel model;
        private final Predicate<String> isPersonal;
        private Optional<AcceptanceRule> rule = Optional.empty();
        private Optional<Double> errorRate = Optional.empty();
        private BiPredicate<String, String> sameAnswer = (one, other) -> WHITE_SPACE
                .matcher(one.strip())
                .replaceAll(" ")
                .equals(WHITE_SPACE.matcher(other.strip()).replaceAll(" "));
        private boolean shadow;
        private int candidates = 5;
        private int longestQuestion = 2_000;
        private int listLimit = 512;
        private long maximumBytes = 64L << 20;
        private Duration expireAfterWrite = Duration.ofHours(24);
        private Duration longestWait = Duration.ofSeconds(10);
        private Optional<Executor> executor = Optional.empty();
        private Ticker ticker = Ticker.systemTicker();
        private Clock clock = Clock.systemUTC();

        private Builder(EmbeddingModel model, Predicate<String> isPersonal) {
            this.model = Objects.requireNonNull(model, "model");
            this.isPersonal = Objects.requireNonNull(isPersonal, "isPersonal");
        }

        /**
         * Sets the rule that pairs must be accepted by.
         *
         * @param rule default none; calibrated on vectors of the same model
         * @return this builder
         */
        public Builder rule(AcceptanceRule rule) {
            this.rule = Optional.of(rule);
            return this;
        }

        /**
         * Learns of each entry how near a question must be, and keeps the expected share of wrong answers among all
         * lookups at or below a rate, as far as a logistic curve of the similarity describes when they are wrong. An
         * answer that is wrong with a chance above 0.2 is never given. A few comparisons that agree make an entry
         * answer near questions.
         *
         * @param rate in (0, 1); default none is learned
         * @return this builder
         */
        public Builder errorRate(double rate) {
            if (!(rate > 0 && rate < 1)) {
                throw new IllegalArgumentException("the error rate must be in (0, 1) but was " + rate
                        + "; 0.01 tolerates one wrong answer in a hundred lookups");
            }
            this.errorRate = Optional.of(rate);
            return this;
        }

        /**
         * Sets how learning and shadow compare a new answer with the kept one.
         *
         * @param judge says whether two answers say the same, and is thread-safe; default the same text but for white
         *     space, by which a model that words freely teaches nothing and nothing wrong
         * @return this builder
         */
        public Builder sameAnswer(BiPredicate<String, String> judge) {
            this.sameAnswer = Objects.requireNonNull(judge, "judge");
            return this;
        }

        /**
         * Answers nothing, and counts what would have been answered.
         *
         * @return this builder
         */
        public Builder shadow() {
            this.shadow = true;
            return this;
        }

        /**
         * Sets how many near questions are tried until the guards let one pass.
         *
         * @param candidates at least 1; default 5
         * @return this builder
         */
        public Builder candidates(int candidates) {
            requirePositive(candidates, "candidates");
            this.candidates = candidates;
            return this;
        }

        /**
         * Sets how long a question may be.
         *
         * @param characters at least 1; default 2,000; longer ones are neither looked up nor kept
         * @return this builder
         */
        public Builder longestQuestion(int characters) {
            requirePositive(characters, "longestQuestion");
            this.longestQuestion = characters;
            return this;
        }

        /**
         * Sets how many questions over one context are compared one by one before they go into a graph.
         *
         * @param questions at least 1; default 512
         * @return this builder
         */
        public Builder listLimit(int questions) {
            requirePositive(questions, "listLimit");
            this.listLimit = questions;
            return this;
        }

        /**
         * Sets about how much memory entries may take.
         *
         * @param bytes at least 1; default 64 MiB, some 30,000 entries with vectors of dimension 384
         * @return this builder
         */
        public Builder maximumBytes(long bytes) {
            requirePositive(bytes, "maximumBytes");
            this.maximumBytes = bytes;
            return this;
        }

        /**
         * Sets how long an answer is kept at most; up to a tenth less, by its key.
         *
         * @param duration above zero; default one day
         * @return this builder
         */
        public Builder expireAfterWrite(Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException("expireAfterWrite must be above zero but was " + duration
                        + "; leave the cache out to keep nothing");
            }
            this.expireAfterWrite = duration;
            return this;
        }

        /**
         * Sets how long a lookup waits for another thread that is answering the very same question; also at most half
         * of the time to its own deadline.
         *
         * @param duration default 10 seconds; zero never waits
         * @return this builder
         */
        public Builder longestWait(Duration duration) {
            if (duration.isNegative()) {
                throw new IllegalArgumentException("a lookup cannot wait " + duration + "; give zero or more");
            }
            this.longestWait = duration;
            return this;
        }

        /**
         * Sets who builds the graph of a large cache.
         *
         * @param executor default threads of the cache's own, which end with it; one of the host's is never shut down
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Optional.of(executor);
            return this;
        }

        /**
         * Sets what measures the age of entries.
         *
         * @param ticker default the system's
         * @return this builder
         */
        public Builder ticker(Ticker ticker) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            return this;
        }

        /**
         * Sets the clock that deadlines are held against.
         *
         * @param clock default the system's
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the cache.
         *
         * @return an empty cache
         * @throws IllegalStateException when there is neither a rule nor an error rate to learn by
         */
        public SemanticAnswerCache build() {
            if (rule.isEmpty() && errorRate.isEmpty()) {
                throw new IllegalStateException(
                        "a semantic cache was given nothing to accept by; set a rule, calibrated"
                                + " on labelled pairs, or an errorRate to learn by, or both");
            }
            rule.map(AcceptanceRule::modelName)
                    .filter(name -> !name.equals(model.modelName()))
                    .ifPresent(name -> {
                        throw new IllegalStateException("the rule of a semantic cache was calibrated on the model '"
                                + name + "' but the cache embeds with '" + model.modelName()
                                + "'; calibrate it again on that model");
                    });
            return new SemanticAnswerCache(this);
        }

        private static void requirePositive(long value, String what) {
            if (value < 1) {
                throw new IllegalArgumentException(what + " must be at least 1 but was " + value + "; give more");
            }
        }
    }
}
