package dev.llmlifecycle.eval.junit;

import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.eval.replay.Cassette;
import dev.llmlifecycle.eval.replay.ReplayMode;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** One test method over its dataset: what its cases share, their results, and the outcome of the whole. Thread-safe. */
final class PromptTestRun {

    private final String name;
    private final TestSettings settings;
    private final Dataset dataset;
    private final List<Example> examples;
    private final boolean decidedAsAWhole;
    private final CaseResults results;
    private final Budget budget;
    private final RunMeter meter = new RunMeter();
    private final Optional<Cassette> cassette;

    private PromptTestRun(ExtensionContext context, PromptTest test) {
        Class<?> type = context.getRequiredTestClass();
        this.name = type.getSimpleName() + "." + context.getRequiredTestMethod().getName();
        this.settings = TestSettings.of(context);
        TestResources resources = new TestResources(settings.resources(), type);
        this.dataset = resources.dataset(test.dataset());
        Optional<PassRate> rate = annotation(context, PassRate.class);
        Stopping stopping = rate.map(PassRate::stopping).orElse(Stopping.SETTLED);
        if (stopping == Stopping.ANYTIME_VALID && rate.orElseThrow().confidence() == 0) {
            throw new ExtensionConfigurationException("the pass rate of " + name
                    + " stops when it is shown, and has no confidence to show it with; set one");
        }
        this.examples = stopping == Stopping.ANYTIME_VALID
                ? shuffled(dataset.examples(), rate.orElseThrow().seed())
                : dataset.examples();
        List<Decision> decisions = new ArrayList<>();
        rate.ifPresent(wanted -> decisions.add(checked(() ->
                new RateDecision(new PassRateRule(wanted.atLeast(), wanted.confidence()), stopping, examples.size()))));
        annotation(context, NotWorseThan.class)
                .ifPresent(wanted -> decisions.add(checked(() -> new BaselineDecision(
                        new BaselineRule(wanted.margin(), wanted.confidence()),
                        PassResults.readJsonLines(resources.file(wanted.baseline())),
                        examples.stream().map(Example::id).toList(),
                        stopping))));
        this.decidedAsAWhole = !decisions.isEmpty();
        this.results = new CaseResults(examples.size(), decisions);
        this.budget = annotation(context, LiveBudget.class)
                .map(limits -> checked(() -> budget(limits)))
                .orElseGet(Budget::unlimited);
        this.cassette = test.cassette().isEmpty()
                ? Optional.empty()
                : Optional.of(open(context, resources.file(test.cassette()), test));
    }

    static PromptTestRun start(ExtensionContext context) {
        PromptTest test = AnnotationSupport.findAnnotation(context.getTestMethod(), PromptTest.class)
                .orElseThrow();
        return new PromptTestRun(context, test);
    }

    int size() {
        return examples.size();
    }

    Example example(int position) {
        return examples.get(position);
    }

    Dataset dataset() {
        return dataset;
    }

    Budget budget() {
        return budget;
    }

    boolean isDecidedAsAWhole() {
        return decidedAsAWhole;
    }

    boolean isOpen() {
        return closed().isEmpty();
    }

    /** Returns why no more cases are run, or nothing where they are. */
    Optional<String> closed() {
        if (budget.isExhausted()) {
            return Optional.of("not run: the budget for the model is used up");
        }
        return results.isSettled() ? Optional.of("not run: the cases before it settle the outcome") : Optional.empty();
    }

    void add(int position, CaseStatus status, Optional<String> failure) {
        results.add(position, new CaseResults.Result(status, failure));
    }

    /** Makes the models of one case. */
    TestModels newModels() {
        ReplayMode mode = settings.mode();
        Cassette used = cassette.orElseGet(() ->
                Cassette.builder(Path.of("no.cassette")).mode(ReplayMode.LIVE).build());
        Optional<String> refusal = cassette.isPresent() || mode == ReplayMode.LIVE
                ? Optional.empty()
                : Optional.of("Asking a model in " + name + ": it names no cassette and must not ask the model itself;"
                        + " set cassette in @PromptTest, or run with -D" + PromptTest.MODE + "=live");
        return new TestModels(used, refusal, meter, CallMeter.of(budget));
    }

    /** Reports the run, and fails it where something is decided against it. */
    void end(ExtensionContext context) {
        RunSummary summary = RunSummary.of(name, dataset, examples, results, meter, budget, cassette, settings.mode());
        context.publishReportEntry("prompt-test", summary.line());
        String file = context.getRequiredTestClass().getName() + "."
                + context.getRequiredTestMethod().getName();
        settings.reports().ifPresent(folder -> summary.write(folder, file));
        List<String> objections = results.objections();
        if (results.count(CaseStatus.BROKEN) == 0 && !objections.isEmpty()) {
            throw new AssertionFailedError("expected of " + dataset.name() + " "
                    + String.join("\nand expected ", objections) + summary.failedCases());
        }
    }

    private Cassette open(ExtensionContext context, Path file, PromptTest test) {
        // One cassette for all tests on a file, so that it is read once and none overwrites what another records.
        record Key(Path file, ReplayMode mode, List<String> scrub) {}
        Key key = new Key(file.toAbsolutePath().normalize(), settings.mode(), List.of(test.scrub()));
        return RunStore.shared(context.getRoot(), key, Cassette.class, () -> {
            Cassette.Builder builder = Cassette.builder(file).mode(settings.mode());
            key.scrub().forEach(pattern -> builder.scrub(Pattern.compile(pattern)));
            return builder.build();
        });
    }

    private static Budget budget(LiveBudget limits) {
        TokenPrices prices =
                new TokenPrices(new BigDecimal(limits.inputPerMillion()), new BigDecimal(limits.outputPerMillion()));
        Budget.Builder budget = Budget.builder().maxCalls(limits.calls()).maxTokens(limits.tokens());
        if (prices.inputPerMillion().signum() + prices.outputPerMillion().signum() > 0) {
            budget.prices(prices);
        }
        if (!limits.cost().isEmpty()) {
            budget.maxCost(new BigDecimal(limits.cost()));
        }
        return budget.build();
    }

    private static <A extends Annotation> Optional<A> annotation(ExtensionContext context, Class<A> type) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), type)
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), type));
    }

    private static <T> T checked(Supplier<T> value) {
        try {
            return Objects.requireNonNull(value.get());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Example> shuffled(List<Example> examples, long seed) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, new Random(seed));
        return List.copyOf(shuffled);
    }
}
