package dev.llmlifecycle.eval.report;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import dev.llmlifecycle.eval.Answers;
import dev.llmlifecycle.eval.experiment.Arm;
import dev.llmlifecycle.eval.experiment.Experiment;
import dev.llmlifecycle.eval.experiment.ExperimentResult;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import org.jspecify.annotations.NullMarked;

/** An experiment of which every part holds a given text. */
@NullMarked
record SampleReport(
        String text,
        ExperimentResult result,
        PromptVersion first,
        PromptVersion second,
        Release before,
        Release after) {

    private static final Instant NOW = Instant.parse("2026-03-01T10:15:30Z");

    /** Sixteen examples, of which twelve are gained, two lost, one passed by both and one by neither. */
    static SampleReport with(String text) {
        return with(text, 16);
    }

    static SampleReport with(String text, int examples) {
        InMemoryPromptRegistry registry = InMemoryPromptRegistry.builder().build();
        PromptVersion first = registry.register(template("Briefly. " + text, 20), text, "first " + text);
        PromptVersion second = registry.register(template("At length. " + text, 200), text, "second " + text);
        Release before = release(first, text);
        Release after = release(second, text);
        Dataset.Builder dataset = Dataset.builder("data " + text);
        for (int i = 0; i < examples; i++) {
            dataset.add(Example.builder("e" + i + text, i + " " + text)
                    .expected("right", text)
                    .build());
        }
        Metric correct = Metrics.containsExpected();
        Metric brief =
                Metric.of("brief " + text, (example, answer) -> answer.text().length() < 5);
        ExperimentResult result = Experiment.builder(
                        dataset.build(),
                        VerdictPolicy.builder()
                                .metric(correct.name(), 0.1)
                                .metric(brief.name(), 0.2)
                                .build())
                .baseline(Arm.of(
                        "v1 " + text, before.hash(), question -> answer(question, text, n -> n < 3, before.hash())))
                .candidate(Arm.of(
                        "v2 " + text,
                        after.hash(),
                        question -> answer(question, text, n -> n > 1 && n < 15, after.hash())))
                .metric(correct)
                .metric(brief)
                .build()
                .run();
        return new SampleReport(text, result, first, second, before, after);
    }

    /** A report with every section. */
    HtmlReport.Builder report() {
        return HtmlReport.builder(result)
                .title("Report " + text)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .releases(before, after)
                .prompts(first, second)
                .figure("both parts " + text, "0 of 3 " + text, "2 of 3 " + text)
                .journal(List.of(
                        move(1, JournalEvent.Moved.Kind.PROMOTE, Optional.empty(), before),
                        move(2, JournalEvent.Moved.Kind.PROMOTE, Optional.of(before), after),
                        move(3, JournalEvent.Moved.Kind.ROLLBACK, Optional.of(after), before)))
                .refusal("refused " + text)
                .feedback(List.of(
                        feedback(Feedback.Rating.UP, Optional.empty()),
                        feedback(Feedback.Rating.DOWN, Optional.of("wrong " + text)),
                        feedback(Feedback.Rating.DOWN, Optional.of("wrong " + text))))
                .data("test cases " + text, 2, Path.of("circle", "test-cases.jsonl"));
    }

    private static Answer answer(Question question, String text, IntPredicate passes, Hash release) {
        int number = Integer.parseInt(question.text().split(" ", 2)[0]);
        return Answers.of(
                passes.test(number % 16)
                        ? new Outcome.Answered("right. " + text)
                        : new Outcome.Abstained("nothing. " + text),
                Optional.of(release));
    }

    private JournalEntry move(long revision, JournalEvent.Moved.Kind kind, Optional<Release> from, Release to) {
        return new JournalEntry(
                revision,
                NOW,
                "actor " + text,
                "reason " + text,
                new JournalEvent.Moved(
                        kind,
                        "production " + text,
                        from.map(Release::hash),
                        to.hash(),
                        revision == 2
                                ? Optional.of(new JournalEvent.Evidence(
                                        result.verdict().hash(), Optional.empty(), Optional.empty()))
                                : Optional.empty()),
                Optional.empty(),
                Optional.empty());
    }

    private static Feedback feedback(Feedback.Rating rating, Optional<String> reason) {
        return new Feedback("i1", rating, reason, Optional.empty(), NOW);
    }

    private static ChatPromptTemplate template(String system, int tokens) {
        return ChatPromptTemplate.builder("answer")
                .system(system.replace("{{", "{ {") + "\nSame line.")
                .history()
                .user("{{question}}")
                .parameters(ModelParameters.builder()
                        .temperature(0)
                        .topP(0.5)
                        .maxOutputTokens(tokens)
                        .build())
                .build();
    }

    private static Release release(PromptVersion prompt, String text) {
        return Release.builder(Identity.of("model " + text, "1"), prompt.pin())
                .part("retriever", Identity.of("retriever " + text, "1"))
                .corpusId("corpus " + text)
                .outputValidator(Identity.of("validator " + text, "1"))
                .build();
    }
}
