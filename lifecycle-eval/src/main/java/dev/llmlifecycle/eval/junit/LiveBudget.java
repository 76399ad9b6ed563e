package dev.llmlifecycle.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Caps what a {@link PromptTest} may spend on calls that reach a model; what is replayed is free. On a class, each test
 * method has this budget.
 *
 * <p>When it is used up, the case that asked for more fails, and the rest is not run. See {@link Budget}.
 *
 * @since 0.1
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface LiveBudget {

    /**
     * The highest number of calls.
     *
     * @return at least 0; by default there is no limit
     */
    long calls() default Long.MAX_VALUE;

    /**
     * The highest number of tokens, of input and output together.
     *
     * @return at least 0; by default there is no limit
     */
    long tokens() default Long.MAX_VALUE;

    /**
     * The highest cost, in the currency of the prices.
     *
     * @return a decimal number such as {@code 0.50}; empty for no limit
     */
    String cost() default "";

    /**
     * The price of a million input tokens.
     *
     * @return a decimal number
     */
    String inputPerMillion() default "0";

    /**
     * The price of a million output tokens.
     *
     * @return a decimal number
     */
    String outputPerMillion() default "0";
}
