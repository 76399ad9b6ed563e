package dev.llmlifecycle.core.validation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.contract.ValidatorContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Finding.Severity;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
@Timeout(60)
final class ValidationPolicyTest {

    private static final ValidationContext CONTEXT = ValidationContext.of("How long?", List.of());
    private static final String WITHHELD = "This was withheld, because a check of it did not pass.";
    private static final String UNCHECKED = "This was withheld, because it could not be checked.";
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(50);

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Nested
    final class Outcomes {

        @Test
        void haveAllFindingsAlsoWhereTheFirstAloneWouldRefuse() {
            ValidationOutcome outcome = policy(
                            PolicyMember.of(finding("first", error("a").withRemedy(new Remedy.Refuse("No")))),
                            PolicyMember.of(finding("second", error("b").withRemedy(new Remedy.AskAgain("Better")))),
                            PolicyMember.of(finding("third", warning("c"))))
                    .validate("text", CONTEXT);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Block.class,
                            block -> assertThat(block.reason()).isEqualTo("No"));
            assertThat(outcome.findings()).extracting(Finding::code).containsExactly("a", "b", "c");
        }

        @Test
        void areWhatValidatorsWithoutRemediesDecide() {
            Validator rewriting = lambda("r", text -> new ValidationOutcome.Rewrite("other", List.of(warning("w"))));
            Validator retrying = lambda("t", text -> new ValidationOutcome.Retry("Better", List.of(error("e"))));
            Validator blocking = lambda("b", text -> new ValidationOutcome.Block("No", List.of()));
            Validator passing = lambda("p", text -> new ValidationOutcome.Pass(List.of(error("harmless"))));

            assertThat(validate(rewriting))
                    .isEqualTo(new ValidationOutcome.Rewrite(
                            "other", List.of(error("w").withRemedy(new Remedy.Rewrite("other")))));
            assertThat(validate(retrying))
                    .isEqualTo(new ValidationOutcome.Retry(
                            "Better", List.of(error("e").withRemedy(new Remedy.AskAgain("Better")))));
            assertThat(validate(blocking)).isInstanceOfSatisfying(ValidationOutcome.Block.class, block -> {
                assertThat(block.reason()).isEqualTo("No");
                assertThat(block.findings()).extracting(Finding::code).containsExactly("unexplained");
            });
            assertThat(validate(passing))
                    .as("what a validator lets pass is no error of the policy")
                    .isEqualTo(new ValidationOutcome.Pass(List.of(warning("harmless"))));
        }

        @Test
        void applyReplacementsOfSeveralMembersToTheOneText() {
            ValidationOutcome outcome = policy(
                            PolicyMember.of(finding("first", replacing(0, 3, "ONE"))),
                            PolicyMember.of(finding("second", replacing(4, 7, "TWO"))))
                    .validate("one two", CONTEXT);

            assertThat(text(outcome)).isEqualTo("ONE TWO");
        }

        @Test
        void applyRewritesOfTheWholeInOrderEachOnWhatTheOneBeforeLeft() {
            Validator bang = lambda("bang", text -> new ValidationOutcome.Rewrite(text + "!", List.of()));
            Validator upper = lambda("upper", text -> new ValidationOutcome.Rewrite(text + "?", List.of()));
            ValidationOutcome outcome = policy(
                            PolicyMember.of(finding("place", replacing(0, 3, "ONE"))),
                            PolicyMember.of(bang),
                            PolicyMember.of(upper))
                    .validate("one two", CONTEXT);

            assertThat(text(outcome)).isEqualTo("ONE two!?");
            assertThat(outcome.findings()).hasSize(3);
        }

