package dev.llmlifecycle.core.release;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.DeploymentMove;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;

/**
 * Moves deployment labels: onwards, for protected labels only on evidence, and back.
 *
 * <p>A label that is not protected moves when someone says so. A protected label moves without evidence once, when it
 * has no release yet and so nothing to compare with. From then on it needs a {@linkplain Verdict verdict} that compares
 * the candidate with the release the label points to now, by the policy of the label, with a conclusion that passes
 * (IMPROVED unless the label is protected otherwise), and the rows from which that verdict is computed again here. A
 * rollback needs no verdict. Every move is a line in the store's journal with who, why and the verdict's hash; keep the
 * rows yourself, the hash tells whether they are the ones.
 *
 * <pre>{@code
 * Deployments deployments = Deployments.builder(store)
 *         .protect("production", VerdictPolicy.builder().metric("correct", 0.05).build())
 *         .build();
 * deployments.promote("production", candidate, "ada", "better on the help centre", verdict, rows);
 * deployments.rollback("production", "ada", "complaints about length");
 * }</pre>
 *
 * <p>Thread-safe; callers in other processes that share the store are safe too. When another move comes first, the
 * rules are applied anew to what it left.
 *
 * @since 0.1
 */
public final class Deployments {

    private static final int MOST_ATTEMPTS = 1000;

    private final ReleaseStore store;
    private final Clock clock;
    private final Map<String, Protection> protections;

    private Deployments(Builder builder) {
        this.store = builder.store;
        this.clock = builder.clock;
        this.protections = Map.copyOf(builder.protections);
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
     * Moves a label that is not protected, or gives a protected one its first release. The release is saved. A label
     * that points there already stays, without a line in the journal.
     *
     * @param label the label
     * @param release where it shall point
     * @param actor who moves it
     * @param reason why
     * @return where the label points now
     * @throws PromotionRefusedException when the label is protected and points to another release
     */
    public Deployment promote(String label, Release release, String actor, String reason) {
        requireLabel(label);
        return moveTo(label, release, actor, reason, Optional.empty(), current -> {
            if (current.isPresent() && protections.containsKey(label)) {
                throw refused(
                        label,
                        release.hash(),
                        "the label is protected and has a release already",
                        "compare both in an experiment and promote with its verdict and rows");
            }
        });
    }

    /**
     * Moves a protected label on evidence. The release is saved. A label that points there already stays, without a
     * line in the journal.
     *
     * @param label a protected label that has a release
     * @param candidate where it shall point
     * @param actor who moves it
     * @param reason why
     * @param verdict what an experiment concluded about the candidate against the label's present release
     * @param rows the rows that the verdict was computed from, with the releases and the dataset that they are rows of
     * @return where the label points now
     * @throws PromotionRefusedException when a rule fails; the message names the rule
     * @throws IllegalArgumentException when the label is not protected
     */
    public Deployment promote(
            String label, Release candidate, String actor, String reason, Verdict verdict, PairedRows rows) {
        requireLabel(label);
        Protection protection = protections.get(label);
        if (protection == null) {
            throw new IllegalArgumentException("the label '" + label + "' is not protected, so no verdict is asked for;"
                    + " protect it in the builder, which knows " + new TreeSet<>(protections.keySet())
                    + ", or promote without a verdict");
        }
        return moveTo(
                label,
                candidate,
                actor,
                reason,
                Optional.of(verdict.hash()),
                current -> protection.check(label, candidate.hash(), current, verdict, rows));
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
        return move(label, journal -> {
            Deque<Hash> promoted = promoted(label, journal);
            if (promoted.size() < 2) {
                throw new IllegalStateException("rolling back the label '" + label + "' failed: "
                        + (promoted.isEmpty() ? "it has no release" : "it has no release before the present one")
                        + "; promote the release that it shall have");
            }
            Hash from = promoted.removeLast();
            return Optional.of(next(
                    journal,
                    DeploymentMove.Kind.ROLLBACK,
                    label,
                    Optional.of(from),
                    promoted.removeLast(),
                    actor,
                    reason,
                    Optional.empty()));
        });
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
     * Lists the moves of a label.
     *
     * @param label the label
     * @return its part of the journal, oldest first
     */
    public List<DeploymentMove> history(String label) {
        return store.journal().stream()
                .filter(move -> move.label().equals(label))
                .toList();
    }

    private Deployment moveTo(
            String label, Release release, String actor, String reason, Optional<Hash> verdict, Rule rule) {
        Hash to = release.hash();
        return move(label, journal -> {
            Optional<Hash> current = present(label, journal);
            if (current.filter(to::equals).isPresent()) {
                return Optional.empty();
            }
            rule.check(current);
            DeploymentMove move =
                    next(journal, DeploymentMove.Kind.PROMOTE, label, current, to, actor, reason, verdict);
            store.save(release);
            return Optional.of(move);
        });
    }

    /** Asks for a move on the journal as it is, until the store takes it; no move means that the label stays. */
    private Deployment move(String label, Function<List<DeploymentMove>, Optional<DeploymentMove>> decide) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            List<DeploymentMove> journal = store.journal();
            Optional<DeploymentMove> move = decide.apply(journal);
            if (move.isEmpty()) {
                return last(label, journal).map(DeploymentMove::deployment).orElseThrow();
            }
            if (store.append(move.orElseThrow())) {
                return move.orElseThrow().deployment();
            }
        }
        throw new LifecycleException("Moving the label '" + label + "' failed: other moves came first " + MOST_ATTEMPTS
                + " times; find out who moves labels that often, and try again");
    }

