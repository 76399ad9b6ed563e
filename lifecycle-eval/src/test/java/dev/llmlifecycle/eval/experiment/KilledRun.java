package dev.llmlifecycle.eval.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.eval.metric.Metrics;
import org.jspecify.annotations.NullMarked;

/** The process that {@link KilledRunTest} kills: an experiment of two models behind an endpoint. */
@NullMarked
final class KilledRun {

    private KilledRun() {}

    public static void main(String[] arguments) {
        experiment(arguments[0], Path.of(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]))
                .run();
    }

    /** Returns an experiment of so many examples, each asked of two models. */
    static Experiment experiment(String baseUrl, Path results, int examples, int concurrency) {
        Dataset dataset = Dataset.builder("numbers")
                .addAll(IntStream.range(0, examples)
                        .mapToObj(i -> Example.builder("q" + i, "case " + i)
                                .expected("value" + i)
                                .build())
                        .toList())
                .build();
        return Experiment.builder(
                        dataset,
                        VerdictPolicy.builder()
                                .metric("contains-expected", 0.05)
                                .build())
                .baseline(arm("small", baseUrl))
                .candidate(arm("large", baseUrl))
                .metric(Metrics.containsExpected())
                .concurrency(concurrency)
                .timeout(Duration.ofSeconds(30))
                .results(results)
                .build();
    }

    private static Arm arm(String model, String baseUrl) {
        ChatModel chat = OpenAiChatModel.builder()
                .baseUrl(baseUrl)
                .apiKey("test-key")
                .modelName(model)
                .maxRetries(0)
                .build();
        return Arm.ofModel(model, Identity.of(model, "1", Map.of("temperature", 0)), chat);
    }
}
