package dev.llmlifecycle.samples.chatbot;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.MetadataFilterBuilder;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.core.adaptation.FineTuningRows;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.data.Datasets;
import dev.llmlifecycle.core.data.FeedbackCuration;
import dev.llmlifecycle.core.monitoring.JsonLinesInteractionLog;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.validation.business.BusinessRules;
import dev.llmlifecycle.core.validation.business.Scorecard;
import dev.llmlifecycle.eval.experiment.Arm;
import dev.llmlifecycle.eval.experiment.ExampleResult;
import dev.llmlifecycle.eval.experiment.Experiment;
import dev.llmlifecycle.eval.experiment.ExperimentResult;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import dev.llmlifecycle.eval.report.HtmlReport;

/**
 * The life of a release, each phase once: data, experiment, prompt, deployment, and back to data.
 *
 * <p>It plays in a folder of its own, so that the production of the chat is left alone. May be played again and again.
 */
final class Circle {

    private static final Filter HELP_CENTRE =
            MetadataFilterBuilder.metadataKey(Passage.SOURCE).containsString(Settings.HELP_CENTRE_PREFIX);
    private static final int CONCURRENCY = 4;
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Chatbot chatbot;
    private final Parts parts;
    private final Path questions;
    private final State state;
    private final Deployments deployments;
    private final PrintStream out;
    private final TwoPageQuestions twoPages;
    private final Metric correct;

    Circle(Chatbot chatbot, Path questions, PrintStream out) {
        this.chatbot = chatbot;
        this.parts = chatbot.parts();
        this.questions = questions;
        this.state = State.in(chatbot.state().directory().resolve("circle"));
        this.deployments = state.deployments();
        this.out = out;
        this.twoPages = TwoPageQuestions.read(questions);
        this.correct = twoPages.inFull(Metrics.answersOrAbstains());
    }

    int play() {
        say(parts.model().says());
        Dataset test = data();
        PromptVersion first = state.first();
        PromptVersion second = state.second();
        Release baseline = parts.release(first);
        Release candidate = parts.release(second);
        int movesBefore = state.releases().journal().size();
        prompts(first, second, baseline, candidate);
        ExperimentResult result = experiment(test, first, second, baseline, candidate);
        HtmlReport.Builder report = HtmlReport.builder(result)
                .title("The circle: version " + second.number() + " of the prompt against version " + first.number())
                .releases(baseline, candidate)
                .prompts(first, second);
        twoPageQuestions(result, report);
        deploy(result, baseline, candidate, report);
        Path file = interactions(test);
        backToData(file, report);
        parts.rules().ifPresent(rules -> scorecard(rules, file));
        List<JournalEntry> moves = state.releases().journal();
        page(report.journal(moves.subList(movesBefore, moves.size())));
        return SupportChatbot.OK;
    }

    private Dataset data() {
        title("1  Data");
        Dataset all = Datasets.readJsonLines(questions, "help-centre");
        say("Read " + all + " from " + questions + ".");
        say(all.examples().stream()
                        .filter(example -> !example.expected().isEmpty())
                        .count()
                + " of them have an answer: hash " + all.hash().shortForm()
                + ". They are asked of the help centre alone.");
        return all;
    }

    private void prompts(PromptVersion first, PromptVersion second, Release baseline, Release candidate) {
        title("2  Prompts and releases");
        describe(first, baseline);
        describe(second, candidate);
        Optional<Deployment> current = deployments.current(State.PRODUCTION);
        if (current.isEmpty()) {
            Deployment deployed = deployments.promote(
                    State.PRODUCTION, baseline, State.AUTHOR, "the first release, nothing before it");
            say("The label production gets its first release: " + where(deployed) + ".");
        } else if (current.get().release().equals(baseline.hash())) {
            say("The label production is at " + where(current.get()) + ".");
        } else {
            Deployment back = deployments.rollback(State.PRODUCTION, State.AUTHOR, "to play the circle again");
            say("The label production goes back to where an earlier circle began: " + where(back) + ".");
        }
    }