        @Test
        void areRefusedWhereAMemberRefusesWhatAnotherMadeOfTheText() {
            Validator replaced = lambda("replaced", text -> new ValidationOutcome.Rewrite("bad", List.of()));
            Validator picky = lambda(
                    "picky",
                    text -> text.equals("bad")
                            ? new ValidationOutcome.Block("Not that", List.of(error("bad")))
                            : new ValidationOutcome.Rewrite(text + "!", List.of()));

            ValidationOutcome outcome =
                    policy(PolicyMember.of(replaced), PolicyMember.of(picky)).validate("good", CONTEXT);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Block.class,
                            block -> assertThat(block.reason()).isEqualTo("Not that"));
            assertThat(outcome.findings()).extracting(Finding::code).contains("bad");
        }
    }

    @Nested
    final class Rules {

        private final Finding sure = error("code").withConfidence(0.9).withSpan(new TextSpan(0, 4));

        @Test
        void ofACodeGoBeforeThoseOfASeverity() {
            PolicyMember member = PolicyMember.of(finding("v", sure))
                    .on(Severity.WARNING, PolicyAction.fallBack("Sorry."))
                    .on("code", PolicyAction.redact("***"));

            assertThat(text(policy(member).validate("text more", CONTEXT))).isEqualTo("*** more");
        }

        @Test
        void ofTheHighestSeverityHold() {
            PolicyMember rules = PolicyMember.of(finding("v", error("e")))
                    .on(Severity.INFO, PolicyAction.flag())
                    .on(Severity.WARNING, PolicyAction.askAgain("Better"));

            assertThat(policy(rules).validate("text", CONTEXT))
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Retry.class,
                            retry -> assertThat(retry.instruction()).isEqualTo("Better"));
            assertThat(policy(PolicyMember.of(finding("v", info("i")))
                                    .on(Severity.INFO, PolicyAction.flag())
                                    .on(Severity.WARNING, PolicyAction.block()))
                            .validate("text", CONTEXT))
                    .isEqualTo(new ValidationOutcome.Pass(List.of(info("i"))));
        }

        @Test
        void letPassWhatTheValidatorIsNotSureOf() {
            PolicyMember member = PolicyMember.of(finding("v", sure));

            assertThat(policy(member.minimumConfidence(0.95)).validate("text", CONTEXT))
                    .isEqualTo(new ValidationOutcome.Pass(List.of(sure.withSeverity(Severity.WARNING))));
            assertThat(policy(member.minimumConfidence(0.9)).validate("text", CONTEXT))
                    .isInstanceOf(ValidationOutcome.Block.class);
        }

        @Test
        void sayWhatIsDone() {
            Remedy.Refuse reason = new Remedy.Refuse("Because");
            Remedy.AskAgain instruction = new Remedy.AskAgain("Better");
            Remedy.Rewrite repair = new Remedy.Rewrite("{}");

            assertThat(decided(sure, PolicyAction.block())).isEqualTo(new Remedy.Refuse(WITHHELD));
            assertThat(decided(sure.withRemedy(reason), PolicyAction.block())).isEqualTo(reason);
            assertThat(decided(sure, PolicyAction.fallBack("Sorry."))).isEqualTo(new Remedy.Refuse("Sorry."));
            assertThat(decided(sure, PolicyAction.redact(""))).isEqualTo(new Remedy.Replace(""));
            assertThat(decided(error("e"), PolicyAction.redact("")))
                    .as("nobody knows where it is")
                    .isEqualTo(new Remedy.Refuse(WITHHELD));
            assertThat(decided(info("i").withRemedy(repair), PolicyAction.repair()))
                    .isEqualTo(repair);
            assertThat(decided(sure, PolicyAction.repair()))
                    .as("nobody knows how")
                    .isEqualTo(new Remedy.Refuse(WITHHELD));
            assertThat(decided(sure.withRemedy(instruction), PolicyAction.askAgain()))
                    .isEqualTo(instruction);
            assertThat(decided(sure, PolicyAction.askAgain()))
                    .isEqualTo(new Remedy.AskAgain(
                            "A check of your answer found this: odd code. Answer again without it."));
            assertThat(decided(sure.withRemedy(reason), PolicyAction.flag())).isEqualTo(Remedy.none());
            assertThat(decided(sure.withRemedy(reason), PolicyAction.asProposed()))
                    .isEqualTo(reason);
        }

        private Remedy decided(Finding finding, PolicyAction action) {
            List<Finding> decided = policy(
                            PolicyMember.of(finding("v", finding)).on(finding.code(), action))
                    .validate("text more", CONTEXT)
                    .findings();
            assertThat(decided).hasSize(1);
            assertThat(decided.get(0).severity() == Severity.ERROR)
                    .isEqualTo(!(decided.get(0).remedy() instanceof Remedy.None));
            return decided.get(0).remedy();
        }

        @Test
        void areCheckedWhenTheyArrive() {
            PolicyMember member = PolicyMember.of(finding("v", sure));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> member.minimumConfidence(Double.NaN))
                    .withMessage("the minimum confidence for validator 'v' must be in [0, 1] but was NaN; give a"
                            + " probability");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> member.timeBudget(Duration.ofDays(2)))
                    .withMessage("the time budget of validator 'v' must be positive and at most a day but was PT48H;"
                            + " leave it out where it may take any time");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PolicyAction.fallBack(" "))
                    .withMessage("the fallback of a policy's action is blank; say what the user is told");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PolicyAction.askAgain(""))
                    .withMessageContaining("say what the model should do better");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> policy(member, member))
                    .withMessageContaining("has a member named 'v' already");
            assertThatIllegalArgumentException().isThrownBy(() -> ValidationPolicy.builder("\t"));
            assertThatIllegalStateException()
                    .isThrownBy(() -> ValidationPolicy.builder("p").build())
                    .withMessage("the policy 'p' has no member; add one with member(...)");
            assertThatIllegalStateException()
                    .isThrownBy(() -> ValidationPolicy.builder("p")
                            .member(member.timeBudget(SOON))
                            .build())
                    .withMessage("validator 'v' of the policy 'p' has a time budget and nothing to run on; set"
                            + " executor(...)");
        }
    }

    @Nested
    final class Shadows {

        @Test
        void recordWhatTheyWouldHaveDoneAndDecideNothing() {
            Finding refusing = error("code").withRemedy(new Remedy.Refuse("No"));

            assertThat(policy(PolicyMember.of(finding("v", refusing)).shadow()).validate("text", CONTEXT))
                    .isEqualTo(
                            new ValidationOutcome.Pass(List.of(Finding.of("v", "shadow:code", Severity.INFO, "odd code")
                                    .withRemedy(new Remedy.Refuse("No")))));
        }

        @Test
        void mayFail() {
            Validator broken = lambda("v", text -> {
                throw new IllegalStateException("secret");
            });

            assertThat(policy(PolicyMember.of(broken).shadow()).validate("text", CONTEXT))
                    .isEqualTo(new ValidationOutcome.Pass(List.of(Finding.of(
                            "v",
                            "shadow:validator-failed",
                            Severity.INFO,
                            "The validator failed with IllegalStateException"))));
        }
    }

    @Nested
    final class Failures {

        private final Validator broken = lambda("broken", text -> {
            throw new IllegalStateException("secret");
        });

        @Test
        void refuseTheTextUnlessTheRuleSaysOtherwise() {
            ValidationOutcome closed = policy(PolicyMember.of(broken), PolicyMember.of(finding("v", warning("w"))))
                    .validate("text", CONTEXT);
            ValidationOutcome open = policy(
                            PolicyMember.of(broken).failOpen(), PolicyMember.of(finding("v", warning("w"))))
                    .validate("text", CONTEXT);

            assertThat(closed)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Block.class,
                            block -> assertThat(block.reason()).isEqualTo(UNCHECKED));
            assertThat(open).isInstanceOf(ValidationOutcome.Pass.class);
            for (ValidationOutcome outcome : List.of(closed, open)) {
                assertThat(outcome.findings()).extracting(Finding::code).containsExactly(ValidationPolicy.FAILED, "w");
                assertThat(outcome.findings().get(0).message())
                        .isEqualTo("The validator failed with IllegalStateException");
            }
        }

        @Test
        void countTheLackOfAnOutcomeAndAnExecutorThatTakesNoWork() {
            Validator lazy = lambda("lazy", text -> null);
            ValidationPolicy rejected = ValidationPolicy.builder("p")
                    .executor(work -> {
                        throw new RejectedExecutionException("full");
                    })
                    .member(PolicyMember.of(finding("v", warning("w"))).timeBudget(LONG))
                    .build();

            assertThat(validate(lazy).findings())
                    .extracting(Finding::message)
                    .containsExactly("The validator failed with LifecycleException");
            assertThat(rejected.validate("text", CONTEXT))
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Block.class,
                            block -> assertThat(block.findings())
                                    .extracting(Finding::message)
                                    .containsExactly("The validator failed with RejectedExecutionException"));
        }

        @Test
        void ofTheMachineAreNotSwallowed() {
            Validator fatal = lambda("fatal", text -> {
                throw new StackOverflowError();
            });

            for (PolicyMember member :
                    List.of(PolicyMember.of(fatal), PolicyMember.of(fatal).timeBudget(LONG))) {
                ValidationPolicy policy = policy(member.failOpen());
                assertThatExceptionOfType(StackOverflowError.class).isThrownBy(() -> policy.validate("text", CONTEXT));
            }
        }

        @Test
        void ofAStalledMemberAreFoundAndItIsInterrupted() throws InterruptedException {
            CountDownLatch interrupted = new CountDownLatch(1);
            Validator stalled = lambda("stalled", text -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return ValidationOutcome.pass();
            });

            ValidationOutcome closed = policy(
                            PolicyMember.of(stalled).timeBudget(SOON), PolicyMember.of(finding("v", warning("w"))))
                    .validate("text", CONTEXT);
            ValidationOutcome open =
                    policy(PolicyMember.of(stalled).timeBudget(SOON).failOpen()).validate("text", CONTEXT);

            assertThat(closed)
                    .isInstanceOfSatisfying(
                            ValidationOutcome.Block.class,
                            block -> assertThat(block.reason()).isEqualTo(UNCHECKED));
            assertThat(closed.findings()).extracting(Finding::code).containsExactly(ValidationPolicy.TIMED_OUT, "w");
            assertThat(open)
                    .isEqualTo(new ValidationOutcome.Pass(List.of(Finding.of(
                            "stalled",
                            ValidationPolicy.TIMED_OUT,
                            Severity.WARNING,
                            "The validator did not finish within its 20 ms"))));
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void membersWithABudgetRunBesideOneAnother() {
        CountDownLatch both = new CountDownLatch(2);
        Function<String, ValidationOutcome> meet = text -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return ValidationOutcome.pass();
        };

        ValidationOutcome outcome = policy(
                        PolicyMember.of(lambda("one", meet)).timeBudget(LONG),
                        PolicyMember.of(lambda("two", meet)).timeBudget(LONG))
                .validate("text", CONTEXT);

        assertThat(outcome).isEqualTo(ValidationOutcome.pass());
    }

    @Test
    void aCallerThatIsInterruptedLeavesAndKeepsItsFlag() {
        AtomicBoolean called = new AtomicBoolean();
        Validator waiting = lambda("waiting", text -> {
            called.set(true);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return ValidationOutcome.pass();
        });
        Validator interrupting = lambda("interrupting", text -> {
            Thread.currentThread().interrupt();
            return ValidationOutcome.pass();
        });
        ValidationPolicy policy =
                policy(PolicyMember.of(waiting).timeBudget(LONG).failOpen(), PolicyMember.of(interrupting));

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> policy.validate("text", CONTEXT))
                .withMessage("Waiting for validator 'waiting' was interrupted; validate again");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aPolicyIsDividedByTheScopesOfItsMembersNestedOnesToo() {
        Validator words = Validators.words("words", List.of("bad"));
        Validator whole = finding("whole", warning("w"));
        ValidationPolicy inner = policy(PolicyMember.of(words), PolicyMember.of(whole));
        ValidationPolicy outer = ValidationPolicy.builder("outer").member(inner).build();

        ValidationPolicy sentences = outer.part(Validator.Scope.SENTENCE).orElseThrow();
        ValidationPolicy answers = outer.part(Validator.Scope.ANSWER).orElseThrow();

        assertThat(outer.scope()).isEqualTo(Validator.Scope.ANSWER);
        assertThat(sentences.scope()).isEqualTo(Validator.Scope.SENTENCE);
        assertThat(sentences.validate("bad", CONTEXT).findings())
                .extracting(Finding::validator)
                .containsExactly("words");
        assertThat(answers.validate("bad", CONTEXT).findings())
                .extracting(Finding::validator)
                .containsExactly("whole");
        assertThat(sentences.part(Validator.Scope.ANSWER)).isEmpty();
        assertThat(List.of(sentences.identity(), answers.identity())).containsOnly(outer.identity());
    }

    @Test
    void theIdentityCoversMembersAndRules() {
        PolicyMember member = PolicyMember.of(finding("v", warning("w")));
        List<ValidationPolicy> different = List.of(
                policy(member),
                policy(member.shadow()),
                policy(member.failOpen()),
                policy(member.timeBudget(SOON)),
                policy(member.timeBudget(LONG)),
                policy(member.minimumConfidence(0.5)),
                policy(member.on("w", PolicyAction.block())),
                policy(member.on("w", PolicyAction.fallBack("Sorry."))),
                policy(member.on("w", PolicyAction.fallBack("Sorry!"))),
                policy(member.on(Severity.WARNING, PolicyAction.block())),
                policy(member, PolicyMember.of(finding("x", warning("w")))));

        assertThat(different.stream().map(ValidationPolicy::identity)).doesNotHaveDuplicates();
        assertThat(policy(member.failOpen().failClosed()).identity())
                .isEqualTo(policy(member).identity());
    }

    private ValidationOutcome validate(Validator validator) {
        return policy(PolicyMember.of(validator)).validate("text", CONTEXT);
    }

    private ValidationPolicy policy(PolicyMember... members) {
        ValidationPolicy.Builder builder = ValidationPolicy.builder("policy").executor(executor);
        for (PolicyMember member : members) {
            builder.member(member);
        }
        return builder.build();
    }

    private static Validator finding(String name, Finding... findings) {
        return lambda(
                name,
                text -> ValidationOutcome.following(
                        text,
                        List.of(findings).stream()
                                .map(finding -> new Finding(
                                        name,
                                        finding.code(),
                                        finding.severity(),
                                        finding.message(),
                                        finding.span(),
                                        finding.confidence(),
                                        finding.evidence(),
                                        finding.remedy()))
                                .toList()));
    }

    private static Validator lambda(String name, Function<String, ValidationOutcome> check) {
        return Validator.of(Identity.of(name, "1"), (text, context) -> check.apply(text));
    }

    private static String text(ValidationOutcome outcome) {
        assertThat(outcome).isInstanceOf(ValidationOutcome.Rewrite.class);
        return ((ValidationOutcome.Rewrite) outcome).text();
    }

    private static Finding replacing(int start, int end, String text) {
        return error("place").withSpan(new TextSpan(start, end)).withRemedy(new Remedy.Replace(text));
    }

    private static Finding error(String code) {
        return Finding.of("v", code, Severity.ERROR, "odd " + code);
    }

    private static Finding warning(String code) {
        return error(code).withSeverity(Severity.WARNING);
    }

    private static Finding info(String code) {
        return error(code).withSeverity(Severity.INFO);
    }

    /** The contract holds for a policy as for its members. */
    @Nested
    final class Contract extends ValidatorContract {

        @Override
        protected Validator create() {
            return ValidationPolicy.builder("policy")
                    .executor(executor)
                    .member(Validators.words("words", List.of("bad", "very bad")))
                    .member(PolicyMember.of(Validators.pattern("cards", "\\d{4}( \\d{4}){3}"))
                            .on(Severity.ERROR, PolicyAction.redact("(card)"))
                            .timeBudget(Duration.ofMinutes(1)))
                    .build();
        }

        @Override
        protected String acceptable() {
            return "All is well.";
        }

        @Override
        protected String objectionable() {
            return "A very bad card 1234 5678 1234 5678.";
        }

        @Override
        protected Set<String> reporters() {
            return Set.of("words", "cards");
        }
    }
}
