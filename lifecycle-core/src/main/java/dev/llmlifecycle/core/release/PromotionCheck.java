package dev.llmlifecycle.core.release;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.FailedRule;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.PromotionRule;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.release.internal.DeployedRelease;

/** What a policy says of a candidate on the journal as it is. Not thread-safe. */
final class PromotionCheck {

    private final PromotionPolicy policy;
    private final LabelHistory history;
    private final Release candidate;
    private final TrustedKeys keys;
    private final Map<Person, String> involved = new HashMap<>();
    private final List<FailedRule> unknownAuthors = new ArrayList<>();

    /**
     * Prepares a check.
     *
     * @param baseline the release that the label points to, if there is one
     * @param promoter who promotes it, and counts as its proposer unless somebody else proposed it since the label last
     *     moved
     */
    PromotionCheck(
            PromotionPolicy policy,
            LabelHistory history,
            Optional<Release> baseline,
            Release candidate,
            Optional<String> promoter,
            Optional<PromptRegistry> prompts,
            TrustedKeys keys) {
        this.policy = policy;
        this.history = history;
        this.candidate = candidate;
        this.keys = keys;
        if (policy.approvals() > 0) {
            promoter.filter(name -> !history.isProposedByAnother(candidate.hash(), Person.of(name)))
                    .ifPresent(name -> involved.put(
                            Person.of(name), "promotes it, and nobody else proposed it since the label last moved"));
            history.proposers(candidate.hash()).forEach(name -> involved.put(Person.of(name), "proposed it"));
            prompts.ifPresent(registry -> addAuthors(baseline, registry));
        }
    }

    List<FailedRule> failures(Optional<Evidence> evidence) {
        List<FailedRule> failures = new ArrayList<>();
        if (policy.verdict().isPresent()) {
            if (evidence.isPresent()) {
                verdict(evidence.orElseThrow(), failures);
            } else if (history.release().isPresent()) {
                failures.add(new FailedRule(
                        PromotionRule.VERDICT_GIVEN,
                        "the label asks for a verdict and none is given",
                        "compare the candidate with release "
                                + history.release().orElseThrow().shortForm()
                                + " in an experiment and promote with its verdict and rows"));
            }
        }
        failures.addAll(unknownAuthors);
        approvals(failures);
        return failures;
    }

    /** The actors whose approvals count, once each. */
    List<String> approvedBy() {
        Map<Person, String> counted = new LinkedHashMap<>();
        history.approvals(candidate.hash()).stream()
                .filter(approval -> objection(approval).isEmpty())
                .forEach(approval -> counted.putIfAbsent(Person.of(approval.actor()), approval.actor()));
        return List.copyOf(counted.values());
    }

    /** Why a person cannot approve, if so. */
    Optional<String> objection(String actor) {
        Person person = Person.of(actor);
        String involvement = involved.get(person);
        if (involvement != null) {
            return Optional.of(actor + " " + involvement);
        }
        boolean allowed = policy.approvers().isEmpty()
                || policy.approvers().stream().map(Person::of).anyMatch(person::equals);
        return allowed ? Optional.empty() : Optional.of(actor + " is not among the approvers " + policy.approvers());
    }

    private Optional<String> objection(JournalEntry approval) {
        return objection(approval.actor())
                .or(() -> keys.isEmpty()
                        ? Optional.empty()
                        : keys.flaw(approval)
                                .map(flaw -> approval.actor() + "'s approval of revision " + approval.revision()
                                        + " cannot be trusted, " + flaw.problem()));
    }

    private void approvals(List<FailedRule> failures) {
        int counted = approvedBy().size();
        if (counted >= policy.approvals()) {
            return;
        }
        String objections = history.approvals(candidate.hash()).stream()
                .flatMap(approval -> objection(approval).stream())
                .distinct()
                .collect(Collectors.joining(", and "));
        failures.add(new FailedRule(
                PromotionRule.APPROVED,
                "it has " + counted + " of " + policy.approvals()
                        + " approvals by others than its authors and its proposer since the label last moved"
                        + (objections.isEmpty() ? "" : " (" + objections + ")"),
                policy.approvers().isEmpty()
                        ? "ask another person to approve it"
                        : "ask another one of " + policy.approvers() + " to approve it"));
    }