    private ExperimentResult experiment(
            Dataset test, PromptVersion first, PromptVersion second, Release baseline, Release candidate) {
        title("3  Experiment: is version " + second.number() + " better than version " + first.number() + "?");
        ExecutorService pool = Executors.newFixedThreadPool(CONCURRENCY);
        try (LlmApp v1 = parts.app().prompt(first).build();
                LlmApp v2 = parts.app().prompt(second).build()) {
            ExperimentResult result = Experiment.builder(test, State.POLICY)
                    .baseline(Arm.of("v" + first.number(), baseline.hash(), question -> v1.ask(inHelpCentre(question))))
                    .candidate(
                            Arm.of("v" + second.number(), candidate.hash(), question -> v2.ask(inHelpCentre(question))))
                    .metric(correct)
                    .executor(pool)
                    .concurrency(CONCURRENCY)
                    .build()
                    .run();
            result.summary().lines().forEach(this::say);
            return result;
        } finally {
            pool.shutdownNow();
        }
    }

    private void twoPageQuestions(ExperimentResult result, HtmlReport.Builder report) {
        String before = twoPages.score(result, ExampleResult::baseline);
        String after = twoPages.score(result, ExampleResult::candidate);
        say("Of the questions over two pages, in full: " + result.baseline() + " " + before + ", " + result.candidate()
                + " " + after + ".");
        report.figure("Questions over two pages, in full", before, after);
    }

    private void deploy(ExperimentResult result, Release baseline, Release candidate, HtmlReport.Builder report) {
        title("4  Deployment");
        try {
            deployments.promote(State.PRODUCTION, candidate, State.AUTHOR, "because I say so");
            say("Moved without a verdict; that must not happen.");
        } catch (PromotionRefusedException e) {
            say("Without a verdict: " + e.getMessage() + ".");
            report.refusal(String.valueOf(e.getMessage()));
        }
        try {
            promote(result, candidate, "With the verdict");
        } catch (PromotionRefusedException e) {
            say("With the verdict: " + e.getMessage() + ".");
            report.refusal(String.valueOf(e.getMessage()));
            say("So production stays at release " + baseline.hash().shortForm()
                    + ", and there is nothing to roll back.");
            return;
        }
        say("Roll back: production is at "
                + where(deployments.rollback(State.PRODUCTION, State.AUTHOR, "to show the way back")) + ".");
        promote(result, candidate, "Forward again");
        say("The journal of all moves: " + state.directory().resolve("deployments.jsonl") + ".");
    }

    private void promote(ExperimentResult result, Release candidate, String how) {
        Deployment moved = deployments.promote(
                State.PRODUCTION,
                candidate,
                State.AUTHOR,
                "better on the test questions",
                result.verdict(),
                result.rows());
        say(how + ": production is at " + where(moved) + ".");
    }