    private DeploymentMove next(
            List<DeploymentMove> journal,
            DeploymentMove.Kind kind,
            String label,
            Optional<Hash> from,
            Hash to,
            String actor,
            String reason,
            Optional<Hash> verdict) {
        Optional<DeploymentMove> last =
                journal.isEmpty() ? Optional.empty() : Optional.of(journal.get(journal.size() - 1));
        return new DeploymentMove(
                last.map(DeploymentMove::revision).orElse(0L) + 1,
                kind,
                label,
                from,
                to,
                actor,
                reason,
                clock.instant(),
                verdict,
                last.map(DeploymentMove::hash));
    }

    private static Optional<Hash> present(String label, List<DeploymentMove> journal) {
        return last(label, journal).map(DeploymentMove::to);
    }

    private static Optional<DeploymentMove> last(String label, List<DeploymentMove> journal) {
        return journal.stream().filter(move -> move.label().equals(label)).reduce((earlier, later) -> later);
    }

    /** The releases that the label was promoted to and not taken back from, the present one last. */
    private static Deque<Hash> promoted(String label, List<DeploymentMove> journal) {
        Deque<Hash> promoted = new ArrayDeque<>();
        for (DeploymentMove move : journal) {
            if (move.label().equals(label)) {
                if (move.kind() == DeploymentMove.Kind.ROLLBACK) {
                    promoted.pollLast();
                } else {
                    promoted.addLast(move.to());
                }
            }
        }
        return promoted;
    }

    private static void requireLabel(String label) {
        if (Objects.requireNonNull(label, "label").isBlank()) {
            throw new IllegalArgumentException("the deployment label is blank; name one, such as 'production'");
        }
    }

    private static PromotionRefusedException refused(String label, Hash candidate, String problem, String remedy) {
        return new PromotionRefusedException(
                label,
                "Promoting release " + candidate.shortForm() + " to '" + label + "' was refused: " + problem + "; "
                        + remedy);
    }

    /** Throws when a label with the given present release must not move. */
    @FunctionalInterface
    private interface Rule {
        void check(Optional<Hash> current);
    }

    private record Protection(VerdictPolicy policy, Set<Conclusion> passing) {

        void check(String label, Hash candidate, Optional<Hash> current, Verdict verdict, PairedRows rows) {
            if (current.isEmpty()) {
                throw refused(
                        label,
                        candidate,
                        "the label has no release yet that a verdict could compare with",
                        "promote its first release without a verdict");
            }
            if (!verdict.candidate().equals(candidate)) {
                throw refused(
                        label,
                        candidate,
                        "the verdict is about release " + verdict.candidate().shortForm(),
                        "compare the release that shall be promoted");
            }
            if (!verdict.baseline().equals(current.orElseThrow())) {
                throw refused(
                        label,
                        candidate,
                        "the verdict compares with release "
                                + verdict.baseline().shortForm() + " while the label points to "
                                + current.orElseThrow().shortForm(),
                        "compare with the present release");
            }
            if (!verdict.policy().equals(policy)) {
                throw refused(
                        label,
                        candidate,
                        "the verdict was reached by another policy than the label's",
                        "run the experiment with the policy that protects the label");
            }
            if (!passing.contains(verdict.conclusion())) {
                throw refused(
                        label,
                        candidate,
                        "the verdict is " + verdict.conclusion() + " and only " + new TreeSet<>(passing) + " passes",
                        verdict.conclusion() == Conclusion.UNDECIDED
                                ? "compare on more examples"
                                : "improve the candidate");
            }
            if (!rows.candidate().equals(verdict.candidate())
                    || !rows.baseline().equals(verdict.baseline())
                    || !rows.dataset().equals(verdict.dataset())) {
                throw refused(
                        label,
                        candidate,
                        "the rows are of release " + rows.candidate().shortForm() + " against "
                                + rows.baseline().shortForm() + " on dataset "
                                + rows.dataset().shortForm() + " and the verdict is of "
                                + verdict.candidate().shortForm() + " against "
                                + verdict.baseline().shortForm() + " on "
                                + verdict.dataset().shortForm(),
                        "pass the rows of the experiment that reached it");
            }
            if (!verdict.isReproducedBy(rows)) {
                throw refused(
                        label,
                        candidate,
                        "the verdict does not follow from the rows",
                        "pass the rows of the experiment that reached it, all and unchanged");
            }
        }
    }

    /** Builds {@link Deployments}. Not thread-safe. */
    public static final class Builder {

        private final ReleaseStore store;
        private final Map<String, Protection> protections = new HashMap<>();
        private Clock clock = Clock.systemUTC();

        private Builder(ReleaseStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Protects a label: it moves onwards only with a verdict IMPROVED by this policy. Default: no label is
         * protected.
         *
         * @param label the label
         * @param policy the rule that its verdicts must be reached by
         * @return this builder
         */
        public Builder protect(String label, VerdictPolicy policy) {
            return protect(label, policy, Set.of(Conclusion.IMPROVED));
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
            requireLabel(label);
            if (passing.isEmpty() || passing.contains(Conclusion.REGRESSED)) {
                throw new IllegalArgumentException("protecting the label '" + label + "' with the passing conclusions "
                        + new TreeSet<>(passing)
                        + " makes no sense; use IMPROVED, and EQUIVALENT where no loss is enough");
            }
            protections.put(label, new Protection(Objects.requireNonNull(policy, "policy"), EnumSet.copyOf(passing)));
            return this;
        }

        /**
         * Sets the clock that dates the moves. Default: the system's, in UTC.
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
         */
        public Deployments build() {
            return new Deployments(this);
        }
    }
}
