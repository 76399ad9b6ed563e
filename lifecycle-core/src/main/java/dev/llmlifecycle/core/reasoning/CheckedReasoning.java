package dev.llmlifecycle.core.reasoning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.core.reasoning.steps.CheckedStep;
import dev.llmlifecycle.core.reasoning.steps.CheckedSteps;
import dev.llmlifecycle.core.reasoning.steps.StepCheck;
import dev.llmlifecycle.core.reasoning.steps.StepChecker;
import dev.llmlifecycle.core.reasoning.steps.StepContext;
import dev.llmlifecycle.core.reasoning.steps.StepState;

/**
 * A chain of thought whose steps are checked, and repaired from the first wrong one.
 *
 * <p>The steps before the first wrong one are kept. The model is shown them and what is wrong with the next, and writes
 * that step again and what follows. This goes on until no step is refuted, the repairs or the budget are used up, or
 * the model writes the same wrong step again. The interaction lists every step of the last chain with its state, by
 * what it was checked and, where thoughts are kept, its text.
 *
 * <p>The steps are checked against the last message of the user; passages inside a prompt are not told apart, so
 * citations stay unchecked. Thread-safe.
 *
 * @since 0.1
 */
public final class CheckedReasoning implements ReasoningStrategy {

    private static final String NAME = "checked-reasoning";

    private final StepChecker checker;
    private final ReasoningSettings settings;
    private final int maxRepairs;
    private final boolean failWhenWrong;
    private final BiConsumer<String, CheckedSteps> listener;
    private final Identity identity;

    private CheckedReasoning(Builder builder) {
        this.checker = builder.checker;
        this.settings = builder.settings;
        this.maxRepairs = builder.maxRepairs;
        this.failWhenWrong = builder.failWhenWrong;
        this.listener = builder.listener;
        this.identity = Identity.of(
                NAME,
                "1",
                settings.canonical(Map.of(
                        "checker",
                        checker.identity().toCanonical(),
                        "maxRepairs",
                        maxRepairs,
                        "failWhenWrong",
                        failWhenWrong)));
    }

    /**
     * Starts with the defaults.
     *
     * @param checker checks the steps
     * @return a builder
     */
    public static Builder builder(StepChecker checker) {
        return new Builder(checker);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public String reason(ChatRequest request, ModelCalls model) {
        BudgetedCalls calls = new BudgetedCalls(model, settings, NAME);
        if (Prompts.isStructured(request)) {
            String text = calls.answer(request).aiMessage().text();
            return calls.note("directFor", "response-format").conclude(text == null ? "" : text);
        }
        String question = Prompts.question(request);
        StepContext context = StepContext.of(question);
        ChatRequest asked = Prompts.with(request, Prompts.STEP_BY_STEP);
        CheckedSteps checked = checker.check(text(calls, asked), context);
        Optional<CheckedStep> wrong = checked.firstWrong();
        int repairs = 0;
        boolean repeats = false;
        while (wrong.isPresent() && repairs < maxRepairs && !repeats && calls.allows(1)) {
            repairs++;
            CheckedStep failed = wrong.get();
            String kept = checked.text().substring(0, failed.step().span().start());
            String continued = text(calls, Prompts.after(asked, kept, repair(kept, failed)));
            String joined = kept.isBlank() || kept.endsWith("\n") ? kept + continued : kept + "\n" + continued;
            checked = checker.check(joined, context);
            wrong = checked.firstWrong();
            repeats = wrong.map(
                            again -> again.step().text().equals(failed.step().text()))
                    .orElse(false);
        }
        checked.steps().forEach(step -> record(step, calls));
        listener.accept(question, checked);
        if (failWhenWrong && wrong.isPresent()) {
            calls.note("repairs", repairs)
                    .note("wrong", checked.count(StepState.WRONG))
                    .conclude("");
            throw new LifecycleException("Step "
                    + (wrong.get().step().index() + 1)
                    + " of the reasoning is wrong after " + repairs
                    + " repairs; allow more, or answer nevertheless by leaving out failWhenWrong");
        }
        ExtractedAnswer answer = settings.answers().extract(checked.text());
        return calls.note("repairs", repairs)
                .note("steps", checked.steps().size())
                .note("correct", checked.count(StepState.CORRECT))
                .note("wrong", checked.count(StepState.WRONG))
                .note("unchecked", checked.count(StepState.UNCHECKED))
                .conclude(answer.answer());
    }

    private static String text(BudgetedCalls calls, ChatRequest request) {
        AiMessage message = calls.think(request).aiMessage();
        return message.text() == null ? "" : message.text();
    }

    private static String repair(String kept, CheckedStep failed) {
        String said = failed.failure()
                .map(check -> check.evidence()
                        + check.expected().map(right -> "; right is " + right).orElse(""))
                .orElse("");
        return (kept.isBlank() ? "Your first step was wrong" : "These steps hold. The step you wrote next was wrong")
                + ": " + said
                + "\n\nWrite that step again, right, and go on from there; do not repeat the steps before. "
                + Prompts.STEP_BY_STEP;
    }

    private void record(CheckedStep step, BudgetedCalls calls) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("index", Integer.toString(step.step().index()));
        attributes.put("state", step.state().name());
        List<StepCheck> deciding = step.checks().stream()
                .filter(check -> check.state() == step.state() && check.state() != StepState.UNCHECKED)
                .toList();
        if (!deciding.isEmpty()) {
            attributes.put(
                    "checkedBy",
                    String.join(",", deciding.stream().map(StepCheck::validator).toList()));
        }
        if (settings.thoughts()) {
            attributes.put("text", BudgetedCalls.cut(step.step().text()));
            step.failure().ifPresent(failure -> attributes.put("evidence", failure.evidence()));
        }
        calls.record(Step.REASONING_STEP, attributes);
    }

    /**
     * Builds a {@link CheckedReasoning}.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final StepChecker checker;
        private ReasoningSettings settings = ReasoningSettings.DEFAULT;
        private int maxRepairs = 2;
        private boolean failWhenWrong;
        private BiConsumer<String, CheckedSteps> listener = (question, steps) -> {};

        private Builder(StepChecker checker) {
            this.checker = Objects.requireNonNull(checker, "checker");
        }

        /**
         * Sets budget, answer and thoughts. Default: those of {@link Reasoning#builder()}.
         *
         * @param builder has the settings
         * @return this
         */
        public Builder settings(Reasoning.Builder builder) {
            this.settings = builder.settings();
            return this;
        }

        /**
         * Sets how often a chain is repaired. Default: 2.
         *
         * @param repairs at least 0; 0 only checks
         * @return this
         */
        public Builder maxRepairs(int repairs) {
            if (repairs < 0) {
                throw new IllegalArgumentException("the repairs must be at least 0 but were " + repairs);
            }
            this.maxRepairs = repairs;
            return this;
        }

        /**
         * Fails instead of answering from a chain that has a wrong step left. Default: answers, and the interaction
         * says what is wrong.
         *
         * @return this
         */
        public Builder failWhenWrong() {
            this.failWhenWrong = true;
            return this;
        }

        /**
         * Sets what receives the question and its last chain, such as one that collects
         * {@link dev.llmlifecycle.core.reasoning.steps.StepLabels}. Default: nothing.
         *
         * @param receiver called on the thread of the question
         * @return this
         */
        public Builder listener(BiConsumer<String, CheckedSteps> receiver) {
            this.listener = Objects.requireNonNull(receiver, "receiver");
            return this;
        }

        /**
         * Builds.
         *
         * @return the strategy
         */
        public CheckedReasoning build() {
            return new CheckedReasoning(this);
        }
    }
}
