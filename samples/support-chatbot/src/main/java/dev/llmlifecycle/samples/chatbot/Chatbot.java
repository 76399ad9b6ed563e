package dev.llmlifecycle.samples.chatbot;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.conversation.ConversationWindow;
import dev.llmlifecycle.core.conversation.Conversations;
import dev.llmlifecycle.core.conversation.FollowUpRewriter;
import dev.llmlifecycle.core.conversation.InMemoryConversationStore;
import dev.llmlifecycle.core.conversation.ModelRewriter;
import dev.llmlifecycle.core.conversation.TopicSummarizer;
import dev.llmlifecycle.core.monitoring.JsonLinesInteractionLog;
import dev.llmlifecycle.core.validation.business.BusinessRules;
import dev.llmlifecycle.retrieval.cache.CaffeineContextCache;

/** The chatbot: documents, model and state wired into one application that answers from {@code production}. */
final class Chatbot implements AutoCloseable {

    private static final int REMEMBERED_MESSAGES = 20;
    private static final int SUMMARY_CHARACTERS = 500;
    private static final int LOGS = 100;

    private final Knowledge knowledge;
    private final Parts parts;
    private final State state;
    private final JsonLinesInteractionLog log;
    private final LlmApp app;

    private Chatbot(Knowledge knowledge, Parts parts, State state, JsonLinesInteractionLog log) {
        this.knowledge = knowledge;
        this.parts = parts;
        this.state = state;
        this.log = log;
        this.app = parts.app()
                .deployment(State.PRODUCTION, state.releases(), state.prompts())
                .conversations(conversations())
                .interactions(log)
                .build();
    }

    /** Reads the documents, brings the index up to date and gives {@code production} its first release. */
    static Chatbot open(Settings settings, Supplier<Embedder> embedders, Terminal terminal) {
        Embedder embedder = embedders.get();
        Knowledge knowledge = Knowledge.open(settings, embedder, terminal.err());
        try {
            AnsweringModel model = settings.endpoint()
                    .map(endpoint -> AnsweringModel.at(endpoint, settings.timeout()))
                    .orElseGet(() -> AnsweringModel.embedded(embedder));
            Parts parts = new Parts(
                    model,
                    rewriter(settings, model),
                    knowledge.retriever(),
                    CaffeineContextCache.builder().build(),
                    settings.businessRules().map(Chatbot::rules),
                    settings.timeout());
            State state = State.in(settings.state().resolve(parts.configurationId()));
            deployFirstRelease(state, parts);
            return new Chatbot(knowledge, parts, state, openLog(state.directory()));
        } catch (RuntimeException e) {
            knowledge.close();
            throw e;
        }
    }

    LlmApp app() {
        return app;
    }

    AnsweringModel model() {
        return parts.model();
    }

    Parts parts() {
        return parts;
    }

    State state() {
        return state;
    }

    Knowledge knowledge() {
        return knowledge;
    }

    /** Returns the logs of all chats with this state. */
    List<Path> logs() {
        return logFiles(state.directory()).filter(Files::exists).toList();
    }

    /** Answers while the listener hears how it comes. */
    Answer stream(Question question, Consumer<AnswerEvent> listener) {
        return app.stream(question, listener).completion().join();
    }

    /** Keeps what the user said of an answer. */
    void rate(String interactionId, Feedback.Rating rating, Optional<String> reason) {
        log.record(new Feedback(interactionId, rating, reason, Optional.empty(), Instant.now()));
    }

    /** Says what is running. */
    void describeRelease(PrintStream out) {
        Release release = app.release();
        Deployment deployment = state.deployments().current(State.PRODUCTION).orElseThrow();
        out.println("  " + State.PRODUCTION + " is release "
                + deployment.release().shortForm() + " since " + deployment.since() + ", revision "
                + deployment.revision());
        out.println("  prompt      " + release.prompts().get(release.mainPrompt()));
        out.println("  model       " + release.model());
        out.println("  corpus      " + release.corpusId().orElse("none"));
        release.parts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(part -> out.println("  " + padded(part.getKey()) + part.getValue()));
        release.outputValidators().forEach(validator -> out.println("  " + padded("validator") + validator));
        out.println("  kept in     " + state.directory());
    }

    @Override
    public void close() {
        try {
            app.close();
            log.close();
        } finally {
            knowledge.close();
        }
    }

    private static void deployFirstRelease(State state, Parts parts) {
        state.first();
        PromptVersion prompt = state.second();
        if (state.deployments().current(State.PRODUCTION).isEmpty()) {
            state.deployments()
                    .promote(State.PRODUCTION, parts.release(prompt), State.AUTHOR, "the first release of this corpus");
        }
    }

    /** Opens the log, or the next one where another process writes it. */
    private static JsonLinesInteractionLog openLog(Path directory) {
        List<LifecycleException> failures = new ArrayList<>();
        for (Path file : logFiles(directory).toList()) {
            try {
                return JsonLinesInteractionLog.builder(file).build();
            } catch (LifecycleException e) {
                failures.add(e);
            }
        }
        throw failures.get(0);
    }

    private static Stream<Path> logFiles(Path directory) {
        return IntStream.rangeClosed(1, LOGS)
                .mapToObj(number -> directory.resolve("interactions" + (number == 1 ? "" : "-" + number) + ".jsonl"));
    }

    /** Keeps conversations as long as the program runs; what falls out of their windows leaves its questions. */
    private static Conversations conversations() {
        return Conversations.builder(InMemoryConversationStore.builder().build())
                .window(ConversationWindow.messages(REMEMBERED_MESSAGES))
                .summary(TopicSummarizer.of(SUMMARY_CHARACTERS), Runnable::run)
                .build();
    }

    private static BusinessRules rules(Path file) {
        try {
            return BusinessRules.read(file);
        } catch (IllegalArgumentException e) {
            throw new WrongInputException(String.valueOf(e.getMessage()));
        }
    }

    /** A model rewrites follow-ups where there is one. */
    private static QuestionRewriter rewriter(Settings settings, AnsweringModel model) {
        return settings.endpoint().isPresent()
                ? ModelRewriter.builder(model.identity(), model.chatModel()).build()
                : FollowUpRewriter.builder().build();
    }

    private static String padded(String name) {
        return name + " ".repeat(Math.max(1, 12 - name.length()));
    }
}
