package dev.llmlifecycle.samples.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.extractive.ExtractiveChatModel;
import dev.llmlifecycle.core.prompt.PassageBlock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An answer of the extractive model from five passages, without what its embeddings cost. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 5)
@Fork(1)
@State(Scope.Benchmark)
public class ExtractiveBenchmark {

    private final ExtractiveChatModel model = ExtractiveChatModel.builder(
                    NoOpParts.embeddingModel(), Identity.of("no-op", "1"))
            .build();
    private final ChatRequest request = ChatRequest.builder()
            .messages(
                    UserMessage.from(PassageBlock.write(NoOpParts.passages()) + "\n\nQuestion: " + NoOpParts.QUESTION))
            .build();

    /**
     * Answers.
     *
     * @return the answer
     */
    @Benchmark
    public ChatResponse answer() {
        return model.chat(request);
    }
}
