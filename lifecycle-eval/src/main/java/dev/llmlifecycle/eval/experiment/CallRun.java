package dev.llmlifecycle.eval.experiment;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.core.resilience.FailureKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls of an experiment that are still to be made, a bounded number at once. Used once.
 *
 * <p>Workers take the next call from a shared list; the calling thread is one of them. It waits for calls that were
 * taken, never for a helper that the executor has not started, so an executor without a free thread slows the run down
 * but cannot block it.
 */
final class CallRun {

    private static final Logger log = LoggerFactory.getLogger(CallRun.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int DEEPEST_CAUSE = 20;
    private static final int MOST_DOUBLINGS = 10;

    private final ExperimentSettings settings;
    private final List<Example> examples;
    private final CallJournal journal;
    private final Budget budget;
    private final ArmCaller caller;
    private final Scorer scorer;
    private final int restored;
    private final Instant begin;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final SplittableRandom jitter;
    private final @Nullable ScheduledExecutorService timer;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private final List<Call> open;
    private final Map<Call, CallResult> results = new LinkedHashMap<>();
    private final int[] failures = new int[2];
    private int next;
    private int inFlight;
    private boolean stopped;
    private boolean interrupted;
    private @Nullable RuntimeException fatal;

    CallRun(ExperimentSettings settings, CallJournal journal) {
        this.settings = settings;
        this.examples = settings.dataset().examples();
        this.journal = journal;
        this.budget = new Budget(settings.cap(), journal.spent());
        this.caller = new ArmCaller(settings.timeout(), settings.clock());
        this.scorer = new Scorer(settings.metrics(), settings.policy());
        this.jitter = new SplittableRandom(settings.seed());
        this.begin = settings.clock().instant();
        journal.restored().forEach((call, result) -> results.put(call, scored(call, result)));
        this.restored = results.size();
        this.timer = settings.timeout().isPresent()
                ? Executors.newSingleThreadScheduledExecutor(CallRun::timerThread)
                : null;
        this.open = calls().stream().filter(call -> !results.containsKey(call)).toList();
    }

    /** Makes the calls, and returns what came of all that were made, those of earlier runs included. */
    Map<Call, CallResult> results(Executor executor) {
        int helpers = Math.min(settings.concurrency(), open.size()) - 1;
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(this::work);
            }
            work();
        } catch (RuntimeException e) {
            // The executor refused: helpers that it took must not go on alone.
            stop(e);
        } finally {
            awaitSettled();
            if (timer != null) {
                timer.shutdownNow();
            }
        }
        return outcome();
    }

    Spending spent() {
        return budget.spent();
    }

    int restored() {
        return restored;
    }

    /**
     * Returns the calls in the order to make them: examples shuffled, so that those of a run cut short are a sample.
     */
    private List<Call> calls() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(settings.seed()));
        List<Call> calls = new ArrayList<>();
        for (int example : order) {
            for (int repeat = 0; repeat < settings.repeats(); repeat++) {
                for (int arm = 0; arm < settings.arms().size(); arm++) {
                    calls.add(new Call(arm, example, repeat));
                }
            }
        }
        return calls;
    }

    private CallResult scored(Call call, CallResult result) {
        return result.scores().isPresent()
                ? result
                : new CallResult(
                        result.answer(),
                        Optional.of(scorer.scores(arm(call), example(call), result.answer())),
                        result.spent());
    }

    private Map<Call, CallResult> outcome() {
        lock.lock();
        try {
            if (interrupted) {
                Thread.currentThread().interrupt();
                throw new LifecycleException("Experiment was interrupted while it waited for answers; run it again");
            }
            if (fatal != null) {
                throw fatal;
            }
            if (!stopped && results.size() < restored + open.size()) {
                Call lost = open.stream()
                        .filter(call -> !results.containsKey(call))
                        .findFirst()
                        .orElseThrow();
                throw new IllegalStateException("Arm '" + arm(lost).name() + "' gave no answer to example '"
                        + example(lost).id()
                        + "': an error ended the executor's thread; look at the log of the executor");
            }
            return new LinkedHashMap<>(results);
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        for (Optional<Call> call = take(); call.isPresent(); call = take()) {
            try {
                make(call.get());
            } catch (InterruptedException e) {
                stopForInterruption();
            } catch (RuntimeException e) {
                stop(e);
            } finally {
                settle();
            }
            if (Thread.currentThread().isInterrupted()) {
                stopForInterruption();
            }
        }
    }

    private Optional<Call> take() {
        lock.lock();
        try {
            if (stopped || next == open.size()) {
                return Optional.empty();
            }
            inFlight++;
            return Optional.of(open.get(next++));
        } finally {
            lock.unlock();
        }
    }

    private void settle() {
        lock.lock();
        try {
            inFlight--;
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void make(Call call) throws InterruptedException {
        Spending used = Spending.NONE;
        for (int attempt = 0; !isStopped(); attempt++) {
            if (attempt > 0) {
                pause(attempt);
            }
            if (!reserve()) {
                return;
            }
            if (isStopped()) {
                budget.settle(Spending.NONE);
                return;
            }
            Spending spent = budget.perCall();
            Answer answer;
            try {
                journal.started(call, spent);
                answer = ask(arm(call), example(call));
                spent = usage(answer);
            } finally {
                budget.settle(spent);
            }
            used = used.plus(spent);
            if (attempt == settings.retries() || !isWorthRetry(answer)) {
                finish(call, answer, used);
                return;
            }
        }
    }

    /** Asks once, on this thread, which is interrupted when the time is over or the run is cancelled. */
    private Answer ask(Arm arm, Example example) throws InterruptedException {
        Watch watch = new Watch();
        watches.add(watch);
        Optional<ScheduledFuture<?>> alarm = alarm(watch);
        if (isInterrupted()) {
            watch.interrupt(Watch.Reason.CANCEL);
        }
        Optional<Answer> answer = Optional.empty();
        @Nullable RuntimeException broken = null;
        Watch.Reason reason;
        try {
            answer = Optional.of(caller.ask(arm, example));
        } catch (RuntimeException e) {
            broken = e;
        } finally {
            watches.remove(watch);
            alarm.ifPresent(pending -> pending.cancel(false));
            reason = watch.end();
        }
        if (answer.isPresent() && !(answer.get().outcome() instanceof Outcome.Failed)) {
            return answer.get();
        }
        if (reason == Watch.Reason.TIMEOUT) {
            return caller.late(arm, example);
        }
        if (reason == Watch.Reason.CANCEL
                || answer.filter(CallRun::wasInterrupted).isPresent()) {
            throw new InterruptedException("interrupted during a call");
        }
        if (broken != null) {
            throw broken;
        }
        return answer.orElseThrow();
    }

    private Optional<ScheduledFuture<?>> alarm(Watch watch) {
        ScheduledExecutorService running = timer;
        return running == null
                ? Optional.empty()
                : Optional.of(running.schedule(
                        () -> watch.interrupt(Watch.Reason.TIMEOUT),
                        settings.timeout().orElseThrow().toNanos(),
                        TimeUnit.NANOSECONDS));
    }

    private boolean reserve() throws InterruptedException {
        if (budget.reserve()) {
            return true;
        }
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
        log.debug("The cap of {} is reached at {}; the run stops", settings.cap(), budget.spent());
        return false;
    }

    private void finish(Call call, Answer answer, Spending used) {
        Optional<Map<String, Double>> scores = Optional.empty();
        try {
            scores = Optional.of(scorer.scores(arm(call), example(call), answer));
        } finally {
            // An answer that was paid for is kept, also when a metric breaks on it.
            journal.finished(call, new CallResult(answer, scores, used));
        }
        CallResult result = new CallResult(answer, scores, used);
        ExperimentProgress progress;
        lock.lock();
        try {
            results.put(call, result);
            if (result.failed()) {
                failures[call.arm()]++;
                // So many failures give no verdict, whatever comes.
                stopped |= failures[call.arm()] / (double) settings.callsPerArm() > settings.maxFailedShare();
            }
            progress = ExperimentProgress.of(
                    results.size(),
                    restored,
                    restored + open.size(),
                    failures[0] + failures[1],
                    Duration.between(begin, settings.clock().instant()),
                    budget.spent());
        } finally {
            lock.unlock();
        }
        settings.progress().accept(progress);
    }

    private Spending usage(Answer answer) {
        Spending most = budget.perCall();
        long tokens =
                (long) answer.interaction().inputTokens() + answer.interaction().outputTokens();
        boolean known = tokens > 0 || answer.cost().isPresent();
        return new Spending(1, known ? tokens : most.tokens(), answer.cost().orElse(most.cost()));
    }

    private static boolean isWorthRetry(Answer answer) {
        return answer.outcome() instanceof Outcome.Failed failed
                && failed.cause().filter(FailureKind::isWorthRetry).isPresent();
    }

    private static boolean wasInterrupted(Answer answer) {
        Throwable cause = answer.outcome() instanceof Outcome.Failed failed
                ? failed.cause().orElse(null)
                : null;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof InterruptedException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private void pause(int attempt) throws InterruptedException {
        long longest = settings.retryPause().toMillis() << Math.min(attempt - 1, MOST_DOUBLINGS);
        double share;
        lock.lock();
        try {
            share = 0.5 + jitter.nextDouble() / 2;
        } finally {
            lock.unlock();
        }
        TimeUnit.MILLISECONDS.sleep(Math.round(longest * share));
    }

    private void stop(RuntimeException reason) {
        lock.lock();
        try {
            stopped = true;
            if (fatal == null) {
                fatal = reason;
            }
        } finally {
            lock.unlock();
        }
    }

    private void stopForInterruption() {
        lock.lock();
        try {
            stopped = true;
            interrupted = true;
        } finally {
            lock.unlock();
        }
        watches.forEach(watch -> watch.interrupt(Watch.Reason.CANCEL));
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean isInterrupted() {
        lock.lock();
        try {
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the calls in flight; after an interruption, for a moment only, as they were told to end. */
    private void awaitSettled() {
        boolean again = Thread.interrupted();
        lock.lock();
        try {
            long left = GRACE.toNanos();
            while (inFlight > 0 && left > 0) {
                try {
                    if (interrupted) {
                        left = settled.awaitNanos(left);
                    } else {
                        settled.await();
                    }
                } catch (InterruptedException e) {
                    again = true;
                    lock.unlock();
                    try {
                        stopForInterruption();
                    } finally {
                        lock.lock();
                    }
                }
            }
        } finally {
            lock.unlock();
            if (again) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Arm arm(Call call) {
        return settings.arms().get(call.arm());
    }

    private Example example(Call call) {
        return examples.get(call.example());
    }

    private static Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, "experiment-timeouts");
        thread.setDaemon(true);
        return thread;
    }
}
