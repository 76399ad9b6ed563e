package dev.llmlifecycle.core.validation.business;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A figure of the running application and what it should be.
 *
 * <p>Immutable.
 *
 * @param id unique among the targets; letters, digits, dots and hyphens
 * @param measure what is measured
 * @param of what the measure is about, where it asks for that; else empty
 * @param bound whether the value is the least or the most that is wanted
 * @param value what is wanted: a share in [0, 1], seconds, or money in the currency of the application's prices
 * @param owner who answers for it; empty where nobody is named
 * @since 0.1
 */
public record KpiTarget(String id, Measure measure, String of, Bound bound, double value, String owner) {

    /** Checks the value. */
    public KpiTarget {
        if (!RuleTerms.isId(Objects.requireNonNull(id, "id"))) {
            throw new IllegalArgumentException(
                    "the id of a target is blank, too long or has other signs than letters, digits, '.', '_' and '-';"
                            + " write one such as 'answered'");
        }
        Objects.requireNonNull(measure, "measure");
        Objects.requireNonNull(bound, "bound");
        Objects.requireNonNull(owner, "owner");
        if (measure.needsSubject() == Objects.requireNonNull(of, "of").isBlank()) {
            throw new IllegalArgumentException("the target '" + id + "' measures " + measure.key()
                    + (measure.needsSubject()
                            ? " and does not say of what; say so"
                            : ", which is of nothing; leave it out"));
        }
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY) || (measure.isShare() && value > 1)) {
            throw new IllegalArgumentException("the value of the target '" + id + "' must be "
                    + (measure.isShare() ? "in [0, 1]" : "at least 0 and finite") + " but was " + value
                    + "; correct it");
        }
    }

    /**
     * Creates a target that wants at least a value.
     *
     * @param id its id
     * @param measure what is measured, of nothing in particular
     * @param value the least that is wanted
     * @return the target
     */
    public static KpiTarget atLeast(String id, Measure measure, double value) {
        return new KpiTarget(id, measure, "", Bound.AT_LEAST, value, "");
    }

    /**
     * Creates a target that wants at most a value.
     *
     * @param id its id
     * @param measure what is measured, of nothing in particular
     * @param value the most that is wanted
     * @return the target
     */
    public static KpiTarget atMost(String id, Measure measure, double value) {
        return new KpiTarget(id, measure, "", Bound.AT_MOST, value, "");
    }

    /**
     * Says what the measure is about.
     *
     * @param subject an outcome, a validator or code, or the id of a rule
     * @param id the id of the target
     * @param measure what is measured
     * @param bound whether the value is the least or the most that is wanted
     * @param value what is wanted
     * @return the target
     */
    public static KpiTarget of(String id, Measure measure, String subject, Bound bound, double value) {
        return new KpiTarget(id, measure, subject, bound, value, "");
    }

    /**
     * Names who answers for it.
     *
     * @param name such as a department
     * @return the target
     */
    public KpiTarget withOwner(String name) {
        return new KpiTarget(id, measure, of, bound, value, name);
    }

    Map<String, Object> toCanonical() {
        return Map.of(
                "id", id, "measure", measure.key(), "of", of, "bound", bound.name(), "value", value, "owner", owner);
    }

    /** Whether a value is the least or the most that is wanted. */
    public enum Bound {
        /** The figure should be the value or more. */
        AT_LEAST,
        /** The figure should be the value or less. */
        AT_MOST
    }

    /** What is measured over recorded interactions. */
    public enum Measure {
        /** The share of interactions that ended with an answer. */
        ANSWERED_SHARE,
        /** The share of interactions that ended with the outcome that is named, such as {@code failed}. */
        OUTCOME_SHARE,
        /** The share of interactions with a finding of the validator, or of the code, that is named. */
        FINDING_SHARE,
        /** The share of answers that keep the rule that is named, of those for which it holds. */
        RULE_SHARE,
        /** The share of rated interactions whose latest rating is up. */
        POSITIVE_FEEDBACK_SHARE,
        /** The median of the time from question to answer, in seconds. */
        MEDIAN_SECONDS,
        /** The time in seconds within which 95 of 100 interactions end. */
        P95_SECONDS,
        /** The mean cost of an answered interaction whose cost is known. */
        MEAN_COST;

        /**
         * Returns the name in a file.
         *
         * @return such as {@code answered-share}
         */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean needsSubject() {
            return this == OUTCOME_SHARE || this == FINDING_SHARE || this == RULE_SHARE;
        }

        boolean isShare() {
            return this != MEDIAN_SECONDS && this != P95_SECONDS && this != MEAN_COST;
        }
    }
}
