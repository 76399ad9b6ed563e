package dev.llmlifecycle.eval.experiment;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.eval.Answers;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/experiments.md} shows. */
@NullMarked
final class ExperimentsGuideTest {

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
}
