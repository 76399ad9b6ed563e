package dev.llmlifecycle.eval.experiment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.ArmScores;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.MissingPair;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.PairedTest;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.eval.Answers;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import dev.llmlifecycle.eval.metric.Scores;
import dev.llmlifecycle.eval.metric.TextScores;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/experiments.md} shows. */
@NullMarked
final class ExperimentsGuideTest {

    @TempDir
    private Path directory;

    @Test
    void comparesTwoReleases() {
        App v1 = new App("v1", 12);
        App v2 = new App("v2", 28);
        Dataset dataset = helpCentre();
        // docs:begin compare
        VerdictPolicy policy = VerdictPolicy.builder()
                .metric("correct", 0.10) // ten points of success rate matter, fewer do not
                .build();
        ExperimentResult result = Experiment.builder(dataset, policy)
                .baseline(Arm.of("v1", v1.hash(), v1::ask))
                .candidate(Arm.of("v2", v2.hash(), v2::ask))
                .metric(Metrics.answersOrAbstains())
                .build()
                .run();
        Verdict verdict = result.verdict();
        // docs:end compare
        assertThat(verdict.conclusion()).isEqualTo(Conclusion.IMPROVED);
        assertThat(verdict.isReproducedBy(result.rows())).isTrue();
        assertThat(Path.of("../docs/experiments.md")).content().contains(result.summary());
    }

    @Test
    void takesAMetricOfTheHost() {
        // docs:begin own-metric
        Metric brief = Metric.of(
                "brief",
                (example, answer) -> answer.isAnswered() && answer.text().split("\\s+").length <= 25);
        // docs:end own-metric
        Example example =
                Example.builder("q1", "How long?").expected("five days").build();
        assertThat(brief.passed(example, Answers.answered("Five days."))).isTrue();
        assertThat(brief.passed(example, Answers.answered("word ".repeat(26)))).isFalse();
    }

    @Test
    void comparesScoresUnderGuardrails() {
        // docs:begin policy
        VerdictPolicy policy = VerdictPolicy.builder()
                .score("token-f1", Direction.HIGHER_IS_BETTER, 0.02) // what the change is about
                .guardrail("correct", 0.05) // may lose less than five points
                .guardrail("latency-ms", Direction.LOWER_IS_BETTER, 250) // and less than a quarter of a second
                .clusterBy("conversation") // examples with this label in common are not independent
                .build();
        // docs:end policy
        App v1 = new App("v1", 60);
        App v2 = new App("v2", 60);
        ExperimentResult result = Experiment.builder(conversations(), policy)
                .baseline(Arm.of("v1", v1.hash(), v1::ask))
                .candidate(Arm.of("v2", v2.hash(), v2::ask))
                // docs:begin scores
                .metric(Scores.text("token-f1", TextScores::tokenF1))
                .metric(Metrics.answersOrAbstains())
                .metric(Scores.latency())
                // docs:end scores
                .build()
                .run();
        assertThat(result.verdict().conclusion()).isEqualTo(Conclusion.EQUIVALENT);
        assertThat(result.verdict().metrics())
                .extracting(MetricVerdict::test)
                .containsOnly(PairedTest.CLUSTERED_SIGN_FLIP);
    }

    @Test
    void runsLongAndGoesOn() {
        ChatModel cheap = new KnowingModel();
        ChatModel strong = new KnowingModel();
        Dataset dataset = helpCentre();
        VerdictPolicy policy = VerdictPolicy.builder().metric("correct", 0.10).build();
        Path file = directory.resolve("strong-against-cheap.jsonl");
        List<String> terminal = new ArrayList<>();
        // docs:begin long-run
        Experiment experiment = Experiment.builder(dataset, policy)
                .baseline(Arm.ofModel("cheap", Identity.of("gpt-4o-mini", "2024-07-18"), cheap))
                .candidate(Arm.ofModel("strong", Identity.of("gpt-4o", "2024-08-06"), strong))
                .metric(Metrics.answersOrAbstains())
                .repeats(3) // answers vary: score the mean of three
                .concurrency(16)
                .timeout(Duration.ofSeconds(60))
                .retries(2) // of what may pass: 429, 5xx, timeouts, broken connections
                .cap(SpendingCap.builder()
                        .calls(20_000)
                        .tokens(5_000_000, 4_000) // in all, and at most for one call
                        .build())
                .results(file) // a killed run goes on from here
                .progress(progress -> terminal.add(progress.toString()))
                .build();
        ExperimentResult result = experiment.run();
        // docs:end long-run
        assertThat(result.isComplete()).isTrue();
        assertThat(terminal).hasSize(180);
        assertThat(experiment.run().use().asked()).isZero();
    }

    @Test
    void pairsScoresOfTwoRuns() {
        Hash v1 = Hash.ofUtf8("v1");
        Hash v2 = Hash.ofUtf8("v2");
        Hash dataset = helpCentre().hash();
        VerdictPolicy policy = VerdictPolicy.builder()
                .score("f1", Direction.HIGHER_IS_BETTER, 0.02)
                .build();
        Map<String, Double> yesterday = Map.of("q01", 0.5, "q02", 0.75, "q03", 1.0);
        Map<String, Double> today = Map.of("q01", 0.75, "q02", 0.75);
        // docs:begin pair
        PairedRows rows = PairedRows.pair(
                new ArmScores(v1, dataset, Map.of("f1", yesterday)), new ArmScores(v2, dataset, Map.of("f1", today)));
        Verdict verdict = Verdict.compute(policy, rows);
        // docs:end pair
        assertThat(rows.missing()).containsExactly(new MissingPair("q03", "f1"));
        assertThat(verdict.conclusion()).isEqualTo(Conclusion.UNDECIDED);
    }

    private static Dataset conversations() {
        return Dataset.builder("conversations")
                .addAll(IntStream.range(0, 60)
                        .mapToObj(i -> Example.builder(String.format(Locale.ROOT, "q%02d", i), "What is topic " + i)
                                .expected("topic" + i)
                                .label("conversation", "c" + i / 3)
                                .build())
                        .toList())
                .build();
    }

    private static Dataset helpCentre() {
        return Dataset.builder("help-centre")
                .addAll(IntStream.range(0, 30)
                        .mapToObj(i -> Example.builder(String.format(Locale.ROOT, "q%02d", i), "What is topic " + i)
                                .expected("topic" + i)
                                .build())
                        .toList())
                .build();
    }

    /** Knows the first topics. */
    private record App(String name, int known) {

        Hash hash() {
            return Hash.ofUtf8(name);
        }

        Answer ask(Question question) {
            int topic = Integer.parseInt(question.text().replaceAll("\\D", ""));
            return Answers.of(
                    topic < known
                            ? new Outcome.Answered("It is topic" + topic)
                            : new Outcome.Abstained("The documents do not answer this."),
                    Optional.of(hash()));
        }
    }

    /** Knows every topic. */
    private static final class KnowingModel implements ChatModel {

        @Override
        public ChatResponse doChat(ChatRequest request) {
            String question = request.messages().get(0).toString();
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from("It is topic" + question.replaceAll("\\D", "")))
                    .tokenUsage(new TokenUsage(10, 5))
                    .build();
        }
    }
}
