package dev.llmlifecycle.eval.junit;

import dev.llmlifecycle.api.app.Answer;

/**
 * Assertions on answers and on pass rates, for static import.
 *
 * <pre>{@code
 * assertThatAnswer(app.ask("How long does a refund take?"))
 *         .isAnswered()
 *         .contains("five working days")
 *         .isGrounded()
 *         .cites("refunds.md");
 * assertThatPassRate(results).withConfidence(0.95).isAtLeast(0.9);
 * }</pre>
 *
 * <p>They are written as AssertJ's are and need nothing of it: what fails is an
 * {@link org.opentest4j.AssertionFailedError} with the expected and the actual value, which comes with JUnit.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class PromptAssertions {

    private PromptAssertions() {}

    /**
     * Starts assertions on an answer.
     *
     * @param answer the answer
     * @return the assertions
     */
    public static AnswerAssert assertThatAnswer(Answer answer) {
        return new AnswerAssert(answer);
    }

    /**
     * Starts assertions on a pass rate.
     *
     * @param results which examples passed
     * @return the assertions
     */
    public static PassRateAssert assertThatPassRate(PassResults results) {
        return new PassRateAssert(results);
    }
}
