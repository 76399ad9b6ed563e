package dev.llmlifecycle.core.validation.business;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * The rules of a business over answers, as a validator: statements that must or must not stand there, tone, reading
 * level, length, sources, and amounts that must be those of a table.
 *
 * <p>The code of a finding is the id of its rule. A breach of a rule of severity error asks the model again, with what
 * is wrong; the others are recorded. The identity covers all rules and the content of their tables, or the identity of
 * what supplies a table. The targets of a {@link Scorecard} may stand beside the rules and are no part of the identity.
 *
 * <pre>{@code
 * BusinessRules rules = BusinessRules.builder("shop")
 *         .rule(BusinessRule.forbidden("no-guarantee", "guaranteed").owner("Legal"))
 *         .rule(BusinessRule.facts("prices", FactTable.builder("prices", "2026-04")
 *                 .row("Basic plan", "9.99", "EUR/month")
 *                 .build()))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe; linear in the length of its input. At most {@value #MAX_FINDINGS} findings of each rule are reported.
 *
 * @since 0.1
 */
public final class BusinessRules implements Validator {

    /** The most findings of one rule about one text. */
    public static final int MAX_FINDINGS = 100;

    private static final String VERSION = "1";

    private final Identity identity;
    private final List<RuleCheck> checks;
    private final List<KpiTarget> targets;
    private final Scope scope;

    private BusinessRules(Builder builder) {
        this.checks = builder.rules.values().stream().map(RuleCheck::new).toList();
        this.targets = List.copyOf(builder.targets.values());
        this.identity = Identity.of(
                builder.name,
                VERSION,
                Map.of(
                        "rules",
                        builder.rules.values().stream()
                                .map(BusinessRule::toCanonical)
                                .toList()));
        this.scope =
                builder.rules.values().stream().allMatch(BusinessRules::bySentence) ? Scope.SENTENCE : Scope.ANSWER;
    }

    /** A condition on the answer needs all of it. */
    private static boolean bySentence(BusinessRule rule) {
        boolean judges = rule instanceof BusinessRule.Forbidden || rule instanceof BusinessRule.Sources;
        return judges && rule.terms().when().answer().isEmpty();
    }

    /**
     * Starts rules.
     *
     * @param name the name of the validator, never blank
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Reads rules, and the targets beside them, from a file.
     *
     * @param file YAML as the page on business rules describes it, in UTF-8, at most 3 MB
     * @return the rules
     * @throws IllegalArgumentException when the content is not that; the message names file, line and key
     * @throws dev.llmlifecycle.api.LifecycleException when the file cannot be read
     */
    public static BusinessRules read(Path file) {
        return BusinessRulesFile.read(file);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Returns {@link Validator.Scope#SENTENCE} where all rules forbid words or sources, else
     * {@link Validator.Scope#ANSWER}.
     */
    @Override
    public Scope scope() {
        return scope;
    }

    /**
     * Returns the rules.
     *
     * @return in the order they were added
     */
    public List<BusinessRule> rules() {
        return checks.stream().map(RuleCheck::rule).toList();
    }

    /**
     * Returns the targets of a scorecard.
     *
     * @return in the order they were added, possibly none
     */
    public List<KpiTarget> targets() {
        return targets;
    }

    List<RuleCheck> checks() {
        return checks;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        return ValidationOutcome.following(
                text,
                check(text, context).values().stream().flatMap(List::stream).toList());
    }

    /**
     * Checks a text, rule by rule.
     *
     * @param text the answer
     * @param context what else may be looked at
     * @return for each rule that holds for this text, by its id, what it found; a rule whose condition is not met, or
     *     that has nothing to judge, is not there
     */
    public Map<String, List<Finding>> check(String text, ValidationContext context) {
        Objects.requireNonNull(context, "context");
        ReadText read = new ReadText(Objects.requireNonNull(text, "text"));
        Map<String, List<Finding>> findings = new LinkedHashMap<>();
        for (RuleCheck check : checks) {
            RuleTerms terms = check.rule().terms();
            check.check(read, context)
                    .ifPresent(problems -> findings.put(
                            terms.id(),
                            problems.stream()
                                    .limit(MAX_FINDINGS)
                                    .map(problem -> finding(terms, problem))
                                    .toList()));
        }
        return Collections.unmodifiableMap(findings);
    }

    private Finding finding(RuleTerms terms, Problem problem) {
        Optional<TextSpan> span = problem.span();
        String message = "Rule '" + terms.id() + "'" + (terms.owner().isEmpty() ? "" : " of " + terms.owner()) + ": "
                + problem.message() + (terms.reason().isEmpty() ? "" : " (" + terms.reason() + ")");
        return new Finding(
                identity.name(),
                terms.id(),
                terms.severity(),
                message,
                span,
                1,
                problem.evidence(),
                new Remedy.AskAgain(problem.instruction()));
    }

    /** Builds {@link BusinessRules}. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final Map<String, BusinessRule> rules = new LinkedHashMap<>();
        private final Map<String, KpiTarget> targets = new LinkedHashMap<>();

        private Builder(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("the name of business rules is blank; give them a name");
            }
            this.name = name;
        }

        /**
         * Adds a rule.
         *
         * @param rule the rule
         * @return this builder
         * @throws IllegalArgumentException when there is one with its id
         */
        public Builder rule(BusinessRule rule) {
            String id = rule.terms().id();
            if (rules.putIfAbsent(id, rule) != null) {
                throw new IllegalArgumentException(
                        "the rules '" + name + "' have the id '" + id + "' twice; give each rule its own");
            }
            return this;
        }

        /**
         * Adds the rules and targets of others, such as those that were read from a file, beside own ones.
         *
         * @param others the others
         * @return this builder
         * @throws IllegalArgumentException when an id is there twice
         */
        public Builder all(BusinessRules others) {
            others.rules().forEach(this::rule);
            others.targets().forEach(this::target);
            return this;
        }

        /**
         * Adds a target of a scorecard.
         *
         * @param target the target
         * @return this builder
         * @throws IllegalArgumentException when there is one with its id
         */
        public Builder target(KpiTarget target) {
            if (targets.putIfAbsent(target.id(), target) != null) {
                throw new IllegalArgumentException("the rules '" + name + "' have the target '" + target.id()
                        + "' twice; give each target its own id");
            }
            return this;
        }

        /**
         * Builds the rules.
         *
         * @return the rules
         * @throws IllegalArgumentException when there is neither a rule nor a target, or a target is about a rule that
         *     is not there
         */
        public BusinessRules build() {
            if (rules.isEmpty() && targets.isEmpty()) {
                throw new IllegalArgumentException("the rules '" + name + "' are empty; add a rule");
            }
            for (KpiTarget target : targets.values()) {
                if (target.measure() == KpiTarget.Measure.RULE_SHARE && !rules.containsKey(target.of())) {
                    throw new IllegalArgumentException("the target '" + target.id() + "' is about the rule '"
                            + target.of() + "', which is not among the rules '" + name + "'; name one of them");
                }
            }
            return new BusinessRules(this);
        }
    }
}
