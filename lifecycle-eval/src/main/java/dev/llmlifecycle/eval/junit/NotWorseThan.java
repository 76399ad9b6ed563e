package dev.llmlifecycle.eval.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a comparison with an earlier run decide over a {@link PromptTest}: a case whose assertion fails is reported as
 * aborted and fails nothing, the whole fails when the pass rate may be lower than before by a margin.
 *
 * <p>It is {@link PassRateAssert#isNotWorseThan} over the same examples, pair by pair. The rest of the cases is left
 * out once no result of theirs could change the outcome. Together with a {@link PassRate}, both must hold, and its
 * {@link PassRate#stopping} counts.
 *
 * @since 0.1
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface NotWorseThan {

    /**
     * The results of the earlier run, as {@link PassResults#readJsonLines} reads them: the rows of a report that were
     * kept beside the dataset.
     *
     * @return their name, found as a cassette is
     */
    String baseline();

    /**
     * The smallest loss that matters.
     *
     * @return in (0, 1), such as 0.02 for two points
     */
    double margin();

    /**
     * The confidence with which it must be shown.
     *
     * @return in (0.5, 1)
     */
    double confidence() default 0.95;
}
