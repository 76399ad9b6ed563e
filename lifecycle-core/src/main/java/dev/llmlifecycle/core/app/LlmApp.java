package dev.llmlifecycle.core.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.AnswerStream;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.app.QuestionTool;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.ExampleSelector;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionSink;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.conversation.ConversationSession;
import dev.llmlifecycle.core.conversation.Conversations;
import dev.llmlifecycle.core.prompt.PromptBudget;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application: it takes a question from release to answer, and records what happened.
 *
 * <p>Thread-safe. Only a model is required; every other part is optional and its step is left out without it. The flow
 * of a question runs on the application's executor, so that its deadline holds whatever a part does; a host that
 * carries context in thread locals gives an executor that hands it on.
 *
 * <pre>{@code
 * try (LlmApp app = LlmApp.builder()
 *         .model(Identity.of("gpt-4o-mini", "2024-07-18"), chatModel)
 *         .retriever(retriever)
 *         .outputValidator(GroundednessValidator.builder().build())
 *         .build()) {
 *     Answer answer = app.ask("How long does a refund take?");
 *     System.out.println(answer.text() + " " + answer.citations());
 * }
 * }</pre>
 *
 * @since 0.1
 */
public final class LlmApp implements AutoCloseable {

    /** The sentence by which a model says that the documents do not answer, unless the host sets another. */
    public static final String DEFAULT_ABSTENTION = "The documents do not answer this.";

    private static final Logger log = LoggerFactory.getLogger(LlmApp.class);

    /** No deadline is further away, so that no time that is reckoned from it overflows. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Releases releases;
    private final QuestionFlow flow;
    private final boolean checksQuestions;
    private final List<InteractionSink> sinks;
    private final Optional<TokenPrices> prices;
    private final Duration timeout;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Supplier<String> ids;
    private final ThreadFactory threads = newThreads();
    private final Executor executor;
    private final Optional<ExecutorService> ownedExecutor;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LlmApp(Builder builder) {
        this.releases = builder.releases();
        this.flow = new QuestionFlow(
                releases,
                Optional.ofNullable(builder.conversations),
                Optional.ofNullable(builder.contextCache),
                Optional.ofNullable(builder.answerCache),
                builder.maxAttempts,
                builder.fallback,
                builder.streamWindow);
        this.checksQuestions = !builder.inputValidators.isEmpty();
        this.sinks = List.copyOf(builder.sinks);
        this.prices = Optional.ofNullable(builder.prices);
        this.timeout = builder.timeout;
        this.clock = builder.clock;
        this.nanoTime = builder.nanoTime;
        this.ids = builder.ids;
        this.ownedExecutor =
                builder.executor == null ? Optional.of(Executors.newCachedThreadPool(threads)) : Optional.empty();
        this.executor = builder.executor == null ? ownedExecutor.orElseThrow() : builder.executor;
    }

    /**
     * Starts an application.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the prompt that an application uses when it is given none: answer from the passages, cite them, or
     * abstain.
     *
     * @return the template
     */
    public static ChatPromptTemplate defaultPrompt() {
        return DefaultPrompt.template(DEFAULT_ABSTENTION);
    }

    /**
     * Answers a question of text alone.
     *
     * @param question the question, not blank
     * @return the answer, whatever its outcome
     */
    public Answer ask(String question) {
        return ask(Question.of(question));
    }

    /**
     * Answers a question.
     *
     * <p>The world's failures come back as {@link Outcome.Failed}; {@link Answer#orElseThrow()} turns them into an
     * exception. A caller that is interrupted gets the outcome of a cancelled question, with its interrupt flag set.
     *
     * @param question the question
     * @return the answer, whatever its outcome
     * @throws IllegalStateException when the application is closed
     */
    public Answer ask(Question question) {
        Run run = start(question, false, event -> {}, executor);
        try {
            return run.completion().get();
        } catch (InterruptedException e) {
            run.cancel();
            Thread.currentThread().interrupt();
            return run.completion().join();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run is always completed with an answer; report this as a defect", e);
        }
    }