    /** Adds who wrote what is new: the versions after the one that runs, or the pinned one when it is older. */
    private void addAuthors(Optional<Release> baseline, PromptRegistry registry) {
        Map<String, PinnedPrompt> before = baseline.map(Release::prompts).orElse(Map.of());
        candidate.prompts().forEach((name, pinned) -> {
            PinnedPrompt was = before.get(name);
            if (pinned.equals(was)) {
                return;
            }
            int first = was == null ? 1 : Math.min(was.number() + 1, pinned.number());
            try {
                for (int number = first; number < pinned.number(); number++) {
                    addAuthor(name, number, registry);
                }
                addAuthor(DeployedRelease.prompt(pinned, registry));
            } catch (LifecycleException e) {
                unknownAuthors.add(new FailedRule(
                        PromotionRule.AUTHORS_KNOWN,
                        "who wrote prompt " + pinned + " cannot be told (" + e.getMessage() + ")",
                        "register or restore the versions up to it"));
            }
        });
    }

    private void addAuthor(String name, int number, PromptRegistry registry) {
        addAuthor(registry.find(name, number)
                .orElseThrow(() -> new LifecycleException("Reading version " + number + " of prompt " + name
                        + " failed: the registry does not have it; restore it from a backup")));
    }

    private void addAuthor(PromptVersion version) {
        involved.put(Person.of(version.author()), "wrote version " + version.number() + " of prompt " + version.name());
    }

    private void verdict(Evidence evidence, List<FailedRule> failures) {
        Verdict verdict = evidence.verdict();
        PairedRows rows = evidence.rows();
        if (!verdict.candidate().equals(candidate.hash())) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_OF_CANDIDATE,
                    "the verdict is about release " + verdict.candidate().shortForm(),
                    "compare the release that shall be promoted"));
        }
        Optional<Hash> present = history.release();
        if (present.isEmpty()) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_AGAINST_PRESENT,
                    "the label has no release yet that a verdict could compare with",
                    "promote its first release without a verdict"));
        } else if (!verdict.baseline().equals(present.orElseThrow())) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_AGAINST_PRESENT,
                    "the verdict compares with release " + verdict.baseline().shortForm()
                            + " while the label points to "
                            + present.orElseThrow().shortForm(),
                    "compare with the present release"));
        }
        if (policy.verdict().filter(verdict.policy()::equals).isEmpty()) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_BY_POLICY,
                    "the verdict was reached by another policy than the label's",
                    "run the experiment with the policy that protects the label"));
        }
        if (!policy.datasets().isEmpty() && !policy.datasets().contains(verdict.dataset())) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_ON_DATASET,
                    "the verdict is on dataset " + verdict.dataset().shortForm() + " and the label asks for "
                            + policy.datasets().stream().map(Hash::shortForm).collect(Collectors.joining(" or ")),
                    "run the experiment on that dataset"));
        }
        if (!policy.passing().contains(verdict.conclusion())) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_PASSES,
                    "the verdict is " + verdict.conclusion() + " and only " + policy.passing() + " passes",
                    verdict.conclusion() == Conclusion.UNDECIDED
                            ? "compare on more examples"
                            : "improve the candidate"));
        }
        if (!rows.candidate().equals(verdict.candidate())
                || !rows.baseline().equals(verdict.baseline())
                || !rows.dataset().equals(verdict.dataset())) {
            failures.add(new FailedRule(
                    PromotionRule.ROWS_OF_VERDICT,
                    "the rows are of release " + rows.candidate().shortForm() + " against "
                            + rows.baseline().shortForm() + " on dataset "
                            + rows.dataset().shortForm() + " and the verdict is of "
                            + verdict.candidate().shortForm() + " against "
                            + verdict.baseline().shortForm() + " on "
                            + verdict.dataset().shortForm(),
                    "pass the rows of the experiment that reached it"));
        } else if (!verdict.isReproducedBy(rows)) {
            failures.add(new FailedRule(
                    PromotionRule.VERDICT_REPRODUCED,
                    "the verdict does not follow from the rows",
                    "pass the rows of the experiment that reached it, all and unchanged"));
        }
    }

    /** A verdict with its rows. */
    record Evidence(Verdict verdict, PairedRows rows) {}
}
