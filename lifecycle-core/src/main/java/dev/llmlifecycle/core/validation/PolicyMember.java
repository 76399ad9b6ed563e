package dev.llmlifecycle.core.validation;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Validator;

/**
 * A validator of a {@link ValidationPolicy}, with the rules about its findings and its failures.
 *
 * <p>Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * PolicyMember.of(judge)
 *         .minimumConfidence(0.8)
 *         .on("off-topic", PolicyAction.flag())
 *         .on(Finding.Severity.WARNING, PolicyAction.askAgain())
 *         .timeBudget(Duration.ofMillis(800))
 *         .failOpen()
 * }</pre>
 *
 * @since 0.1
 */
public final class PolicyMember {

    private static final Duration LONGEST = Duration.ofDays(1);

    private final Validator validator;
    private final double minimumConfidence;
    private final Map<String, PolicyAction> byCode;
    private final Map<Finding.Severity, PolicyAction> bySeverity;
    private final Optional<Duration> timeBudget;
    private final boolean failsOpen;
    private final boolean inShadow;

    private PolicyMember(
            Validator validator,
            double minimumConfidence,
            Map<String, PolicyAction> byCode,
            Map<Finding.Severity, PolicyAction> bySeverity,
            Optional<Duration> timeBudget,
            boolean failsOpen,
            boolean inShadow) {
        this.validator = validator;
        this.minimumConfidence = minimumConfidence;
        this.byCode = byCode;
        this.bySeverity = bySeverity;
        this.timeBudget = timeBudget;
        this.failsOpen = failsOpen;
        this.inShadow = inShadow;
    }

    /**
     * Makes a member that does what its validator decides, without a time budget, and that refuses the text when the
     * validator fails.
     *
     * @param validator the validator
     * @return the member
     */
    public static PolicyMember of(Validator validator) {
        Objects.requireNonNull(validator, "validator");
        return new PolicyMember(validator, 0, Map.of(), Map.of(), Optional.empty(), false, false);
    }

    /**
     * Sets how sure the validator must be of a finding for it to decide anything; a finding below is recorded only.
     * Default: 0.
     *
     * @param probability in [0, 1]
     * @return the changed member
     */
    public PolicyMember minimumConfidence(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("the minimum confidence for validator '" + name()
                    + "' must be in [0, 1] but was " + probability + "; give a probability");
        }
        return new PolicyMember(validator, probability, byCode, bySeverity, timeBudget, failsOpen, inShadow);
    }

    /**
     * Says what to do about findings of a code. It goes before rules about severities.
     *
     * @param code the code
     * @param action what to do
     * @return the changed member
     */
    public PolicyMember on(String code, PolicyAction action) {
        Map<String, PolicyAction> rules = new HashMap<>(byCode);
        rules.put(Objects.requireNonNull(code, "code"), Objects.requireNonNull(action, "action"));
        return new PolicyMember(
                validator, minimumConfidence, Map.copyOf(rules), bySeverity, timeBudget, failsOpen, inShadow);
    }

    /**
     * Says what to do about findings that are at least so severe; of several rules that of the highest severity holds.
     *
     * @param least the least severity
     * @param action what to do
     * @return the changed member
     */
    public PolicyMember on(Finding.Severity least, PolicyAction action) {
        Map<Finding.Severity, PolicyAction> rules = new EnumMap<>(Finding.Severity.class);
        rules.putAll(bySeverity);
        rules.put(Objects.requireNonNull(least, "least"), Objects.requireNonNull(action, "action"));
        return new PolicyMember(
                validator,
                minimumConfidence,
                byCode,
                Collections.unmodifiableMap(rules),
                timeBudget,
                failsOpen,
                inShadow);
    }

    /**
     * Sets how long the validator may take. It then runs on the policy's executor, beside the other members with a
     * budget, and is abandoned and interrupted when the time is up. Default: none, so it runs on the asking thread for
     * as long as it takes.
     *
     * @param budget positive, at most a day
     * @return the changed member
     */
    public PolicyMember timeBudget(Duration budget) {
        if (budget.isNegative() || budget.isZero() || budget.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the time budget of validator '" + name()
                    + "' must be positive and at most a day but was " + budget
                    + "; leave it out where it may take any time");
        }
        return new PolicyMember(
                validator, minimumConfidence, byCode, bySeverity, Optional.of(budget), failsOpen, inShadow);
    }

    /**
     * Lets a text go on without this validator when it throws or its time is up. A finding says so.
     *
     * @return the changed member
     */
    public PolicyMember failOpen() {
        return new PolicyMember(validator, minimumConfidence, byCode, bySeverity, timeBudget, true, inShadow);
    }

    /**
     * Refuses a text when this validator throws or its time is up. The default.
     *
     * @return the changed member
     */
    public PolicyMember failClosed() {
        return new PolicyMember(validator, minimumConfidence, byCode, bySeverity, timeBudget, false, inShadow);
    }

    /**
     * Runs the validator for the record alone: its findings get {@link Finding.Severity#INFO} and a code that begins
     * with {@value ValidationPolicy#SHADOW}, and their remedy says what would have been done. They decide nothing, and
     * neither does a failure.
     *
     * @return the changed member
     */
    public PolicyMember shadow() {
        return new PolicyMember(validator, minimumConfidence, byCode, bySeverity, timeBudget, failsOpen, true);
    }

    /**
     * Returns the validator.
     *
     * @return the validator
     */
    public Validator validator() {
        return validator;
    }

    /** Returns this member with another validator, such as a part of its own. */
    PolicyMember with(Validator other) {
        return new PolicyMember(other, minimumConfidence, byCode, bySeverity, timeBudget, failsOpen, inShadow);
    }

    String name() {
        return validator.identity().name();
    }

    Optional<Duration> timeBudget() {
        return timeBudget;
    }

    boolean failsOpen() {
        return failsOpen;
    }

    boolean isInShadow() {
        return inShadow;
    }

    /** Returns what the rules say about a finding. */
    PolicyAction action(Finding finding) {
        if (finding.confidence() < minimumConfidence) {
            return PolicyAction.flag();
        }
        PolicyAction rule = byCode.get(finding.code());
        if (rule != null) {
            return rule;
        }
        // From the least severe on, so that the rule nearest to the finding's severity stays.
        PolicyAction action = PolicyAction.asProposed();
        for (Finding.Severity severity : Finding.Severity.values()) {
            if (severity.compareTo(finding.severity()) <= 0) {
                action = bySeverity.getOrDefault(severity, action);
            }
        }
        return action;
    }

    /** Returns all that decides what this member does. */
    Map<String, Object> toCanonical() {
        Map<String, Object> codes = new TreeMap<>();
        byCode.forEach((code, action) -> codes.put(code, action.toCanonical()));
        Map<String, Object> severities = new TreeMap<>();
        bySeverity.forEach((severity, action) -> severities.put(severity.name(), action.toCanonical()));
        return Map.of(
                "validator",
                validator.identity().toCanonical(),
                "minimumConfidence",
                minimumConfidence,
                "byCode",
                codes,
                "bySeverity",
                severities,
                "timeBudget",
                timeBudget.map(Duration::toString).orElse(""),
                "failsOpen",
                failsOpen,
                "shadow",
                inShadow);
    }
}