    /**
     * Answers a question on an executor of the caller, without a thread that waits.
     *
     * @param question the question
     * @param executor where the question is answered, in place of the application's executor
     * @return a future of the answer, completed normally whatever the outcome; cancelling it does not cancel the
     *     question, as {@link #stream} can
     * @throws IllegalStateException when the application is closed
     */
    public CompletableFuture<Answer> askAsync(Question question, Executor executor) {
        return start(question, false, event -> {}, Objects.requireNonNull(executor, "executor"))
                .completion();
    }

    /**
     * Streams the answer to a question.
     *
     * <p>The listener is called by one thread at a time, in order, and last with {@link AnswerEvent.Completed}. A
     * listener that throws is logged and misses nothing else. A deadline or {@link AnswerStream#cancel()} waits for no
     * listener: the future of the stream is then completed while the listener is still busy with an earlier event.
     *
     * @param question the question
     * @param listener takes the events
     * @return a handle to wait for the answer or cancel it
     * @throws IllegalStateException when the application is closed
     */
    public AnswerStream stream(Question question, Consumer<AnswerEvent> listener) {
        return start(question, true, Objects.requireNonNull(listener, "listener"), executor);
    }

    /**
     * Returns the release that would answer a question now.
     *
     * @return the release
     * @throws LifecycleException when the deployment label points to none that this application can run
     */
    public Release release() {
        requireOpen();
        return releases.current().release();
    }

    /**
     * Refuses further questions; those under way are still answered. Ends the executor, if it is the application's own.
     * May be called twice.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            ownedExecutor.ifPresent(ExecutorService::shutdown);
        }
    }

    private Run start(Question asked, boolean streamed, Consumer<AnswerEvent> listener, Executor on) {
        Objects.requireNonNull(asked, "question");
        requireOpen();
        Instant now = clock.instant();
        Duration wanted = asked.deadline()
                .map(deadline -> Duration.between(now, deadline))
                .orElse(timeout);
        Duration allowed = wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
        Question question = asked.withDeadline(now.plus(allowed));
        String id = ids.get();
        Interaction.Builder record = Interaction.builder(
                        id, now, checksQuestions ? InputCheck.WITHHELD : question.text())
                .conversationId(question.conversationId())
                .user(question.user())
                .tenant(question.tenant())
                .label(releases.label());
        Run run = new Run(id, question, record, nanoTime, prices, listener, this::record);
        if (allowed.isNegative() || allowed.isZero()) {
            run.expire(allowed);
            return run;
        }
        watch(run, allowed);
        try {
            on.execute(() -> run.work(working -> flow.answer(working, streamed)));
        } catch (RejectedExecutionException e) {
            run.work(working -> Failures.outcome(
                    Step.RELEASE,
                    new LifecycleException(
                            "The application's executor takes no more work; give it room or ask later", e)));
        }
        return run;
    }

    /**
     * Ends the run at its deadline; the timer goes away with the run. Sinks and listeners hear of it on a thread of its
     * own: the executor may be full of what does not end, and the timer's thread belongs to the whole JVM.
     */
    private void watch(Run run, Duration allowed) {
        CompletableFuture<Void> timer =
                new CompletableFuture<Void>().orTimeout(allowed.toNanos(), TimeUnit.NANOSECONDS);
        CompletableFuture<?> unusedExpiry = timer.exceptionally(timedOut -> {
            threads.newThread(() -> run.expire(allowed)).start();
            return null;
        });
        CompletableFuture<?> unusedEnd = run.completion().thenAccept(answer -> timer.complete(null));
    }

    private void record(Interaction interaction) {
        for (InteractionSink sink : sinks) {
            try {
                sink.record(interaction);
            } catch (Exception e) {
                // Not only runtime exceptions: sinks in other languages of the JVM throw checked ones, too.
                log.warn("Interaction {} was not recorded; mend the sink", interaction.id(), e);
            }
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("this application is closed; build a new one");
        }
    }

