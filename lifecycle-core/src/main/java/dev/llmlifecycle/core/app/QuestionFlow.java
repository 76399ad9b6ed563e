package dev.llmlifecycle.core.app;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.QuestionTool;
import dev.llmlifecycle.api.app.Rewriting;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.core.conversation.ConversationSession;
import dev.llmlifecycle.core.prompt.FittedPrompt;
import dev.llmlifecycle.core.prompt.PassageBlock;
import dev.llmlifecycle.core.prompt.PromptBudget;
import dev.llmlifecycle.core.prompt.PromptContext;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import dev.llmlifecycle.core.validation.internal.ValidatorChain;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a question from release to outcome; {@link #answer} reads top to bottom, and every optional step is left
 * out where the release has no part for it.
 */
final class QuestionFlow {

    private static final Logger log = LoggerFactory.getLogger(QuestionFlow.class);

    private final Releases releases;
    private final Optional<Function<Question, ConversationSession>> conversations;
    private final Optional<ContextCache> contextCache;
    private final Optional<AnswerCache> answerCache;
    private final int maxAttempts;
    private final String fallback;
    private final StreamWindow window;
    private final PromptRenderer renderer = new PromptRenderer();

    QuestionFlow(
            Releases releases,
            Optional<Function<Question, ConversationSession>> conversations,
            Optional<ContextCache> contextCache,
            Optional<AnswerCache> answerCache,
            int maxAttempts,
            String fallback,
            StreamWindow window) {
        this.releases = releases;
        this.conversations = conversations;
        this.contextCache = contextCache;
        this.answerCache = answerCache;
        this.maxAttempts = maxAttempts;
        this.fallback = fallback;
        this.window = window;
    }

    /** The way of a question, from top to bottom. */
    Outcome answer(Run run, boolean streamed) {
        ActiveRelease release = run.step(Step.RELEASE, step -> resolve(run, step));

        Turn turn = turn(release, run);

        InputCheck input = release.inputValidators().isEmpty()
                ? InputCheck.passed(turn.question())
                : run.step(
                        Step.INPUT_VALIDATION,
                        step -> InputCheck.of(
                                ValidatorChain.of(release.inputValidators()), turn.question(), run, step));
        Question question = input.question();
        recordQuestion(release, run, question);
        if (input.blocked().isPresent()) {
            return input.blocked().get();
        }

        Outcome outcome = turn.askedBack().orElseGet(() -> goOn(run, streamed, release, question, turn));

        remember(run, turn, question, outcome);
        return outcome;
    }

    /** The part of the way that a question takes which is clear. */
    private Outcome goOn(Run run, boolean streamed, ActiveRelease release, Question question, Turn turn) {
        Route route = release.router()
                .map(router -> run.step(Step.ROUTE, step -> release.checked(route(router, question, step))))
                .orElseGet(Route.Main::new);
        if (route instanceof Route.ToTool to) {
            QuestionTool tool = Objects.requireNonNull(release.targets().tools().get(to.tool()));
            return run.step(Step.TOOL, step -> withTool(to.tool(), tool, question, step));
        }
        return withoutModel(route).orElseGet(() -> withModel(run, streamed, release, route, question, turn));
    }

    /** The part of the way that only a question for the model takes. */
    private Outcome withModel(
            Run run, boolean streamed, ActiveRelease release, Route route, Question question, Turn turn) {
        PromptVersion prompt = release.prompt(route);
        List<ChatMessage> history = turn.history();

        Optional<Retriever> chosen = release.retriever(route);
        List<Passage> passages = chosen.map(
                        retriever -> run.step(Step.RETRIEVE, step -> retrieve(retriever, question, run, step)))
                .map(retrieval -> checked(release, retrieval, question, run))
                .orElse(List.of());
        if (chosen.isPresent() && passages.isEmpty()) {
            return new Outcome.Abstained(release.abstention().phrase());
        }

        Optional<KeptAnswer> kept = answerCache.map(cache -> {
            AnswerCache.Request request = new AnswerCache.Request(
                    cacheKey(question, release, route, prompt, passages, history), run.id(), question.deadline());
            return new KeptAnswer(cache, request, lookUp(run, cache, request));
        });
        boolean toKeep = false;
        try {
            Outcome outcome = reply(run, streamed, release, route, prompt, question, passages, turn, kept);
            toKeep = outcome instanceof Outcome.Answered;
            if (toKeep) {
                kept.ifPresent(answer -> keep(run, answer, outcome.text(), passages));
            }
            return outcome;
        } finally {
            if (!toKeep) {
                kept.ifPresent(QuestionFlow::abandon);
            }
        }
    }

    /** Answers from what is kept, or else from the model. */
    private Outcome reply(
            Run run,
            boolean streamed,
            ActiveRelease release,
            Route route,
            PromptVersion prompt,
            Question question,
            List<Passage> passages,
            Turn turn,
            Optional<KeptAnswer> kept) {
        Rendered rendered =
                run.step(Step.RENDER, step -> render(release, prompt, question, passages, turn.history(), run, step));
        if (!passages.isEmpty() && rendered.passages().isEmpty()) {
            return new Outcome.Abstained(release.abstention().phrase());
        }
        return reason(
                run,
                streamed,
                release,
                release.model(route),
                rendered.request(),
                context(question, turn, rendered),
                kept.flatMap(KeptAnswer::text));
    }

    private ActiveRelease resolve(Run run, Map<String, String> step) {
        ActiveRelease release = releases.current();
        run.update(record -> record.release(release.hash()));
        step.put("release", release.hash().hex());
        releases.label().ifPresent(label -> step.put("label", label));
        releases.staleSince().ifPresent(at -> step.put("staleSince", at.toString()));
        return release;
    }

    /** Opens the conversation and finds out how the question goes on with it. */
    private Turn turn(ActiveRelease release, Run run) {
        Question question = run.question();
        if (conversations.isEmpty() || question.conversationId().isEmpty()) {
            return Turn.alone(question);
        }
        return run.step(Step.CONVERSATION, step -> {
            ConversationSession session = conversations.get().apply(question);
            session.turn().ifPresent(number -> step.put(Step.TURN, Integer.toString(number)));
            step.put("messages", Integer.toString(session.history().size()));
            return release.rewriter()
                    .map(rewriter -> Turn.of(session, question, rewriter.rewrite(question, session.history()), step))
                    .orElseGet(
                            () -> new Turn(Optional.of(session), session.topic(), question, false, Optional.empty()));
        });
    }

    /**
     * Records the question that is answered. What the user wrote stands beside it only where no input validator is
     * asked: they see the question that stands alone, and what the rewriter left out of it they never checked.
     */
    private static void recordQuestion(ActiveRelease release, Run run, Question question) {
        String asked = release.inputValidators().isEmpty() ? run.question().text() : question.text();
        run.update(record -> {
            record.question(asked);
            if (!asked.equals(question.text())) {
                record.standaloneQuestion(question.text());
            }
        });
    }

    private static Route route(Router router, Question question, Map<String, String> step) {
        Route route = router.route(question);
        step.put("route", route.getClass().getSimpleName());
        return route;
    }

    /** A tool's answer is the application's own, so validators of what a model wrote are not asked. */
    private static Outcome withTool(String name, QuestionTool tool, Question question, Map<String, String> step) {
        step.put("tool", name);
        String text = tool.answer(question);
        if (text.isBlank()) {
            throw new LifecycleException("The tool '" + name + "' answered without text; let it say what it found");
        }
        return new Outcome.Answered(text);
    }

    private static Optional<Outcome> withoutModel(Route route) {
        if (route instanceof Route.Canned canned) {
            return Optional.of(new Outcome.Answered(canned.text()));
        }
        if (route instanceof Route.HandOver handOver) {
            return Optional.of(new Outcome.HandedOver(handOver.text(), handOver.queue()));
        }
        if (route instanceof Route.OutOfScope outOfScope) {
            return Optional.of(new Outcome.OutOfScope(outOfScope.text()));
        }
        if (route instanceof Route.Clarify clarify) {
            return Optional.of(new Outcome.AskedBack(clarify.text()));
        }
        return Optional.empty();
    }

    private Retrieval retrieve(Retriever retriever, Question question, Run run, Map<String, String> step) {
        RetrievalRequest request =
                new RetrievalRequest(question.text(), question.filter(), question.tenant(), question.deadline());
        Retrieval retrieval = contextCache
                .map(cache -> {
                    ContextCache.Lookup lookup = cache.retrieve(retriever, request);
                    step.put("cacheHit", Boolean.toString(lookup.hit()));
                    return lookup.retrieval();
                })
                .orElseGet(() -> retriever.retrieve(request));
        step.put("passages", Integer.toString(retrieval.passages().size()));
        run.update(record -> record.retrieval(retrieval.snapshotId(), retrieval.passages()));
        return retrieval;
    }

    /** Leaves out the passages that do not pass, before a prompt or a cache sees them. */
    private static List<Passage> checked(ActiveRelease release, Retrieval retrieval, Question question, Run run) {
        if (release.passageValidator().isEmpty() || retrieval.passages().isEmpty()) {
            return retrieval.passages();
        }
        ValidatorChain validators =
                ValidatorChain.of(List.of(release.passageValidator().get()));
        List<Passage> passages = run.step(
                Step.PASSAGE_VALIDATION,
                step -> PassageCheck.passages(validators, retrieval.passages(), question, run, step));
        run.update(record -> record.retrieval(retrieval.snapshotId(), passages));
        return passages;
    }

    private static AnswerCache.Key cacheKey(
            Question question,
            ActiveRelease release,
            Route route,
            PromptVersion prompt,
            List<Passage> passages,
            List<ChatMessage> history) {
        StringBuilder context = new StringBuilder();
        append(context, question.locale().toLanguageTag());
        append(context, new TreeMap<>(question.attributes()).entrySet(), attribute -> {
            append(context, attribute.getKey());
            append(context, attribute.getValue());
        });
        append(context, route instanceof Route.ToModel to ? to.tier() : "");
        append(context, passages, passage -> append(context, passage.id()));
        append(context, PassageBlock.write(passages));
        append(context, history, message -> append(context, message.toString()));
        return new AnswerCache.Key(
                question.text(), release.hash(), prompt.name(), Hash.ofUtf8(context.toString()), question.tenant());
    }

    /** Appends with the number in front, so that no two contexts come out as the same text. */
    private static <T> void append(StringBuilder context, Collection<T> items, Consumer<T> each) {
        context.append(items.size()).append('\n');
        items.forEach(each);
    }

    private static void append(StringBuilder context, String text) {
        context.append(text.length()).append(':').append(text).append('\n');
    }

    private static Optional<String> lookUp(Run run, AnswerCache cache, AnswerCache.Request request) {
        return optionalStep(run, Step.ANSWER_CACHE, Optional.empty(), step -> {
            AnswerCache.Lookup lookup = cache.find(request);
            Optional<String> text = lookup.answer().filter(found -> !found.isBlank());
            step.putAll(lookup.details());
            step.put("cacheHit", Boolean.toString(text.isPresent()));
            return text;
        });
    }

    /** Keeps an answer that the cache does not have yet, or has in a form that the validators refused. */
    private static void keep(Run run, KeptAnswer kept, String text, List<Passage> passages) {
        if (!kept.text().equals(Optional.of(text))) {
            optionalStep(run, Step.ANSWER_CACHE, false, step -> {
                List<String> ids = passages.stream().map(Passage::id).toList();
                kept.cache().put(kept.request(), new AnswerCache.Kept(text, ids));
                step.put("kept", "true");
                return true;
            });
        }
    }

    /** Tells the cache that no answer comes for those who wait for one. */
    private static void abandon(KeptAnswer kept) {
        try {
            kept.cache().abandon(kept.request());
        } catch (RuntimeException e) {
            log.warn("Telling the answer cache that no answer comes failed; mend the cache", e);
        }
    }

    /** Does a step that the answer can do without: a failure is logged, and the question goes on. */
    private static <T> T optionalStep(Run run, String type, T otherwise, Function<Map<String, String>, T> work) {
        return run.step(type, attributes -> {
            try {
                return work.apply(attributes);
            } catch (RuntimeException e) {
                if (!run.hasEnded()) {
                    attributes.put("error", Failures.name(e));
                    log.warn(
                            "The step '{}' failed and its answer goes on without it; mend the part behind it", type, e);
                }
                return otherwise;
            }
        });
    }

    private Rendered render(
            ActiveRelease release,
            PromptVersion prompt,
            Question question,
            List<Passage> passages,
            List<ChatMessage> history,
            Run run,
            Map<String, String> step) {
        PinnedPrompt pin = release.pin(prompt);
        run.update(record -> record.prompt(pin));
        step.put("prompt", pin.toString());
        Map<String, Object> values = new HashMap<>();
        prompt.template().variables().forEach(variable -> {
            String value = question.attributes().get(variable.name());
            if (value != null) {
                values.put(variable.name(), typed(prompt, variable, value));
            }
        });
        values.put(ChatPromptTemplate.QUESTION, question.text());
        List<Example> examples = release.examples()
                .map(selector -> selector.select(question.text()))
                .orElse(List.of());
        Rendered rendered = release.budget()
                .map(budget -> fit(prompt, values, new PromptContext(passages, history, examples), budget, step))
                .orElseGet(() -> {
                    values.put(ChatPromptTemplate.PASSAGES, PassageBlock.write(passages));
                    nameExamples(examples, step);
                    return Rendered.of(prompt, renderer.render(prompt.template(), values, history, examples), passages);
                });
        step.put("messages", Integer.toString(rendered.request().messages().size()));
        return rendered;
    }

    /** Renders within the budget, and says in the step what that left out. */
    private Rendered fit(
            PromptVersion prompt,
            Map<String, Object> values,
            PromptContext context,
            PromptBudget budget,
            Map<String, String> step) {
        FittedPrompt fitted = renderer.render(prompt.template(), values, context, budget);
        nameExamples(fitted.kept().examples(), step);
        step.put("promptTokens", Integer.toString(fitted.tokens()));
        step.put("promptTokenLimit", Integer.toString(fitted.limit()));
        for (FittedPrompt.LeftOut leftOut : fitted.leftOut()) {
            String kind = "leftOut." + leftOut.kind().name().toLowerCase(Locale.ROOT);
            step.put(kind, Integer.toString(leftOut.count()));
            step.put(kind + ".tokens", Integer.toString(leftOut.tokens()));
        }
        return Rendered.of(prompt, fitted.messages(), fitted.kept().passages());
    }

    private static void nameExamples(List<Example> examples, Map<String, String> step) {
        if (!examples.isEmpty()) {
            step.put("examples", examples.stream().map(Example::id).collect(Collectors.joining(" ")));
        }
    }

    private static Object typed(PromptVersion prompt, PromptVariable variable, String value) {
        switch (variable.type()) {
            case NUMBER -> {
                try {
                    return new BigDecimal(value.strip());
                } catch (NumberFormatException e) {
                    throw unfit(prompt, variable, "a number", e);
                }
            }
            case BOOLEAN -> {
                if (value.equals("true") || value.equals("false")) {
                    return Boolean.valueOf(value);
                }
                throw unfit(prompt, variable, "true or false", null);
            }
            default -> {
                return value;
            }
        }
    }

    private static LifecycleException unfit(
            PromptVersion prompt, PromptVariable variable, String wanted, @Nullable Throwable cause) {
        return new LifecycleException(
                "The attribute '" + variable.name() + "' of the question is not " + wanted + ", as the prompt '"
                        + prompt.name() + "' declares it; set it so or declare it as text",
                cause);
    }

    /** What output validators may look at: the question's attributes, and which turn it is where somebody counts. */
    private static ValidationContext context(Question question, Turn turn, Rendered rendered) {
        Map<String, String> attributes = new HashMap<>(question.attributes());
        turn.number().ifPresent(number -> attributes.putIfAbsent(Step.TURN, Integer.toString(number)));
        return new ValidationContext(
                        question.text(), rendered.passages(), question.tenant(), question.locale(), attributes)
                .withPrompt(Requests.text(rendered.request()));
    }

    /** Asks the model until the validators agree, or the attempts are used up. */
    private Outcome reason(
            Run run,
            boolean streamed,
            ActiveRelease release,
            ModelBinding model,
            ChatRequest first,
            ValidationContext context,
            Optional<String> kept) {
        boolean json = first.responseFormat() != null;
        ValidatorChain validators = ValidatorChain.of(release.outputValidators());
        Set<Refused> refused = new HashSet<>();
        ChatRequest request = first;
        for (int attempt = 1; ; attempt++) {
            OutputGate gate = new OutputGate(validators, window, context, release.abstention(), json, run);
            ChatRequest sent = request;
            String text = attempt == 1 && kept.isPresent()
                    ? kept.get()
                    : release.reasoning().reason(sent, new ModelGateway(model, streamed, run, gate));
            if (text.isBlank()) {
                throw new LifecycleException("The model answered without text; look at its finish reason in the steps");
            }
            ValidatorChain.Result result =
                    run.step(Step.OUTPUT_VALIDATION, step -> judge(validators, gate, text, step));
            if (result.refusal().isEmpty()) {
                return conclude(run, release.abstention(), result.text(), context.passages(), json);
            }
            ValidatorChain.Refusal refusal = result.refusal().get();
            if (refusal.outcome() instanceof ValidationOutcome.Block block) {
                return new Outcome.Blocked(block.reason(), refusal.validator());
            }
            // A model that says the same after the same instruction will not say anything else after it.
            boolean repeats = !refused.add(new Refused(text, refusal.text()));
            if (attempt >= maxAttempts || repeats) {
                return new Outcome.Blocked(fallback, refusal.validator());
            }
            request = Requests.again(sent, text, refusal.text());
        }
    }

    private static ValidatorChain.Result judge(
            ValidatorChain validators, OutputGate gate, String text, Map<String, String> step) {
        ValidationSteps.name(validators, step);
        ValidatorChain.Result result = gate.finish(text);
        ValidationSteps.decided(result, step);
        step.put("passed", Boolean.toString(result.refusal().isEmpty()));
        result.refusal().ifPresent(refusal -> step.put("refusedBy", refusal.validator()));
        return result;
    }

    private static Outcome conclude(Run run, Abstention abstention, String text, List<Passage> passages, boolean json) {
        if (abstention.matches(text)) {
            return new Outcome.Abstained(text);
        }
        String cited = json ? Citations.textsOf(text) : text;
        List<Citation> citations = Citations.in(cited, passages);
        run.update(record -> record.citations(citations));
        run.found(Citations.unknown(cited, passages));
        return new Outcome.Answered(text);
    }

    private static void remember(Run run, Turn turn, Question question, Outcome outcome) {
        boolean worthIt = outcome instanceof Outcome.Answered
                || outcome instanceof Outcome.Abstained
                || outcome instanceof Outcome.AskedBack;
        if (!worthIt) {
            return;
        }
        turn.session()
                .ifPresent(session -> optionalStep(run, Step.REMEMBER, false, step -> {
                    boolean kept = session.remember(question.text(), outcome.text(), turn.newTopic());
                    step.put("kept", Boolean.toString(kept));
                    return kept;
                }));
    }

    /**
     * How a question goes on with its conversation: what the model is shown of it, the question in words that stand
     * alone, and what the user is asked back where nobody can tell what it is about.
     */
    private record Turn(
            Optional<ConversationSession> session,
            List<ChatMessage> history,
            Question question,
            boolean newTopic,
            Optional<Outcome> askedBack) {

        /** Which turn it is; where nobody counts, after the answers that are still remembered. */
        OptionalInt number() {
            return session.map(conversation -> conversation.turn().isPresent()
                            ? conversation.turn()
                            : OptionalInt.of(1 + answers(conversation.history())))
                    .orElse(OptionalInt.empty());
        }

        private static int answers(List<ChatMessage> history) {
            return (int) history.stream().filter(AiMessage.class::isInstance).count();
        }

        static Turn alone(Question question) {
            return new Turn(Optional.empty(), List.of(), question, false, Optional.empty());
        }

        static Turn of(ConversationSession session, Question question, Rewriting rewriting, Map<String, String> step) {
            boolean newTopic = rewriting instanceof Rewriting.NewTopic;
            boolean unclear = rewriting instanceof Rewriting.Unclear;
            boolean followUp = rewriting instanceof Rewriting.FollowUp;
            step.put(Step.REWRITTEN, Boolean.toString(followUp));
            step.put(Step.TOPIC_CHANGED, Boolean.toString(newTopic));
            step.put(Step.ASKED_BACK, Boolean.toString(unclear));
            return new Turn(
                    Optional.of(session),
                    newTopic ? List.of() : session.topic(),
                    rewriting instanceof Rewriting.FollowUp text ? question.withText(text.text()) : question,
                    newTopic,
                    rewriting instanceof Rewriting.Unclear text
                            ? Optional.of(new Outcome.AskedBack(text.clarification()))
                            : Optional.empty());
        }
    }

    /** An answer that did not pass, and what the model was to be told about it. */
    private record Refused(String answer, String instruction) {}

    /** What the answer cache has for a question. */
    private record KeptAnswer(AnswerCache cache, AnswerCache.Request request, Optional<String> text) {}

    /** A request, and the passages that stand in it. */
    private record Rendered(ChatRequest request, List<Passage> passages) {

        static Rendered of(PromptVersion prompt, List<ChatMessage> messages, List<Passage> passages) {
            ChatRequest request = ChatRequest.builder()
                    .messages(messages)
                    .parameters(PromptRenderer.parameters(prompt.template()))
                    .build();
            return new Rendered(request, passages);
        }
    }
}