    /** Asks production the test questions, and says of each answer what a user who knows better would say. */
    private Path interactions(Dataset test) {
        title("5  Interactions and feedback");
        Path file = state.directory().resolve("interactions-" + FILE_TIME.format(Instant.now()) + ".jsonl");
        int good = 0;
        int bad = 0;
        int failed = 0;
        try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(file).build();
                LlmApp app = parts.app()
                        .deployment(State.PRODUCTION, state.releases(), state.prompts())
                        .interactions(log)
                        .build()) {
            for (Example example : test.examples()) {
                Answer answer = app.ask(inHelpCentre(Question.of(example.input())));
                if (answer.outcome() instanceof Outcome.Failed) {
                    failed++;
                } else {
                    boolean right = correct.passed(example, answer);
                    good += right ? 1 : 0;
                    bad += right ? 0 : 1;
                    log.record(feedback(example, answer, right));
                }
            }
        }
        say("Production answered " + test.size() + " questions: " + good + " /good, " + bad + " /bad, " + failed
                + " failed. The log: " + file + ".");
        return file;
    }

    /** Returns a question that searches the pages that the test questions are about, whatever else is indexed. */
    private static Question inHelpCentre(Question question) {
        return Question.builder(question.text()).filter(HELP_CENTRE).build();
    }

    private static Feedback feedback(Example example, Answer answer, boolean right) {
        if (right) {
            return new Feedback(
                    answer.interactionId(), Feedback.Rating.UP, Optional.empty(), Optional.empty(), Instant.now());
        }
        Optional<String> correction = example.expected().stream().findFirst();
        return new Feedback(
                answer.interactionId(),
                Feedback.Rating.DOWN,
                Optional.of(correction.isPresent() ? "wrong or incomplete" : "the documents do not answer this"),
                correction,
                Instant.now());
    }

    private void backToData(Path file, HtmlReport.Builder report) {
        title("6  Back to data");
        JsonLinesInteractionLog.Contents log = JsonLinesInteractionLog.read(file);
        report.feedback(log.feedback()).data("interactions", log.interactions().size(), file);
        write("from the circle", List.of(log), "", report);
        List<JsonLinesInteractionLog.Contents> chats =
                chatbot.logs().stream().map(JsonLinesInteractionLog::read).toList();
        if (chats.stream().anyMatch(chat -> !chat.feedback().isEmpty())) {
            write("from your chats", chats, "chat-", report);
        }
    }

    /** Writes how the answers of this turn kept the business rules, for people to read and sign. */
    private void scorecard(BusinessRules rules, Path log) {
        title("7  Business rules");
        JsonLinesInteractionLog.Contents contents = JsonLinesInteractionLog.read(log);
        Scorecard card = Scorecard.builder("Support chatbot of Tamperlund: rules and targets")
                .rules(rules)
                .interactions(contents.interactions(), contents.feedback())
                .signer("Head of Customer Service")
                .build();
        for (Scorecard.RuleRow row : card.rules()) {
            say("Rule " + row.id() + ": kept by " + row.passed() + " of " + row.checked() + " answers.");
        }
        for (Scorecard.TargetRow row : card.targets()) {
            say("Target " + row.target().id() + ": " + row.state() + ".");
        }
        Path page = state.directory().resolve("scorecard.html");
        card.write(page);
        card.write(state.directory().resolve("scorecard.txt"));
        say("To read and sign, with SHA-256 " + card.hash().shortForm() + ": " + page + ".");
    }

    /** Writes the page of this turn, beside the state that it tells of. */
    private void page(HtmlReport.Builder report) {
        Path file = state.directory().resolve("report.html");
        report.build().write(file);
        title("The whole turn on one page: " + file);
    }

    private void write(
            String origin, List<JsonLinesInteractionLog.Contents> logs, String prefix, HtmlReport.Builder report) {
        List<Interaction> interactions =
                logs.stream().flatMap(log -> log.interactions().stream()).toList();
        List<Feedback> feedback =
                logs.stream().flatMap(log -> log.feedback().stream()).toList();
        Dataset cases = FeedbackCuration.testCases(prefix + "down-voted", interactions, feedback);
        Path caseFile = state.directory().resolve(prefix + "test-cases.jsonl");
        Datasets.writeJsonLines(caseFile, cases);
        report.data("test cases " + origin, cases.size(), caseFile);
        long open = cases.examples().stream()
                .filter(example -> example.labels().containsKey(FeedbackCuration.NEEDS_REVIEW))
                .count();
        say(cases.size() + " new test cases " + origin + ", " + open + " of them to be completed by a person: "
                + caseFile + ".");
        FineTuningRows rows = FineTuningRows.builder()
                .system(Prompts.FINE_TUNING)
                .addFeedback(interactions, feedback)
                .build();
        if (rows.size() == 0) {
            say("No fine-tuning row " + origin + ": nothing was voted up or corrected.");
            return;
        }
        Path rowFile = state.directory().resolve(prefix + "fine-tuning.jsonl");
        rows.writeJsonLines(rowFile);
        report.data("fine-tuning rows " + origin, rows.size(), rowFile);
        say(rows.size() + " fine-tuning rows " + origin + ", in the OpenAI chat format: " + rowFile + ".");
    }

    private void describe(PromptVersion version, Release release) {
        say(version.pin() + ", \"" + version.message() + "\", makes release "
                + release.hash().shortForm() + ".");
    }

    private static String where(Deployment deployment) {
        return "release " + deployment.release().shortForm() + ", revision " + deployment.revision();
    }

    private void title(String title) {
        out.println();
        out.println(title);
    }

    private void say(String text) {
        out.println("   " + text);
    }
}
