package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import dev.langchain4j.exception.LangChain4jException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;

/** Puts one question to one arm, and tells the world's failures from mistakes in the arm. Thread-safe. */
record ArmCaller(Optional<Duration> timeout, Clock clock) {

    Answer ask(Arm arm, Example example) {
        Question question = Question.of(example.input());
        if (timeout.isPresent()) {
            question = question.withDeadline(clock.instant().plus(timeout.get()));
        }
        Answer answer;
        try {
            answer = arm.answerer().apply(question);
        } catch (LangChain4jException e) {
            return failed(
                    arm,
                    example,
                    "arm '" + arm.name() + "' threw " + e.getClass().getName() + "; look at the cause",
                    e);
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

    /** Returns the answer that stands for none in time. */
    Answer late(Arm arm, Example example) {
        return failed(
                arm,
                example,
                "arm '" + arm.name() + "' gave no answer within "
                        + timeout.map(Duration::toString).orElse("the time")
                        + "; allow it more, or look at what it waits for",
                new TimeoutException("no answer in time"));
    }

    private Answer failed(Arm arm, Example example, String text, Exception cause) {
        Outcome.Failed outcome = new Outcome.Failed("arm", text, Optional.of(cause));
        return new Answer(
                outcome,
                Interaction.builder("experiment/" + arm.name() + "/" + example.id(), clock.instant(), example.input())
                        .release(arm.release())
                        .outcome(outcome.label(), outcome.text())
                        .build());
    }
}
