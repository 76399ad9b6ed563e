package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.monitoring.JsonLinesInteractionLog;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import dev.llmlifecycle.retrieval.cache.CaffeineContextCache;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The library's own share of one question: everything but the model, the embedding and the search. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 5)
@Fork(1)
public class AskOverheadBenchmark {

    /**
     * Asks an application.
     *
     * @param state the application
     * @return its answer
     */
    @Benchmark
    public Answer ask(Application state) {
        return state.app.ask(state.question);
    }

    /**
     * Asks LangChain4j's AiServices over the same model.
     *
     * @param state the service
     * @return its answer
     */
    @Benchmark
    public String aiServices(Peer state) {
        return state.assistant.answer(NoOpParts.QUESTION);
    }

    /** What is switched on; each adds to the direct application. */
    public enum Variant {
        /** A prompt and a model. */
        DIRECT,
        /** The same on the thread that asks, without a hand-over to another. */
        SAME_THREAD,
        /** Five passages through the context cache. */
        RETRIEVAL,
        /** A conversation of up to ten messages. */
        MEMORY,
        /** Five passages, and a check that the answer is grounded in them. */
        VALIDATOR,
        /** Each interaction is appended to a file, as JSON. */
        LOG
    }

    /** An application with no-op parts. */
    @State(Scope.Benchmark)
    public static class Application {

        private static final int MESSAGES = 10;

        /** The variant. */
        @Param
        public Variant variant = Variant.DIRECT;

        private Question question = Question.of(NoOpParts.QUESTION);
        private LlmApp app = LlmApp.builder()
                .model(Identity.of("no-op", "1"), NoOpParts.chatModel())
                .build();
        private List<AutoCloseable> open = List.of();

        /** Builds the application. */
        @Setup(Level.Trial)
        public void build() {
            app.close();
            LlmApp.Builder builder = LlmApp.builder().model(Identity.of("no-op", "1"), NoOpParts.chatModel());
            switch (variant) {
                case DIRECT -> {}
                case SAME_THREAD -> builder.executor(Runnable::run);
                case RETRIEVAL ->
                    builder.retriever(NoOpParts.retriever())
                            .contextCache(CaffeineContextCache.builder().build());
                case MEMORY -> {
                    Map<String, ChatMemory> memories = new ConcurrentHashMap<>();
                    builder.memory(id ->
                            memories.computeIfAbsent(id, any -> MessageWindowChatMemory.withMaxMessages(MESSAGES)));
                    question = Question.builder(NoOpParts.QUESTION)
                            .conversationId("conversation")
                            .build();
                }
                case VALIDATOR ->
                    builder.retriever(NoOpParts.retriever())
                            .outputValidator(GroundednessValidator.builder().build());
                case LOG -> {
                    JsonLinesInteractionLog log =
                            JsonLinesInteractionLog.builder(temporaryFile()).build();
                    open = List.of(log);
                    builder.interactions(log);
                }
            }
            app = builder.build();
        }

        /**
         * Closes the application.
         *
         * @throws Exception when that fails
         */
        @TearDown(Level.Trial)
        public void close() throws Exception {
            app.close();
            for (AutoCloseable closeable : open) {
                closeable.close();
            }
        }

        private static Path temporaryFile() {
            try {
                Path directory = Files.createTempDirectory("benchmark");
                Path file = directory.resolve("interactions.jsonl");
                directory.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The nearest neighbour's way of asking a model, with nothing switched on. */
    @State(Scope.Benchmark)
    public static class Peer {

        private final Assistant assistant = AiServices.create(Assistant.class, NoOpParts.chatModel());
    }

    /** What AiServices implements. */
    public interface Assistant {

        /**
         * Answers.
         *
         * @param question the question
         * @return the answer
         */
        String answer(String question);
    }
}
