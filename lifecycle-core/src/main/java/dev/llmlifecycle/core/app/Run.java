package dev.llmlifecycle.core.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.AnswerStream;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Finding;
import org.jspecify.annotations.Nullable;

/**
 * One question under way: what has happened to it so far, and who ends it.
 *
 * <p>A run is ended exactly once, by the flow, by its deadline or by its caller; whatever comes later is dropped. The
 * lock guards fields of this class only; listeners and sinks are called outside it.
 */
final class Run implements AnswerStream {

    private final String id;
    private final Question question;
    private final LongSupplier nanoTime;
    private final long startedNanos;
    private final Optional<TokenPrices> prices;
    private final EventQueue events;
    private final Consumer<Interaction> sink;
    private final CompletableFuture<Answer> completion = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Interaction.Builder record;
    private final List<Finding> findings = new ArrayList<>();
    private String currentStep = Step.RELEASE;
    private int inputTokens;
    private int outputTokens;
    private boolean textShown;
    private boolean ended;
    private boolean interrupted;
    private @Nullable Thread worker;

    Run(
            String id,
            Question question,
            Interaction.Builder record,
            LongSupplier nanoTime,
            Optional<TokenPrices> prices,
            Consumer<AnswerEvent> listener,
            Consumer<Interaction> sink) {
        this.id = id;
        this.question = question;
        this.record = record;
        this.nanoTime = nanoTime;
        this.startedNanos = nanoTime.getAsLong();
        this.prices = prices;
        this.events = new EventQueue(listener);
        this.sink = sink;
    }

    /** The id of the interaction. */
    String id() {
        return id;
    }

    Question question() {
        return question;
    }

    /** Runs the flow on this thread and ends with its outcome. */
    void work(Function<Run, Outcome> flow) {
        if (!begin()) {
            return;
        }
        try {
            Outcome outcome;
            try {
                outcome = flow.apply(this);
            } catch (Error e) {
                end(Failures.outcome(currentStep(), e), "failed");
                throw e;
            } catch (Exception e) {
                // Not only runtime exceptions: parts in other languages of the JVM throw checked ones, too.
                outcome = Failures.outcome(currentStep(), e);
            }
            show(outcome);
            end(outcome, outcome.label());
        } finally {
            leave();
        }
    }

    /** Does one step, and keeps how long it took and what the step wrote into its attributes. */
    <T> T step(String type, Function<Map<String, String>, T> work) {
        enter(type);
        Map<String, String> attributes = new TreeMap<>();
        long start = nanoTime.getAsLong();
        try {
            return work.apply(attributes);
        } catch (RuntimeException | Error e) {
            attributes.put("error", Failures.name(e));
            throw e;
        } finally {
            Step step = new Step(type, since(start), attributes);
            update(builder -> builder.step(step));
        }
    }

    /** Changes the record, unless the run has ended. */
    void update(Consumer<Interaction.Builder> change) {
        lock.lock();
        try {
            if (!ended) {
                change.accept(record);
            }
        } finally {
            lock.unlock();
        }
    }

    void spend(int input, int output) {
        lock.lock();
        try {
            inputTokens = saturatedSum(inputTokens, input);
            outputTokens = saturatedSum(outputTokens, output);
        } finally {
            lock.unlock();
        }
    }

    void found(List<Finding> found) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            findings.addAll(found);
        } finally {
            lock.unlock();
        }
        found.forEach(finding -> emit(new AnswerEvent.Found(finding)));
    }

    void emit(AnswerEvent event) {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            if (event instanceof AnswerEvent.Text) {
                textShown = true;
            } else if (event instanceof AnswerEvent.Retracted) {
                textShown = false;
            }
        } finally {
            lock.unlock();
        }
        events.emit(event);
    }

    boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the run because its deadline has passed. */
    void expire(Duration allowed) {
        boolean tooLate = allowed.isNegative() || allowed.isZero();
        String text = tooLate
                ? "The deadline of the question had passed when it was asked; allow more time"
                : "The answer took longer than the " + allowed.toMillis()
                        + " ms that were left; allow more time or look at the steps of the interaction";
        end(new Outcome.Failed(currentStep(), text, Optional.empty()), "failed");
    }

    @Override
    public void cancel() {
        end(new Outcome.Failed(currentStep(), "The question was cancelled", Optional.empty()), "cancelled");
    }

    @Override
    public CompletableFuture<Answer> completion() {
        return completion.copy();
    }

    private String currentStep() {
        lock.lock();
        try {
            return currentStep;
        } finally {
            lock.unlock();
        }
    }

    private void enter(String step) {
        lock.lock();
        try {
            if (ended) {
                throw new RunEndedException();
            }
            currentStep = step;
        } finally {
            lock.unlock();
        }
    }

    /** Shows a text that no model streamed: of a route, an abstention or a refusal. */
    private void show(Outcome outcome) {
        boolean shown;
        lock.lock();
        try {
            shown = textShown;
        } finally {
            lock.unlock();
        }
        if (!shown && !(outcome instanceof Outcome.Failed) && !outcome.text().isEmpty()) {
            emit(new AnswerEvent.Text(outcome.text()));
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (!ended) {
                worker = Thread.currentThread();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the worker thread, and takes back an interrupt that was meant for this run alone. */
    private void leave() {
        lock.lock();
        try {
            worker = null;
            if (interrupted) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Outcome outcome, String label) {
        Interaction interaction;
        Duration duration = since(startedNanos);
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            if (worker != null && worker != Thread.currentThread()) {
                interrupted = true;
                worker.interrupt();
            }
            record.outcome(label, outcome.text())
                    .findings(findings)
                    .tokens(inputTokens, outputTokens)
                    .cost(prices.map(price -> price.cost(inputTokens, outputTokens)))
                    .duration(duration);
            interaction = record.build();
        } finally {
            lock.unlock();
        }
        Answer answer = new Answer(outcome, interaction);
        try {
            sink.accept(interaction);
        } finally {
            try {
                events.close(new AnswerEvent.Completed(answer));
            } finally {
                completion.complete(answer);
            }
        }
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - nanos));
    }

    private static int saturatedSum(int total, int more) {
        return (int) Math.min(Integer.MAX_VALUE, (long) total + more);
    }

    /** Leaves the flow of a run that was ended from outside; nobody hears of it. */
    static final class RunEndedException extends LifecycleException {

        private static final long serialVersionUID = 1L;

        RunEndedException() {
            super("The run has ended");
        }
    }
}
