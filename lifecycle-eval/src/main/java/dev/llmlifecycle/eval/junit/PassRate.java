package dev.llmlifecycle.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets the share of passed cases decide over a {@link PromptTest}: a case whose assertion fails is reported as aborted
 * and fails nothing, the whole fails when the rate is not reached.
 *
 * <p>With a {@link #confidence}, the examples count as a sample of all the questions there could be, and the rate must
 * be shown for those: the exact one-sided lower bound of Clopper and Pearson must reach it. Wrong passes then have at
 * most the chance {@code 1 - confidence}. It takes examples to show a rate: 59 for 0.95 at 0.95, if all pass. Without
 * one, the observed rate decides.
 *
 * <p>A case that throws anything but an {@link AssertionError} fails as ever, and so does one whose request was not
 * recorded: a broken test is no worse prompt. Cases that an assumption aborts do not count.
 *
 * @since 0.1
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface PassRate {

    /**
     * The rate that must be reached.
     *
     * @return in (0, 1]; below 1 where there is a confidence
     */
    double atLeast();

    /**
     * The confidence with which it must be shown.
     *
     * @return in (0.5, 1), or 0 where the observed rate decides
     */
    double confidence() default 0;

    /**
     * When to leave out the rest of the cases.
     *
     * @return the rule
     */
    Stopping stopping() default Stopping.SETTLED;

    /**
     * The seed of the order of cases under {@link Stopping#ANYTIME_VALID}.
     *
     * @return the seed
     */
    long seed() default 1;
}
