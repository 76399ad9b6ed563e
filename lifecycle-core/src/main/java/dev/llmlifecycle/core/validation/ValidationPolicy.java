package dev.llmlifecycle.core.validation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Validators that judge the same text, the rules about what becomes of their findings, and one outcome of it all.
 *
 * <p>Validators find, the policy decides. Every member judges the text as it came, and all findings are in the outcome,
 * also where the first one alone would have refused the text. A refusal holds before asking again, and that before
 * rewriting; with several rewrites of the whole the later members are asked again about what the earlier ones left, in
 * the order they were added. The findings of the outcome say what was decided: what was acted upon has severity
 * {@code ERROR} and the remedy that was carried out, what was only noticed has less and none. A member that throws or
 * takes too long gets a finding with the code {@value #FAILED} or {@value #TIMED_OUT}, and its own rule decides.
 *
 * <p>A policy is a validator: one call of {@code outputValidator} is enough. An application judges sentences with the
 * members of sentences and the whole with the others. Its identity covers all members and rules.
 *
 * <pre>{@code
 * ValidationPolicy policy = ValidationPolicy.builder("answers")
 *         .executor(executor)
 *         .member(PolicyMember.of(groundedness))
 *         .member(PolicyMember.of(personalData).on(Finding.Severity.WARNING, PolicyAction.redact("[removed]")))
 *         .member(PolicyMember.of(judge).timeBudget(Duration.ofMillis(800)).failOpen())
 *         .member(PolicyMember.of(newValidator).shadow())
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ValidationPolicy implements Validator {

    /** What the code of a finding begins with whose validator runs in shadow mode. */
    public static final String SHADOW = "shadow:";

    /** The code of the finding that says that a validator threw. */
    public static final String FAILED = "validator-failed";

    /** The code of the finding that says that a validator took longer than it may. */
    public static final String TIMED_OUT = "time-budget-exceeded";

    private static final Logger log = LoggerFactory.getLogger(ValidationPolicy.class);

    private final Identity identity;
    private final List<PolicyMember> members;
    private final @Nullable Executor executor;
    private final LongSupplier nanoTime;

    private ValidationPolicy(
            Identity identity, List<PolicyMember> members, @Nullable Executor executor, LongSupplier nanoTime) {
        this.identity = identity;
        this.members = List.copyOf(members);
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /**
     * Starts a policy.
     *
     * @param name its name, never blank
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Returns {@link Validator.Scope#SENTENCE} where all members judge sentences. */
    @Override
    public Scope scope() {
        return part(Scope.ANSWER).isEmpty() ? Scope.SENTENCE : Scope.ANSWER;
    }

    /**
     * Returns the members.
     *
     * @return at least one, in the order they were added
     */
    public List<PolicyMember> members() {
        return members;
    }

    /**
     * Returns the part of this policy whose members judge so much of a text at once.
     *
     * @param scope the scope
     * @return a policy of the same identity, or nothing where no member has that scope
     */
    public Optional<ValidationPolicy> part(Scope scope) {
        List<PolicyMember> some = new ArrayList<>();
        for (PolicyMember member : members) {
            if (member.validator() instanceof ValidationPolicy nested) {
                nested.part(scope).ifPresent(part -> some.add(member.with(part)));
            } else if (member.validator().scope() == scope) {
                some.add(member);
            }
        }
        return some.isEmpty()
                ? Optional.empty()
                : Optional.of(new ValidationPolicy(identity, some, executor, nanoTime));
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<List<Finding>> judged = judge(text, context);
        List<Finding> all = judged.stream().flatMap(List::stream).toList();
        ValidationOutcome outcome = ValidationOutcome.following(text, all);
        return outcome instanceof ValidationOutcome.Rewrite && rewritesWhole(all)
                ? rewriteInOrder(text, context, judged, all)
                : outcome;
    }

    /** Starts the members that have a time budget, asks the others on this thread, and waits for the first. */
    private List<List<Finding>> judge(String text, ValidationContext context) {
        Map<PolicyMember, Running> running = new HashMap<>();
        Map<PolicyMember, List<Finding>> findings = new HashMap<>();
        try {
            for (PolicyMember member : members) {
                if (member.timeBudget().isPresent()) {
                    running.put(member, start(member, text, context));
                }
            }
            for (PolicyMember member : members) {
                if (member.timeBudget().isEmpty()) {
                    findings.put(member, ask(member, text, context));
                }
            }
            running.forEach((member, run) -> findings.put(member, await(run)));
        } finally {
            running.values().forEach(run -> run.task().cancel(true));
        }
        return members.stream()
                .map(member -> Objects.requireNonNull(findings.get(member)))
                .toList();
    }

    private Running start(PolicyMember member, String text, ValidationContext context) {
        Judgement task = new Judgement(() -> decide(member, text, context));
        long startedNanos = nanoTime.getAsLong();
        try {
            Objects.requireNonNull(executor).execute(task);
        } catch (RejectedExecutionException e) {
            task.reject(e);
        }
        return new Running(member, task, startedNanos);
    }

    private List<Finding> await(Running run) {
        Duration budget = run.member().timeBudget().orElseThrow();
        long left = budget.toNanos() - (nanoTime.getAsLong() - run.startedNanos());
        try {
            return run.task().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.warn(
                    "Validator '{}' did not finish within {} ms and was abandoned; look at what it waits for",
                    run.member().name(),
                    budget.toMillis());
            return List.of(Decisions.failure(
                    run.member(), TIMED_OUT, "The validator did not finish within its " + budget.toMillis() + " ms"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            return failed(run.member(), e.getCause() instanceof Exception cause ? cause : e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for validator '" + run.member().name() + "' was interrupted; validate again", e);
        }
    }

    private static List<Finding> ask(PolicyMember member, String text, ValidationContext context) {
        try {
            return decide(member, text, context);
        } catch (Exception e) {
            // Not only runtime exceptions: validators in other languages of the JVM throw checked ones, too.
            return failed(member, e);
        }
    }

    private static List<Finding> decide(PolicyMember member, String text, ValidationContext context) {
        ValidationOutcome outcome = member.validator().validate(text, context);
        if (outcome == null) {
            throw new LifecycleException("Validator '" + member.name()
                    + "' returned no outcome; return ValidationOutcome.pass() where there is nothing to say");
        }
        return Decisions.of(member, text, outcome);
    }

    private static List<Finding> failed(PolicyMember member, Exception failure) {
        log.warn("Validator '{}' failed and its policy decides without it; mend it", member.name(), failure);
        return List.of(Decisions.failure(
                member,
                FAILED,
                "The validator failed with " + failure.getClass().getSimpleName()));
    }

    private static boolean rewritesWhole(List<Finding> findings) {
        return findings.stream().anyMatch(finding -> acts(finding) && finding.remedy() instanceof Remedy.Rewrite);
    }

    private static boolean acts(Finding finding) {
        return finding.severity() == Finding.Severity.ERROR;
    }

    /** A rewrite of the whole knows nothing of the others, so whoever rewrites next looks at what it left. */
    private ValidationOutcome rewriteInOrder(
            String text, ValidationContext context, List<List<Finding>> judged, List<Finding> all) {
        List<Finding> findings = new ArrayList<>(all);
        String current = text;
        for (int i = 0; i < members.size(); i++) {
            if (judged.get(i).stream().noneMatch(ValidationPolicy::acts)) {
                continue;
            }
            List<Finding> own = judged.get(i);
            if (!current.equals(text)) {
                own = again(members.get(i), current, context);
            }
            ValidationOutcome next = ValidationOutcome.following(current, own);
            if (next instanceof ValidationOutcome.Rewrite rewrite) {
                current = rewrite.text();
            } else if (next instanceof ValidationOutcome.Retry retry) {
                findings.addAll(own);
                return new ValidationOutcome.Retry(retry.instruction(), findings);
            } else if (next instanceof ValidationOutcome.Block block) {
                findings.addAll(own);
                return new ValidationOutcome.Block(block.reason(), findings);
            }
        }
        return new ValidationOutcome.Rewrite(current, findings);
    }

    private List<Finding> again(PolicyMember member, String text, ValidationContext context) {
        if (member.timeBudget().isEmpty()) {
            return ask(member, text, context);
        }
        Running run = start(member, text, context);
        try {
            return await(run);
        } finally {
            run.task().cancel(true);
        }
    }

    /** A member at work. */
    private record Running(PolicyMember member, Judgement task, long startedNanos) {}

    /** The work of a member, which also fails where the executor does not take it. */
    private static final class Judgement extends FutureTask<List<Finding>> {

        private Judgement(Callable<List<Finding>> work) {
            super(work);
        }

        private void reject(RejectedExecutionException failure) {
            setException(failure);
        }
    }

    /** Builds a {@link ValidationPolicy}. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final List<PolicyMember> members = new ArrayList<>();
        private @Nullable Executor executor;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException("the name of a validation policy is blank; give it a name");
            }
            this.name = name;
        }

        /**
         * Adds a validator whose own decisions hold.
         *
         * @param validator the validator
         * @return this builder
         */
        public Builder member(Validator validator) {
            return member(PolicyMember.of(validator));
        }

        /**
         * Adds a validator with rules. At least one is required.
         *
         * @param member the validator and its rules
         * @return this builder
         */
        public Builder member(PolicyMember member) {
            if (members.stream().anyMatch(other -> other.name().equals(member.name()))) {
                throw new IllegalArgumentException("the policy '" + name + "' has a member named '" + member.name()
                        + "' already, and findings are told apart by that name; name one of them otherwise");
            }
            members.add(member);
            return this;
        }

        /**
         * Sets where members with a time budget run. Required with one. It should start work at once: what waits in a
         * queue spends its budget there. An executor that runs work on the calling thread keeps no budget.
         *
         * @param executor the executor, which is never closed
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets the source of durations. Default: {@link System#nanoTime()}.
         *
         * @param nanoTime returns nanoseconds from any origin
         * @return this builder
         */
        public Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return the policy
         * @throws IllegalStateException when there is no member, or a member has a time budget and there is no executor
         */
        public ValidationPolicy build() {
            if (members.isEmpty()) {
                throw new IllegalStateException("the policy '" + name + "' has no member; add one with member(...)");
            }
            for (PolicyMember member : members) {
                if (member.timeBudget().isPresent() && executor == null) {
                    throw new IllegalStateException("validator '" + member.name() + "' of the policy '" + name
                            + "' has a time budget and nothing to run on; set executor(...)");
                }
            }
            Identity identity = Identity.of(
                    name,
                    "1",
                    Map.of(
                            "members",
                            members.stream().map(PolicyMember::toCanonical).toList()));
            return new ValidationPolicy(identity, members, executor, nanoTime);
        }
    }
}
