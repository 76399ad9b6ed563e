package dev.llmlifecycle.eval.metric;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Tells by the words of an English answer whether it declines what was asked. The rules are those of
 * {@link dev.llmlifecycle.core.validation.content.RefusalDetector}, which guards answers at run time: what an
 * experiment counts and what production notices is the same.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class RefusalDetector implements Identified {

    private static final RefusalDetector ENGLISH =
            new RefusalDetector(dev.llmlifecycle.core.validation.content.RefusalDetector.english());

    private final dev.llmlifecycle.core.validation.content.RefusalDetector rules;

    private RefusalDetector(dev.llmlifecycle.core.validation.content.RefusalDetector rules) {
        this.rules = rules;
    }

    /**
     * Returns the detector for English answers.
     *
     * @return the detector
     */
    public static RefusalDetector english() {
        return ENGLISH;
    }

    @Override
    public Identity identity() {
        return rules.identity();
    }

    /**
     * Tells how far an answer declines.
     *
     * @param answer the answer, possibly empty
     * @return the kind; {@link Refusal#NONE} for an empty answer
     */
    public Refusal detect(String answer) {
        return switch (rules.detect(answer)) {
            case NONE -> Refusal.NONE;
            case PARTIAL -> Refusal.PARTIAL;
            case FULL -> Refusal.FULL;
        };
    }
}
