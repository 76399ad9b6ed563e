package dev.llmlifecycle.core.release;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;

/**
 * What a protected label asks for before it moves onwards: a verdict, approvals, or both.
 *
 * <p>Immutable.
 *
 * <pre>{@code
 * PromotionPolicy policy = PromotionPolicy.builder()
 *         .verdict(VerdictPolicy.builder().metric("correct", 0.05).build())
 *         .dataset(helpCentre.hash())
 *         .approvals(1)
 *         .build();
 * }</pre>
 *
 * @param verdict the rule that a verdict must be reached by, absent when no verdict is asked for
 * @param passing the conclusions that pass, none when no verdict is asked for
 * @param datasets the datasets that a verdict may be on, none for any
 * @param approvals how many persons must approve, other than the authors of the changed prompts and the proposer
 * @param approvers who may approve, none for anybody
 * @since 0.1
 */
public record PromotionPolicy(
        Optional<VerdictPolicy> verdict,
        Set<Conclusion> passing,
        Set<Hash> datasets,
        int approvals,
        List<String> approvers) {

    /** Checks and copies. */
    public PromotionPolicy {
        Objects.requireNonNull(verdict, "verdict");
        passing = Collections.unmodifiableSet(new TreeSet<>(passing));
        datasets = Collections.unmodifiableSet(new TreeSet<>(datasets));
        approvers = List.copyOf(approvers);
        if (approvals < 0) {
            throw new IllegalArgumentException(
                    "a promotion policy asks for " + approvals + " approvals; use 0 for none, or more");
        }
        if (verdict.isEmpty() && approvals == 0) {
            throw new IllegalArgumentException(
                    "a promotion policy asks for neither a verdict nor approvals; name one, or leave the label"
                            + " unprotected");
        }
        if (verdict.isPresent() && (passing.isEmpty() || passing.contains(Conclusion.REGRESSED))) {
            throw new IllegalArgumentException("a promotion policy with the passing conclusions " + passing
                    + " makes no sense; use IMPROVED, and EQUIVALENT where no loss is enough");
        }
        if (verdict.isEmpty() && !(passing.isEmpty() && datasets.isEmpty())) {
            throw new IllegalArgumentException(
                    "a promotion policy names a dataset but asks for no verdict; name the verdict's policy");
        }
        Set<Person> persons = approvers.stream().map(Person::of).collect(Collectors.toSet());
        if (!approvers.isEmpty() && (approvals == 0 || persons.size() < approvals)) {
            throw new IllegalArgumentException("a promotion policy asks for " + approvals + " approvals by "
                    + persons.size() + " approvers; name at least as many, and ask for at least one");
        }
    }

    /**
     * Starts a policy.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link PromotionPolicy}. Not thread-safe. */
    public static final class Builder {

        private Optional<VerdictPolicy> verdict = Optional.empty();
        private Set<Conclusion> passing = Set.of();
        private final Set<Hash> datasets = new TreeSet<>();
        private final Set<String> approvers = new LinkedHashSet<>();
        private int approvals;

        private Builder() {}

        /**
         * Asks for a verdict IMPROVED. Default: no verdict is asked for.
         *
         * @param policy the rule that it must be reached by
         * @return this builder
         */
        public Builder verdict(VerdictPolicy policy) {
            return verdict(policy, Set.of(Conclusion.IMPROVED));
        }

        /**
         * Asks for a verdict with other conclusions that pass, such as EQUIVALENT too for a cheaper model.
         *
         * @param policy the rule that it must be reached by
         * @param passing the conclusions that pass, at least one and never REGRESSED
         * @return this builder
         */
        public Builder verdict(VerdictPolicy policy, Set<Conclusion> passing) {
            this.verdict = Optional.of(policy);
            this.passing = Set.copyOf(passing);
            return this;
        }

        /**
         * Names a dataset that the verdict may be on; call it again to name another. Default: any dataset.
         *
         * @param dataset its hash
         * @return this builder
         */
        public Builder dataset(Hash dataset) {
            datasets.add(Objects.requireNonNull(dataset, "dataset"));
            return this;
        }

        /**
         * Asks for approvals by others than the authors of the changed prompts and the proposer. Default: 0.
         *
         * @param count how many persons
         * @return this builder
         */
        public Builder approvals(int count) {
            this.approvals = count;
            return this;
        }

        /**
         * Names who may approve. Default: anybody else than authors and proposer.
         *
         * @param names their names; case, blanks and composition do not matter
         * @return this builder
         */
        public Builder approvers(Collection<String> names) {
            approvers.addAll(names);
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return the policy
         * @throws IllegalArgumentException when it asks for nothing, or its parts do not fit
         */
        public PromotionPolicy build() {
            return new PromotionPolicy(verdict, passing, datasets, approvals, List.copyOf(approvers));
        }
    }
}
