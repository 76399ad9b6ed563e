package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.langchain4j.exception.LangChain4jException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Asks every arm every example, a bounded number at once. Used once.
 *
 * <p>Workers take the next question from a shared counter; the calling thread is one of them. It waits for questions
 * that were taken, never for a helper that the executor has not started, so an executor without a free thread slows the
 * run down but cannot block it.
 */
final class AnswerRun {

    private final List<Example> examples;
    private final List<Arm> arms;
    private final Clock clock;
    private final int questions;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReferenceArray<@Nullable Answer> answers;
    private final AtomicReference<@Nullable RuntimeException> fatal = new AtomicReference<>();
    private final CountDownLatch open;

    AnswerRun(List<Example> examples, List<Arm> arms, Clock clock) {
        this.examples = examples;
        this.arms = arms;
        this.clock = clock;
        this.questions = Math.multiplyExact(examples.size(), arms.size());
        this.answers = new AtomicReferenceArray<>(questions);
        this.open = new CountDownLatch(questions);
    }

    /** Returns for each example, in order, the answer of each arm, in order. */
    List<List<Answer>> answers(Executor executor, int concurrency) {
        int helpers = Math.min(concurrency, questions) - 1;
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(this::work);
            }
            work();
            open.await();
        } catch (InterruptedException e) {
            stop(new LifecycleException("Experiment was interrupted while it waited for answers; run it again", e));
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // The executor refused: helpers that it took must not go on alone.
            stop(e);
        }
        RuntimeException failure = fatal.get();
        if (failure != null) {
            throw failure;
        }
        return collect();
    }

    private List<List<Answer>> collect() {
        List<List<Answer>> collected = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            List<Answer> row = new ArrayList<>();
            for (int arm = 0; arm < arms.size(); arm++) {
                Answer answer = answers.get(i * arms.size() + arm);
                if (answer == null) {
                    throw new IllegalStateException("Arm '" + arms.get(arm).name() + "' gave no answer to example '"
                            + examples.get(i).id()
                            + "': an error ended the executor's thread; look at the log of the executor");
                }
                row.add(answer);
            }
            collected.add(row);
        }
        return collected;
    }

    private void stop(RuntimeException reason) {
        fatal.compareAndSet(null, reason);
    }

    private void work() {
        for (int i = next.getAndIncrement(); i < questions; i = next.getAndIncrement()) {
            try {
                if (fatal.get() == null) {
                    answers.set(i, answer(arms.get(i % arms.size()), examples.get(i / arms.size())));
                }
            } catch (RuntimeException e) {
                stop(e);
            } finally {
                open.countDown();
            }
        }
    }

    private Answer answer(Arm arm, Example example) {
        Answer answer;
        try {
            answer = arm.answerer().apply(Question.of(example.input()));
        } catch (LangChain4jException e) {
            return failed(arm, example, e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "Arm '" + arm.name() + "' threw " + e.getClass().getName() + " on example '" + example.id()
                            + "'; mend it, or answer with Outcome.Failed where the outside world is to blame",
                    e);
        }
        if (answer == null) {
            throw new IllegalStateException("Arm '" + arm.name() + "' returned null for example '" + example.id()
                    + "'; answer with Outcome.Abstained where there is no answer");
        }
        Optional<Hash> other = answer.release().filter(release -> !release.equals(arm.release()));
        if (other.isPresent()) {
            throw new IllegalStateException("Arm '" + arm.name() + "' answered example '" + example.id()
                    + "' from release " + other.get().shortForm() + " but declares release "
                    + arm.release().shortForm() + "; pin the application to the release on trial");
        }
        return answer;
    }

    private Answer failed(Arm arm, Example example, LangChain4jException cause) {
        Outcome.Failed outcome = new Outcome.Failed(
                "arm",
                "arm '" + arm.name() + "' threw " + cause.getClass().getName() + "; look at the cause",
                Optional.of(cause));
        return new Answer(
                outcome,
                Interaction.builder("experiment/" + arm.name() + "/" + example.id(), clock.instant(), example.input())
                        .release(arm.release())
                        .outcome(outcome.label(), outcome.text())
                        .build());
    }
}