    private static ThreadFactory newThreads() {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "llm-app-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Builds an {@link LlmApp}. Not thread-safe. */
    public static final class Builder {

        private final Map<Identity, ModelBinding> models = new LinkedHashMap<>();
        private final List<Retriever> retrievers = new ArrayList<>();
        private final List<NamedPart<Retriever>> namedRetrievers = new ArrayList<>();
        private final List<NamedPart<Identity>> tiers = new ArrayList<>();
        private final List<NamedPart<QuestionTool>> tools = new ArrayList<>();
        private final List<Router> routers = new ArrayList<>();
        private final List<QuestionRewriter> rewriters = new ArrayList<>();
        private final List<ExampleSelector> exampleSelectors = new ArrayList<>();
        private final List<ReasoningStrategy> reasoning = new ArrayList<>();
        private final List<PromptBudget> budgets = new ArrayList<>();
        private final List<Validator> inputValidators = new ArrayList<>();
        private final List<Validator> passageValidators = new ArrayList<>();
        private final List<Validator> outputValidators = new ArrayList<>();
        private final List<PromptVersion> prompts = new ArrayList<>();
        private final List<InteractionSink> sinks = new ArrayList<>();
        private final List<String> unnamed = new ArrayList<>();
        private @Nullable String label;
        private @Nullable ReleaseStore releaseStore;
        private @Nullable PromptRegistry promptRegistry;
        private @Nullable Function<Question, ConversationSession> conversations;
        private @Nullable ContextCache contextCache;
        private @Nullable AnswerCache answerCache;
        private @Nullable TokenPrices prices;
        private @Nullable Executor executor;
        private String abstention = DEFAULT_ABSTENTION;
        private String fallback = "I cannot give an answer that I can stand by.";
        private int maxAttempts = 2;
        private StreamWindow streamWindow = StreamWindow.SENTENCE;
        private Duration timeout = Duration.ofSeconds(60);
        private Clock clock = Clock.systemUTC();
        private LongSupplier nanoTime = System::nanoTime;
        private Supplier<String> ids = () -> UUID.randomUUID().toString();

        private Builder() {}

        /**
         * Adds a model that names itself. Required, here or with an identity.
         *
         * @param model a model that is {@link Identified}; any other is refused by {@link #build()}
         * @return this builder
         */
        public Builder model(ChatModel model) {
            if (model instanceof Identified identified) {
                return model(identified.identity(), model);
            }
            unnamed.add("model(Identity.of(\"name\", \"version\", configuration), model)");
            return this;
        }

        /**
         * Adds a model.
         *
         * @param identity what decides its behaviour: its name, version, and parameters, never its key
         * @param model the model
         * @return this builder
         */
        public Builder model(Identity identity, ChatModel model) {
            Objects.requireNonNull(model, "model");
            models.put(identity, binding(identity).with(model));
            return this;
        }

        /**
         * Adds the streaming form of a model. Default: streams come from the plain form, in one piece.
         *
         * @param identity the identity of the model
         * @param model its streaming form
         * @return this builder
         */
        public Builder streamingModel(Identity identity, StreamingChatModel model) {
            Objects.requireNonNull(model, "model");
            models.put(identity, binding(identity).with(model));
            return this;
        }

        /**
         * Adds a model to which a {@code Route.ToModel} leads, such as a cheap one for simple questions. Default: none.
         * Its streaming form is added with {@link #streamingModel}.
         *
         * @param name of the tier, such as {@code small}
         * @param identity what decides its behaviour, another than that of the main model
         * @param model the model
         * @return this builder
         */
        public Builder modelTier(String name, Identity identity, ChatModel model) {
            tiers.add(new NamedPart<>(requireText(name, "name of a model tier"), identity, identity));
            return model(identity, model);
        }

        /**
         * Adds a prompt, pinned as it is; the first one answers unless a router says otherwise. Default:
         * {@link #defaultPrompt()}. Not together with a deployment.
         *
         * @param prompt a registered version
         * @return this builder
         */
        public Builder prompt(PromptVersion prompt) {
            prompts.add(Objects.requireNonNull(prompt, "prompt"));
            return this;
        }

        /**
         * Adds a prompt that no registry keeps.
         *
         * @param template the template; it counts as version 1
         * @return this builder
         */
        public Builder prompt(ChatPromptTemplate template) {
            return prompt(new PromptVersion(
                    template, 1, Optional.empty(), "application", "built into the application", Instant.EPOCH));
        }

        /**
         * Answers with the release that a deployment label points to. Default: one release, put together from the parts
         * given here. The parts of every release that the label may point to must be given.
         *
         * @param label the label, such as {@code production}
         * @param releases where releases and labels are kept
         * @param prompts where the pinned prompts are kept
         * @return this builder
         */
        public Builder deployment(String label, ReleaseStore releases, PromptRegistry prompts) {
            this.label = Objects.requireNonNull(label, "label");
            this.releaseStore = Objects.requireNonNull(releases, "releases");
            this.promptRegistry = Objects.requireNonNull(prompts, "prompts");
            return this;
        }

        /**
         * Adds a retriever. Default: none, so prompts get no passages.
         *
         * @param retriever the retriever
         * @return this builder
         */
        public Builder retriever(Retriever retriever) {
            retrievers.add(named(retriever, "retriever"));
            return this;
        }

        /**
         * Adds a retriever to which a {@code Route.ToRetriever} leads. Default: none.
         *
         * @param name under which routes know it
         * @param retriever the retriever; its corpus is part of the release
         * @return this builder
         */
        public Builder retriever(String name, Retriever retriever) {
            Identity identity = named(retriever, "retriever").identity();
            Identity withCorpus = Identity.of(
                    identity.name(),
                    identity.version(),
                    Map.of("retriever", identity.toCanonical(), "corpusId", retriever.corpusId()));
            namedRetrievers.add(new NamedPart<>(requireText(name, "name of a retriever"), withCorpus, retriever));
            return this;
        }

        /**
         * Adds what a {@code Route.ToTool} leads to. Default: none. Its answer reaches the user as it is: output
         * validators judge what a model wrote.
         *
         * @param name under which routes know it
         * @param tool the tool
         * @return this builder
         */
        public Builder tool(String name, QuestionTool tool) {
            Identity identity = named(tool, "tool").identity();
            tools.add(new NamedPart<>(requireText(name, "name of a tool"), identity, tool));
            return this;
        }

        /**
         * Sets the cache in front of the retriever. Default: none.
         *
         * @param cache the cache
         * @return this builder
         */
        public Builder contextCache(ContextCache cache) {
            this.contextCache = Objects.requireNonNull(cache, "cache");
            return this;
        }

        /**
         * Sets the cache of answers. Default: none.
         *
         * @param cache the cache
         * @return this builder
         */
        public Builder answerCache(AnswerCache cache) {
            this.answerCache = Objects.requireNonNull(cache, "cache");
            return this;
        }

        /**
         * Sets where conversations are kept. Default: nowhere, so nothing is remembered.
         *
         * @param conversations the conversations; a question with a conversation id continues its own
         * @return this builder
         */
        public Builder conversations(Conversations conversations) {
            this.conversations = Objects.requireNonNull(conversations, "conversations")::open;
            return this;
        }

        /**
         * Keeps conversations in LangChain4j memories of the host, by conversation id, in place of
         * {@link #conversations}; a {@code ChatMemoryProvider} fits as {@code provider::get}. Turns are not counted
         * then, a change of topic holds for one question, and erasing is up to the host.
         *
         * @param memory returns the memory of a conversation
         * @return this builder
         */
        public Builder memory(Function<String, ChatMemory> memory) {
            Objects.requireNonNull(memory, "memory");
            this.conversations = question ->
                    MemorySession.of(memory.apply(question.conversationId().orElseThrow()));
            return this;
        }

        /**
         * Adds what makes the follow-ups of a conversation stand alone, sees a change of topic, and asks back. Default:
         * questions are taken as they are.
         *
         * @param rewriter the rewriter
         * @return this builder
         */
        public Builder rewriter(QuestionRewriter rewriter) {
            rewriters.add(named(rewriter, "rewriter"));
            return this;
        }

        /**
         * Adds a router. Default: every question takes the main way.
         *
         * @param router the router
         * @return this builder
         */
        public Builder router(Router router) {
            routers.add(named(router, "router"));
            return this;
        }

        /**
         * Adds what chooses examples for the prompt. Default: none.
         *
         * @param selector the selector
         * @return this builder
         */
        public Builder examples(ExampleSelector selector) {
            exampleSelectors.add(named(selector, "examples"));
            return this;
        }

        /**
         * Adds a reasoning strategy. Default: one call of the model.
         *
         * @param strategy the strategy
         * @return this builder
         */
        public Builder reasoning(ReasoningStrategy strategy) {
            reasoning.add(named(strategy, "reasoning"));
            return this;
        }

        /**
         * Adds a budget that prompts are kept within: what does not fit of history, passages and examples is left out
         * and recorded in the render step of the interaction, and a prompt that cannot fit fails. Default: none, so
         * prompts are as long as they come.
         *
         * @param budget the budget
         * @return this builder
         */
        public Builder budget(PromptBudget budget) {
            budgets.add(Objects.requireNonNull(budget, "budget"));
            return this;
        }

        /**
         * Adds a validator of questions; they run in the order they are added. Default: none.
         *
         * @param validator the validator
         * @return this builder
         */
        public Builder inputValidator(Validator validator) {
            inputValidators.add(named(validator, "inputValidator"));
            return this;
        }

        /**
         * Adds a validator of retrieved passages, each of which it sees before it stands in a prompt or a cache's key,
         * as {@code ValidationContext.Subject.PASSAGE}: against instructions to the model that somebody put into a
         * document. A passage that it refuses is left out, and the step names it; one that it rewrites goes on so. A
         * release has one; several are put together by a {@code ValidationPolicy}. Default: none.
         *
         * @param validator the validator
         * @return this builder
         */
        public Builder passageValidator(Validator validator) {
            passageValidators.add(named(validator, "passageValidator"));
            return this;
        }

        /**
         * Adds a validator of answers; they run in the order they are added. Default: none.
         *
         * @param validator the validator
         * @return this builder
         */
        public Builder outputValidator(Validator validator) {
            outputValidators.add(named(validator, "outputValidator"));
            return this;
        }

        /**
         * Adds what takes the record of every question. Default: none.
         *
         * @param sink the sink
         * @return this builder
         */
        public Builder interactions(InteractionSink sink) {
            sinks.add(Objects.requireNonNull(sink, "sink"));
            return this;
        }

        /**
         * Sets what tokens cost. Default: answers have no cost.
         *
         * @param prices the prices
         * @return this builder
         */
        public Builder prices(TokenPrices prices) {
            this.prices = Objects.requireNonNull(prices, "prices");
            return this;
        }

        /**
         * Sets the sentence by which a model says that the documents do not answer; a model that says just that
         * abstains. Default: {@link #DEFAULT_ABSTENTION}.
         *
         * @param phrase the sentence, not blank
         * @return this builder
         */
        public Builder abstention(String phrase) {
            this.abstention = requireText(phrase, "abstention");
            return this;
        }

        /**
         * Sets what the user is told when no attempt satisfied the validators. Default: {@code I cannot give an answer
         * that I can stand by.}
         *
         * @param text the text, not blank
         * @return this builder
         */
        public Builder fallback(String text) {
            this.fallback = requireText(text, "fallback");
            return this;
        }

        /**
         * Sets how often the model is asked at most before the fallback, which also follows when the model gives the
         * same answer to the same instruction. Default: 2.
         *
         * @param attempts at least 1
         * @return this builder
         */
        public Builder maxAttempts(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("maxAttempts must be at least 1 but was " + attempts
                        + "; 1 asks once and falls back at the first refusal");
            }
            this.maxAttempts = attempts;
            return this;
        }

        /**
         * Sets how much of an answer the validators of sentences see at once, and so how much of a stream is held back.
         * Default: {@link StreamWindow#SENTENCE}.
         *
         * @param window the window
         * @return this builder
         */
        public Builder streamWindow(StreamWindow window) {
            this.streamWindow = Objects.requireNonNull(window, "window");
            return this;
        }

        /**
         * Sets how long a question without a deadline may take. Default: 60 seconds.
         *
         * @param timeout positive; more than a year counts as a year
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException(
                        "the timeout must be positive but was " + timeout + "; 60 s is the default");
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Sets where questions are answered. Default: a pool of daemon threads that {@link LlmApp#close()} ends. An
         * executor given here is never closed. One that runs work on the calling thread gives the caller back only when
         * the step under way has noticed the interrupt that a deadline sends it.
         *
         * @param executor the executor
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets the clock of interactions and deadlines. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the source of durations. Default: {@link System#nanoTime()}.
         *
         * @param nanoTime returns nanoseconds from any origin
         * @return this builder
         */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /**
         * Sets the source of interaction ids. Default: random UUIDs.
         *
         * @param ids returns a new id with each call
         * @return this builder
         */
        public Builder interactionIds(Supplier<String> ids) {
            this.ids = Objects.requireNonNull(ids, "ids");
            return this;
        }

        /**
         * Builds the application.
         *
         * @return the application
         * @throws IllegalStateException when no model was given, a model has no identity, prompts and a deployment were
         *     both given, two prompts have one name, several parts compete for a role without a deployment that
         *     chooses, or the router leads to a part that is not there
         * @throws IllegalArgumentException when a prompt cannot be rendered
         */
        public LlmApp build() {
            if (!unnamed.isEmpty()) {
                throw new IllegalStateException(
                        "an application was given a model without an identity, so that its release"
                                + " could not be hashed; name it with " + unnamed.get(0));
            }
            if (models.isEmpty()) {
                throw new IllegalStateException("an application needs a model; add model(...)");
            }
            if (models.keySet().stream()
                    .allMatch(model ->
                            tiers.stream().anyMatch(tier -> tier.identity().equals(model)))) {
                throw new IllegalStateException("an application was given no model but the tiers "
                        + tiers.stream().map(NamedPart::name).sorted().toList()
                        + "; add model(...) with an identity of its own, for questions that take the main way");
            }
            if (label != null && !prompts.isEmpty()) {
                throw new IllegalStateException("an application was given both prompts and the deployment '" + label
                        + "'; register the prompts and pin them in a release, or leave the deployment out");
            }
            for (PromptVersion prompt : prompts) {
                if (prompts.stream()
                                .filter(other -> other.name().equals(prompt.name()))
                                .count()
                        > 1) {
                    throw new IllegalStateException("an application was given several prompts named '" + prompt.name()
                            + "', and a release pins one version of a name; keep one or rename the others");
                }
            }
            return new LlmApp(this);
        }

        private Releases releases() {
            Parts parts = new Parts(
                    models,
                    retrievers,
                    namedRetrievers,
                    tiers.stream()
                            .map(tier -> new NamedPart<>(tier.name(), tier.identity(), binding(tier.part())))
                            .toList(),
                    tools,
                    routers,
                    rewriters,
                    exampleSelectors,
                    reasoning,
                    budgets,
                    inputValidators,
                    passageValidators,
                    outputValidators,
                    new Abstention(abstention),
                    attempts());
            if (label != null && releaseStore != null && promptRegistry != null) {
                return new Releases.Deployed(label, releaseStore, promptRegistry, parts);
            }
            List<PromptVersion> fixed = prompts.isEmpty() ? List.of(DefaultPrompt.version(abstention)) : prompts;
            fixed.forEach(prompt -> PromptRenderer.check(prompt.template()));
            return Releases.Fixed.of(parts, fixed);
        }

        /** The window is named where it is another than the default, so that releases without one keep their hash. */
        private Identity attempts() {
            Map<String, Object> settings =
                    new LinkedHashMap<>(Map.of("maxAttempts", maxAttempts, "fallback", fallback));
            if (!streamWindow.equals(StreamWindow.SENTENCE)) {
                settings.put("streamWindow", streamWindow.toCanonical());
            }
            return Identity.of("attempts", "1", settings);
        }

        private ModelBinding binding(Identity identity) {
            return models.getOrDefault(Objects.requireNonNull(identity, "identity"), new ModelBinding(null, null));
        }

        private static <T extends Identified> T named(T part, String what) {
            Objects.requireNonNull(part, what);
            if (part.identity() == null) {
                throw new IllegalArgumentException(
                        "the " + what + " of class " + part.getClass().getName()
                                + " has no identity; return Identity.of(name, version, configuration) from identity()");
            }
            return part;
        }

        private static String requireText(String text, String what) {
            if (Objects.requireNonNull(text, what).isBlank()) {
                throw new IllegalArgumentException("the " + what + " text is blank; leave it out or fill it in");
            }
            return text;
        }
    }
}
