package dev.llmlifecycle.eval.junit;

import dev.llmlifecycle.api.LifecycleException;

/**
 * A call that was not made, since the budget of the test is used up.
 *
 * @since 0.1
 */
public final class BudgetExhaustedException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    BudgetExhaustedException(String message) {
        super(message);
    }
}
