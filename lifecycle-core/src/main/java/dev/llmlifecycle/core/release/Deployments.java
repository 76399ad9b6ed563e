package dev.llmlifecycle.core.release;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.FailedRule;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.PromotionRule;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.release.internal.DeployedRelease;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves deployment labels: onwards, for protected labels only as their policy allows, and back.
 *
 * <p>A label that is not protected moves when someone says so. A protected label moves by its {@link PromotionPolicy}:
 * on a {@linkplain Verdict verdict} that compares the candidate with the release the label points to now and is
 * computed again here from its rows, on approvals by others than the authors of the changed prompts and the proposer,
 * or on both. Its first release needs no verdict, as there is nothing to compare with, but the approvals. A rollback
 * needs neither. An {@linkplain #override override} moves past the policy, and stands out.
 *
 * <p>Everything is an entry of the store's audit journal with who, why and the evidence's hashes; keep the rows
 * yourself, the hash tells whether they are the ones. Entries are dated no earlier than the entry before: when the
 * clock goes backwards, they take its time and a warning is logged. Who an actor is, is what the host says; it must
 * know its users.
 *
 * <pre>{@code
 * Deployments deployments = Deployments.builder(store)
 *         .prompts(registry)
 *         .protect("production", PromotionPolicy.builder().verdict(better).approvals(1).build())
 *         .build();
 * Candidate candidate = deployments.propose("production", shorter, "ada", "shorter answers");
 * deployments.approve("production", candidate.release(), "bob", "read it");
 * deployments.promote("production", candidate.release(), "ada", "better and approved", verdict, rows);
 * deployments.rollback("production", "ada", "complaints about length");
 * }</pre>
 *
 * <p>Thread-safe; callers in other processes that share the store are safe too. When another entry comes first, the
 * rules are applied anew to what it left.
 *
 * @since 0.1
 */
public final class Deployments {

    private static final Logger log = LoggerFactory.getLogger(Deployments.class);
    private static final int REASON_LETTERS = 10;
    private static final int REASON_DIFFERENT_LETTERS = 5;

    private final ReleaseStore store;
    private final JournalWriter writer;
    private final Map<String, PromotionPolicy> policies;
    private final Optional<PromptRegistry> prompts;
    private final TrustedKeys keys;

    private Deployments(Builder builder) {
        this.store = builder.store;
        this.writer = new JournalWriter(builder.store, builder.clock, builder.signer);
        this.policies = Map.copyOf(builder.policies);
        this.prompts = builder.prompts;
        this.keys = builder.keys;
    }

    /**
     * Starts the deployments of a store.
     *
     * @param store keeps the releases and the journal
     * @return a builder
     */
    public static Builder builder(ReleaseStore store) {
        return new Builder(store);
    }

    /**
     * Moves a label without a verdict: one that is not protected, that asks for approvals alone, or that has no release
     * yet. The release is saved. A label that points there already stays, without an entry in the journal.
     *
     * @param label the label
     * @param release where it shall point
     * @param actor who moves it
     * @param reason why
     * @return where the label points now
     * @throws PromotionRefusedException when rules of the label fail; it names them
     */
    public Deployment promote(String label, Release release, String actor, String reason) {
        return promote(label, release, actor, reason, Optional.empty());
    }

    /**
     * Moves a protected label on evidence. The release is saved. A label that points there already stays, without an
     * entry in the journal.
     *
     * @param label a label that asks for a verdict and has a release
     * @param candidate where it shall point
     * @param actor who moves it
     * @param reason why
     * @param verdict what an experiment concluded about the candidate against the label's present release
     * @param rows the rows that the verdict was computed from, with the releases and the dataset that they are rows of
     * @return where the label points now
     * @throws PromotionRefusedException when rules of the label fail; it names them
     * @throws IllegalArgumentException when the label asks for no verdict
     */
    public Deployment promote(
            String label, Release candidate, String actor, String reason, Verdict verdict, PairedRows rows) {
        requireLabel(label);
        if (policy(label).flatMap(PromotionPolicy::verdict).isEmpty()) {
            throw new IllegalArgumentException("the label '" + label + "' asks for no verdict; protect it with one in"
                    + " the builder, which protects " + new TreeSet<>(policies.keySet())
                    + ", or promote without a verdict");
        }
        return promote(label, candidate, actor, reason, Optional.of(new PromotionCheck.Evidence(verdict, rows)));
    }

    private Deployment promote(
            String label, Release release, String actor, String reason, Optional<PromotionCheck.Evidence> evidence) {
        requireLabel(label);
        Optional<JournalEvent.Evidence> recorded = evidence.map(PromotionCheck.Evidence::verdict)
                .map(verdict -> new JournalEvent.Evidence(
                        verdict.hash(), Optional.of(verdict.dataset()), Optional.of(verdict.rowsHash())));
        return move(label, actor, reason, history -> {
            if (history.release().filter(release.hash()::equals).isPresent()) {
                return Optional.empty();
            }
            List<FailedRule> failures = check(label, history, release, Optional.of(actor))
                    .map(check -> check.failures(evidence))
                    .orElse(List.of());
            if (!failures.isEmpty()) {
                throw new PromotionRefusedException(
                        label, "Promoting release " + release.hash().shortForm() + " to '" + label + "'", failures);
            }
            return Optional.of(
                    new Target(JournalEvent.Moved.Kind.PROMOTE, release.hash(), recorded, Optional.of(release)));
        });
    }

    /**
     * Moves a protected label past its policy. The release is saved, the move is of its own kind in the journal, and a
     * warning is logged. A label that points there already stays.
     *
     * @param label a protected label
     * @param release where it shall point
     * @param actor who moves it
     * @param reason why this cannot wait for the policy, in at least 10 letters or digits of which 5 differ
     * @return where the label points now
     * @throws IllegalArgumentException when the label is not protected, or the reason is none of substance
     */
    public Deployment override(String label, Release release, String actor, String reason) {
        requireLabel(label);
        requirePolicy(label);
        int[] letters = reason.codePoints().filter(Character::isLetterOrDigit).toArray();
        if (letters.length < REASON_LETTERS
                || reason.codePoints()
                                .filter(Character::isLetterOrDigit)
                                .distinct()
                                .count()
                        < REASON_DIFFERENT_LETTERS) {
            throw new IllegalArgumentException("overriding the policy of the label '" + label
                    + "' needs a reason that others understand later, and this one has " + letters.length
                    + " letters; say what happened and why it cannot wait");
        }
        Deployment moved = move(
                label,
                actor,
                reason,
                history -> history.release().filter(release.hash()::equals).isPresent()
                        ? Optional.empty()
                        : Optional.of(new Target(
                                JournalEvent.Moved.Kind.OVERRIDE,
                                release.hash(),
                                Optional.empty(),
                                Optional.of(release))));
        log.warn(
                "the label {} was moved past its policy to release {} by {}, journal entry {}; look into it",
                label,
                moved.release().shortForm(),
                actor,
                moved.revision());
        return moved;
    }

    /**
     * Lists the moves of a label past its policy.
     *
     * @param label the label
     * @return their journal entries, oldest first
     */
    public List<JournalEntry> overrides(String label) {
        return history(label).stream()
                .filter(entry -> entry.event() instanceof JournalEvent.Moved moved
                        && moved.kind() == JournalEvent.Moved.Kind.OVERRIDE)
                .toList();
    }

    /**
     * Moves a label back to the release that it had before the present one was promoted.
     *
     * <p>Like an undo: after promotions to A, B and C the first rollback leads to B and a second one to A, not to C
     * again. A promotion after a rollback goes on from where the label is.
     *
     * @param label the label
     * @param actor who moves it
     * @param reason why
     * @return where the label points now
     * @throws IllegalStateException when there is no earlier release to go back to
     */
    public Deployment rollback(String label, String actor, String reason) {
        requireLabel(label);
        return move(label, actor, reason, history -> {
            Deque<Hash> promoted = history.promoted();
            if (promoted.size() < 2) {
                throw new IllegalStateException("rolling back the label '" + label + "' failed: "
                        + (promoted.isEmpty() ? "it has no release" : "it has no release before the present one")
                        + "; promote the release that it shall have");
            }
            promoted.removeLast();
            return Optional.of(new Target(
                    JournalEvent.Moved.Kind.ROLLBACK, promoted.removeLast(), Optional.empty(), Optional.empty()));
        });
    }

    /**
     * Proposes the release that a label points to with another version of one of its prompts. The candidate is saved
     * and the proposal journalled; nothing that runs changes. A release that is proposed already is not journalled
     * again.
     *
     * @param label a label that has a release
     * @param changed the version, from the registry
     * @param actor who proposes it
     * @param reason why
     * @return the candidate, with what it lacks
     * @throws IllegalArgumentException when the release pins no version of that prompt, or this one already, or the
     *     registry does not hold it
     * @throws IllegalStateException when the label has no release, or {@link Builder#prompts} is not set
     */
    public Candidate propose(String label, PromptVersion changed, String actor, String reason) {
        PromptRegistry registry = prompts.orElseThrow(() -> new IllegalStateException("proposing a version of prompt "
                + changed.name() + " needs its registry; give Deployments.builder(store)" + ".prompts(registry)"));
        if (registry.find(changed.name(), changed.number())
                .filter(changed::equals)
                .isEmpty()) {
            throw new IllegalArgumentException("the registry does not hold version " + changed.number() + " of prompt "
                    + changed.name() + " as it is proposed; register it first");
        }
        return propose(label, actor, reason, baseline -> baseline.withPrompt(changed.pin()));
    }

    /**
     * Proposes a release as the next one of a label, such as one with another model. The candidate is saved and the
     * proposal journalled; nothing that runs changes. A release that is proposed already is not journalled again.
     *
     * @param label a label that has a release
     * @param candidate the release
     * @param actor who proposes it
     * @param reason why
     * @return the candidate, with what it lacks
     * @throws IllegalArgumentException when the label points to it already
     * @throws IllegalStateException when the label has no release
     */
    public Candidate propose(String label, Release candidate, String actor, String reason) {
        return propose(label, actor, reason, baseline -> candidate);
    }

    private Candidate propose(String label, String actor, String reason, Function<Release, Release> change) {
        requireLabel(label);
        Person.of(actor);
        Hash[] proposed = new Hash[1];
        writer.append("Proposing a release for the label '" + label + "'", () -> {
            List<JournalEntry> journal = store.journal();
            LabelHistory history = LabelHistory.of(label, journal);
            Release baseline = present(label, history)
                    .orElseThrow(() -> new IllegalStateException("proposing a release for the label '" + label
                            + "' failed: it has no release yet; promote its first one"));
            Release candidate = change.apply(baseline);
            proposed[0] = candidate.hash();
            if (candidate.equals(baseline)) {
                throw new IllegalArgumentException("proposing release "
                        + candidate.hash().shortForm() + " for the label '" + label
                        + "' changes nothing, it points there already; propose another one");
            }
            if (history.proposals().stream().anyMatch(entry -> leadsTo(entry, candidate.hash()))) {
                return Optional.empty();
            }
            return Optional.of(new JournalWriter.Draft(
                    last(journal),
                    actor,
                    reason,
                    new JournalEvent.Proposed(
                            label,
                            Optional.of(baseline.hash()),
                            candidate.hash(),
                            ReleaseChanges.between(baseline, candidate, prompts)),
                    Optional.of(candidate)));
        });
        return candidates(label).stream()
                .filter(candidate -> candidate.release().hash().equals(proposed[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the label '" + label
                        + "' moved right after the proposal; propose it anew against its present release"));
    }

    /**
     * Lists the releases that are proposed for a label and not decided on: the label has not moved since.
     *
     * @param label the label
     * @return the candidates with what they lack, oldest proposal first
     */
    public List<Candidate> candidates(String label) {
        requireLabel(label);
        LabelHistory history = LabelHistory.of(label, store.journal());
        List<Candidate> candidates = new ArrayList<>();
        for (JournalEntry proposal : history.proposals()) {
            JournalEvent.Proposed proposed = (JournalEvent.Proposed) proposal.event();
            Release release = DeployedRelease.release(label, proposed.to(), store);
            Optional<PromotionCheck> check = check(label, history, release, Optional.empty());
            candidates.add(new Candidate(
                    label,
                    release,
                    proposal,
                    proposed.changes(),
                    check.map(PromotionCheck::approvedBy).orElse(List.of()),
                    check.map(rules -> rules.failures(Optional.empty())).orElse(List.of())));
        }
        return List.copyOf(candidates);
    }

    /**
     * Approves that a label moves from the release it points to now to another one. The release is saved. The approval
     * holds for exactly this move, and until the label moves.
     *
     * @param label a label that asks for approvals
     * @param release the release
     * @param actor who approves
     * @param reason what was looked at
     * @return the journal entry
     * @throws PromotionRefusedException when the actor is an author or the proposer, is not among the approvers, or has
     *     approved it already
     * @throws IllegalArgumentException when the label asks for no approvals, or points there already
     */
    public JournalEntry approve(String label, Release release, String actor, String reason) {
        requireLabel(label);
        if (requirePolicy(label).approvals() == 0) {
            throw new IllegalArgumentException(
                    "the label '" + label + "' asks for no approvals; promote the release with a verdict");
        }
        Person approver = Person.of(actor);
        return writer.append("Approving a release for the label '" + label + "'", () -> {
                    List<JournalEntry> journal = store.journal();
                    LabelHistory history = LabelHistory.of(label, journal);
                    if (history.release().filter(release.hash()::equals).isPresent()) {
                        throw new IllegalArgumentException("the label '" + label + "' points to release "
                                + release.hash().shortForm() + " already; there is nothing to approve");
                    }
                    check(label, history, release, Optional.empty())
                            .flatMap(check -> check.objection(actor))
                            .ifPresent(problem -> refuseApproval(label, release, problem));
                    history.approvals(release.hash()).stream()
                            .filter(entry -> Person.of(entry.actor()).equals(approver))
                            .findFirst()
                            .ifPresent(entry -> refuseApproval(
                                    label,
                                    release,
                                    entry.actor() + " approved it already, journal entry " + entry.revision()));
                    return Optional.of(new JournalWriter.Draft(
                            last(journal),
                            actor,
                            reason,
                            new JournalEvent.Approved(label, history.release(), release.hash()),
                            Optional.of(release)));
                })
                .orElseThrow();
    }

    /**
     * Finds where a label points.
     *
     * @param label the label
     * @return the deployment, if the label was ever moved
     */
    public Optional<Deployment> current(String label) {
        return store.deployment(label);
    }

    /**
     * Lists what was done to a label: moves, proposals and approvals.
     *
     * @param label the label
     * @return its part of the journal, oldest first
     */
    public List<JournalEntry> history(String label) {
        return LabelHistory.of(label, store.journal()).entries();
    }

    private Deployment move(
            String label, String actor, String reason, Function<LabelHistory, Optional<Target>> decide) {
        return writer.append("Moving the label '" + label + "'", () -> {
                    List<JournalEntry> journal = store.journal();
                    LabelHistory history = LabelHistory.of(label, journal);
                    return decide.apply(history)
                            .map(target -> new JournalWriter.Draft(
                                    last(journal),
                                    actor,
                                    reason,
                                    new JournalEvent.Moved(
                                            target.kind(), label, history.release(), target.to(), target.evidence()),
                                    target.release()));
                })
                .flatMap(JournalEntry::deployment)
                .or(() -> store.deployment(label))
                .orElseThrow();
    }

    private Optional<PromotionCheck> check(
            String label, LabelHistory history, Release candidate, Optional<String> promoter) {
        return policy(label)
                .map(policy -> new PromotionCheck(
                        policy,
                        history,
                        // Only approvals ask for what the release holds; a lost one can still be compared with.
                        policy.approvals() > 0 ? present(label, history) : Optional.empty(),
                        candidate,
                        promoter,
                        prompts,
                        keys));
    }

    private Optional<Release> present(String label, LabelHistory history) {
        return history.release().map(hash -> DeployedRelease.release(label, hash, store));
    }

    private Optional<PromotionPolicy> policy(String label) {
        return Optional.ofNullable(policies.get(label));
    }

    private PromotionPolicy requirePolicy(String label) {
        return policy(label)
                .orElseThrow(() -> new IllegalArgumentException("the label '" + label
                        + "' is not protected; promote it, or protect it in the builder, which protects "
                        + new TreeSet<>(policies.keySet())));
    }

    private static void refuseApproval(String label, Release release, String problem) {
        throw new PromotionRefusedException(
                label,
                "Approving release " + release.hash().shortForm() + " for '" + label + "'",
                List.of(new FailedRule(PromotionRule.APPROVED, problem, "ask another person")));
    }

    private static boolean leadsTo(JournalEntry entry, Hash release) {
        return entry.event() instanceof JournalEvent.OfDeployment event
                && event.to().equals(release);
    }

    private static Optional<JournalEntry> last(List<JournalEntry> journal) {
        return journal.isEmpty() ? Optional.empty() : Optional.of(journal.get(journal.size() - 1));
    }

    private static void requireLabel(String label) {
        if (Objects.requireNonNull(label, "label").isBlank()) {
            throw new IllegalArgumentException("the deployment label is blank; name one, such as 'production'");
        }
    }

    /** Where a label is to be moved. */
    private record Target(
            JournalEvent.Moved.Kind kind,
            Hash to,
            Optional<JournalEvent.Evidence> evidence,
            Optional<Release> release) {}

    /** Builds {@link Deployments}. Not thread-safe. */
    public static final class Builder {

        private final ReleaseStore store;
        private final Map<String, PromotionPolicy> policies = new HashMap<>();
        private Optional<PromptRegistry> prompts = Optional.empty();
        private Optional<JournalSigner> signer = Optional.empty();
        private TrustedKeys keys = TrustedKeys.NONE;
        private Clock clock = Clock.systemUTC();

        private Builder(ReleaseStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Protects a label by a policy. Default: no label is protected.
         *
         * @param label the label
         * @param policy what it asks for before it moves onwards
         * @return this builder
         */
        public Builder protect(String label, PromotionPolicy policy) {
            requireLabel(label);
            policies.put(label, Objects.requireNonNull(policy, "policy"));
            return this;
        }

        /**
         * Protects a label: it moves onwards only with a verdict IMPROVED by this policy.
         *
         * @param label the label
         * @param policy the rule that its verdicts must be reached by
         * @return this builder
         */
        public Builder protect(String label, VerdictPolicy policy) {
            return protect(label, PromotionPolicy.builder().verdict(policy).build());
        }

        /**
         * Protects a label with other conclusions that pass, such as EQUIVALENT too for a cheaper model.
         *
         * @param label the label
         * @param policy the rule that its verdicts must be reached by
         * @param passing the conclusions that pass, at least one and never REGRESSED
         * @return this builder
         * @throws IllegalArgumentException when nothing or REGRESSED would pass
         */
        public Builder protect(String label, VerdictPolicy policy, Set<Conclusion> passing) {
            return protect(
                    label, PromotionPolicy.builder().verdict(policy, passing).build());
        }

        /**
         * Sets the registry of the prompts: it tells who wrote a changed prompt, and how versions compare. Default:
         * none, which no policy with approvals takes.
         *
         * @param prompts the registry
         * @return this builder
         */
        public Builder prompts(PromptRegistry prompts) {
            this.prompts = Optional.of(prompts);
            return this;
        }

        /**
         * Signs every entry by Ed25519. Default: entries are not signed.
         *
         * @param keyId names the key to those who verify, such as {@code 2026-01}; a new key takes a new name
         * @param key the private key
         * @return this builder
         * @throws IllegalArgumentException when it is no Ed25519 key, or the name is blank
         */
        public Builder signedBy(String keyId, PrivateKey key) {
            this.signer = Optional.of(new JournalSigner(keyId, key));
            return this;
        }

        /**
         * Trusts a key: from then on only approvals count that are signed with a trusted one, so that whoever can write
         * the store's files but has no key cannot approve. Default: no key, and approvals count as the journal has
         * them.
         *
         * @param keyId the name of the key
         * @param key the public key
         * @return this builder
         * @throws IllegalArgumentException when it is no Ed25519 key, or the name is taken
         */
        public Builder trust(String keyId, PublicKey key) {
            this.keys = keys.plus(keyId, key, Long.MAX_VALUE);
            return this;
        }

        /**
         * Sets the clock that dates the entries. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the deployments.
         *
         * @return the deployments
         * @throws IllegalStateException when a policy asks for approvals and no registry tells who wrote the prompts
         */
        public Deployments build() {
            policies.forEach((label, policy) -> {
                if (policy.approvals() > 0 && prompts.isEmpty()) {
                    throw new IllegalStateException("the label '" + label
                            + "' asks for approvals by others than the authors of changed prompts and nothing tells who"
                            + " they are; give prompts(registry)");
                }
            });
            return new Deployments(this);
        }
    }
}
