package dev.llmlifecycle.core.release;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.FailedRule;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.PromotionRule;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import org.junit.jupiter.api.Test;
import org.mockito.AdditionalAnswers;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Proposals, approvals, datasets and overrides. */
final class PromotionPolicyTest {

    private static final String PRODUCTION = "production";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
    private static final Hash DATASET = Hash.ofUtf8("dataset");
    private static final VerdictPolicy BETTER =
            VerdictPolicy.builder().metric("correct", 0.1).build();

    private final InMemoryReleaseStore store = new InMemoryReleaseStore();
    private final InMemoryPromptRegistry prompts =
            InMemoryPromptRegistry.builder().clock(CLOCK).build();
    private final PromptVersion one = prompts.register(template("one"), "ada", "first");
    private final PromptVersion two = prompts.register(template("two"), "ada", "second");
    private final Release first = release("1", one);
    private final Release second = release("1", two);
    private final Deployments deployments = approved(1);

    @Test
    void aChangedPromptIsACandidateUntilAnotherPersonApprovesIt() {
        start();

        Candidate candidate = deployments.propose(PRODUCTION, two, "carol", "shorter");

        assertThat(candidate.release()).isEqualTo(second);
        assertThat(candidate.proposal().actor()).isEqualTo("carol");
        assertThat(candidate.changes()).containsExactly("prompt answer: version 1 to 2, COMPATIBLE, PATCH");
        assertThat(candidate.approvedBy()).isEmpty();
        assertThat(candidate.missing()).extracting(FailedRule::rule).containsExactly(PromotionRule.APPROVED);
        assertThat(deployments.current(PRODUCTION).orElseThrow().release()).isEqualTo(first.hash());
        assertThat(store.find(second.hash())).contains(second);
        assertThat(deployments.propose(PRODUCTION, two, "carol", "again")).isEqualTo(candidate);

        refuses(() -> deployments.promote(PRODUCTION, second, "carol", "now"), PromotionRule.APPROVED);
        deployments.approve(PRODUCTION, second, "Bob", "read it");

        assertThat(deployments.candidates(PRODUCTION).get(0).missing()).isEmpty();
        assertThat(deployments.candidates(PRODUCTION).get(0).approvedBy()).containsExactly("Bob");
        assertThat(deployments.promote(PRODUCTION, second, "carol", "approved").release())
                .isEqualTo(second.hash());
        assertThat(deployments.candidates(PRODUCTION)).isEmpty();
        assertThat(deployments.history(PRODUCTION))
                .extracting(entry -> entry.event().word())
                .containsExactly("APPROVE", "PROMOTE", "PROPOSE", "APPROVE", "PROMOTE");
    }

    @Test
    void authorsAndProposersCannotApproveUnderAnySpellingOfTheirNames() {
        start();
        deployments.propose(PRODUCTION, two, "carol", "shorter");

        assertThat(refuses(() -> deployments.approve(PRODUCTION, second, "ADA ", "fine"), PromotionRule.APPROVED))
                .hasMessage("Approving release " + second.hash().shortForm()
                        + " for 'production' was refused: ADA  wrote version 2 of prompt answer; ask another person");
        assertThat(refuses(() -> deployments.approve(PRODUCTION, second, "Carol", "fine"), PromotionRule.APPROVED))
                .hasMessageContaining("Carol proposed it");
        assertThat(deployments.history(PRODUCTION)).hasSize(3);
    }

    @Test
    void allAuthorsOfTheVersionsInBetweenCount() {
        start();
        prompts.register(template("three"), "dave", "third");
        PromptVersion four = prompts.register(template("four"), "erin", "fourth");
        Release candidate = first.withPrompt(four.pin());

        for (String author : List.of("ada", "dave", "erin")) {
            refuses(() -> deployments.approve(PRODUCTION, candidate, author, "fine"), PromotionRule.APPROVED);
        }
        deployments.approve(PRODUCTION, candidate, "bob", "fine");
    }

    @Test
    void whoPromotesWithoutAProposalCountsAsTheProposer() {
        start();
        deployments.approve(PRODUCTION, second, "bob", "fine");

        assertThat(refuses(() -> deployments.promote(PRODUCTION, second, "bob", "alone"), PromotionRule.APPROVED))
                .hasMessageContaining("it has 0 of 1 approvals")
                .hasMessageContaining("(bob promotes it, and nobody else proposed it since the label last moved)");
        deployments.promote(PRODUCTION, second, "ada", "together");
    }

    @Test
    void aProposalThatIsClosedDoesNotLetOnePersonApproveAndPromote() {
        start();
        deployments.propose(PRODUCTION, two, "carol", "shorter");
        deployments.override(PRODUCTION, release("2", two), "carol", "the first model is switched off");
        deployments.rollback(PRODUCTION, "carol", "back again");
        deployments.approve(PRODUCTION, second, "bob", "fine");

        assertThat(refuses(() -> deployments.promote(PRODUCTION, second, "bob", "alone"), PromotionRule.APPROVED))
                .hasMessageContaining("(bob promotes it, and nobody else proposed it since the label last moved)");
        deployments.propose(PRODUCTION, two, "carol", "still shorter");
        deployments.promote(PRODUCTION, second, "bob", "together");
    }

    @Test
    void anAuthorWhoCannotBeToldIsNotTakenForNobody() {
        start();
        PromptVersion three = prompts.register(template("three"), "dave", "third");
        PromptRegistry lossy = Mockito.mock(PromptRegistry.class, AdditionalAnswers.delegatesTo(prompts));
        Mockito.doReturn(Optional.empty()).when(lossy).find("answer", 2);
        Deployments blind = Deployments.builder(store)
                .protect(PRODUCTION, PromotionPolicy.builder().approvals(1).build())
                .prompts(lossy)
                .clock(CLOCK)
                .build();

        assertThat(refuses(
                        () -> blind.promote(PRODUCTION, first.withPrompt(three.pin()), "carol", "now"),
                        PromotionRule.AUTHORS_KNOWN,
                        PromotionRule.APPROVED))
                .hasMessageContaining("Reading version 2 of prompt answer failed: the registry does not have it");
    }

    @Test
    void nobodyApprovesTwice() {
        Deployments twice = approved(2);
        for (String name : List.of("bob", "erin")) {
            twice.approve(PRODUCTION, first, name, "fine");
        }
        assertThat(refuses(() -> twice.approve(PRODUCTION, first, "BOB", "fine"), PromotionRule.APPROVED))
                .hasMessageContaining("bob approved it already, journal entry 1");
        twice.promote(PRODUCTION, first, "carol", "first");

        JournalEntry last = store.last().orElseThrow();
        JournalEvent event = new JournalEvent.Approved(PRODUCTION, Optional.of(first.hash()), second.hash());
        store.save(second);
        for (String name : List.of("bob", "Bob ")) {
            last = JournalEntry.after(Optional.of(last), CLOCK.instant(), name, "past the door", event);
            store.append(last);
        }
        assertThat(refuses(() -> twice.promote(PRODUCTION, second, "carol", "two names"), PromotionRule.APPROVED))
                .hasMessageContaining("it has 1 of 2 approvals");
    }

    @Test
    void anApprovalHoldsForOneReleaseAndUntilTheLabelMoves() {
        start();
        Release other = release("2", two);
        deployments.approve(PRODUCTION, second, "bob", "fine");
        refuses(() -> deployments.promote(PRODUCTION, other, "carol", "another"), PromotionRule.APPROVED);

        deployments.override(PRODUCTION, other, "carol", "the first model is switched off");
        deployments.rollback(PRODUCTION, "carol", "back again");

        assertThat(deployments.current(PRODUCTION).orElseThrow().release()).isEqualTo(first.hash());
        refuses(() -> deployments.promote(PRODUCTION, second, "carol", "old approval"), PromotionRule.APPROVED);
        deployments.approve(PRODUCTION, second, "bob", "still fine");
        deployments.promote(PRODUCTION, second, "carol", "new approval");
    }

    @Test
    void onlyApproversThatAreNamedCount() {
        Deployments named = builder(PromotionPolicy.builder()
                        .approvals(1)
                        .approvers(List.of("Bob", "Erin"))
                        .build())
                .build();

        assertThat(refuses(() -> named.approve(PRODUCTION, first, "frank", "fine"), PromotionRule.APPROVED))
                .hasMessageContaining("frank is not among the approvers [Bob, Erin]");
        named.approve(PRODUCTION, first, "bob", "fine");
        named.promote(PRODUCTION, first, "carol", "first");
    }

    @Test
    void namesEveryRuleThatFails() {
        start();
        Deployments both = builder(PromotionPolicy.builder()
                        .verdict(BETTER)
                        .dataset(Hash.ofUtf8("the label's dataset"))
                        .approvals(1)
                        .build())
                .build();
        PairedRows rows = rows(second, first, 0);
        Verdict verdict = Verdict.compute(BETTER, rows);

        refuses(
                () -> both.promote(PRODUCTION, second, "carol", "now"),
                PromotionRule.VERDICT_GIVEN,
                PromotionRule.APPROVED);
        assertThat(refuses(
                        () -> both.promote(PRODUCTION, second, "carol", "now", verdict, rows),
                        PromotionRule.VERDICT_ON_DATASET,
                        PromotionRule.VERDICT_PASSES,
                        PromotionRule.APPROVED))
                .hasMessageContaining("the verdict is on dataset " + DATASET.shortForm() + " and the label asks for "
                        + Hash.ofUtf8("the label's dataset").shortForm());
        assertThat(deployments.current(PRODUCTION).orElseThrow().release()).isEqualTo(first.hash());
    }

    @Test
    void movesOnAVerdictOnTheNamedDatasetAndAnApproval() {
        start();
        Deployments both = builder(PromotionPolicy.builder()
                        .verdict(BETTER)
                        .dataset(DATASET)
                        .approvals(1)
                        .build())
                .build();
        PairedRows rows = rows(second, first, 20);
        Candidate candidate = both.propose(PRODUCTION, two, "ada", "shorter");
        assertThat(candidate.missing())
                .extracting(FailedRule::rule)
                .containsExactly(PromotionRule.VERDICT_GIVEN, PromotionRule.APPROVED);
        both.approve(PRODUCTION, second, "bob", "read it");

        both.promote(PRODUCTION, second, "ada", "better", Verdict.compute(BETTER, rows), rows);

        assertThat(store.last().orElseThrow().event())
                .isInstanceOfSatisfying(
                        JournalEvent.Moved.class,
                        moved -> assertThat(moved.evidence()).hasValueSatisfying(evidence -> {
                            assertThat(evidence.dataset()).contains(DATASET);
                            assertThat(evidence.rows()).contains(rows.hash());
                        }));
    }

    @Test
    void anOverrideNeedsAReasonAndStandsOut() {
        start();

        for (String reason : List.of("urgent", "!!! !!! !!! !!!", "aaaaaaaaaaaaaaaa")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> deployments.override(PRODUCTION, second, "ada", reason))
                    .withMessageContaining("needs a reason that others understand later");
        }
        deployments.override(PRODUCTION, second, "ada", "version 1 leaks internal links");

        assertThat(deployments.overrides(PRODUCTION)).singleElement().satisfies(entry -> {
            assertThat(entry.event().word()).isEqualTo("OVERRIDE");
            assertThat(entry.actor()).isEqualTo("ada");
        });
        assertThat(deployments
                        .override(PRODUCTION, second, "ada", "once more, the same release")
                        .revision())
                .isEqualTo(3);
        assertThat(deployments.rollback(PRODUCTION, "ada", "calm again").release())
                .isEqualTo(first.hash());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deployments.override("canary", second, "ada", "a reason of substance"))
                .withMessageContaining("the label 'canary' is not protected");
    }

    @Test
    void proposesAnyReleaseAndSaysWhatDiffers() {
        start();
        Release other = Release.builder(Identity.of("model", "2"), two.pin())
                .part("retriever", Identity.of("hybrid", "1"))
                .corpusId("help")
                .build();

        assertThat(deployments.propose(PRODUCTION, other, "ada", "new model").changes())
                .containsExactly(
                        "prompt answer: version 1 to 2, COMPATIBLE, PATCH",
                        "model: model:1@44136fa355b3 to model:2@44136fa355b3",
                        "retriever: none to hybrid:1@44136fa355b3",
                        "corpus: none to help");
    }

    @Test
    void saysWhatCannotBeProposedOrApproved() {
        assertThatIllegalStateException()
                .isThrownBy(() -> deployments.propose(PRODUCTION, two, "ada", "shorter"))
                .withMessageContaining("it has no release yet");
        start();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deployments.propose(PRODUCTION, one, "ada", "the same"))
                .withMessageContaining("changes nothing");
        PromptVersion unknown = InMemoryPromptRegistry.builder().build().register(template("x"), "ada", "elsewhere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deployments.propose(PRODUCTION, unknown, "ada", "x"))
                .withMessageContaining("the registry does not hold version 1 of prompt answer as it is proposed");
        assertThatIllegalStateException()
                .isThrownBy(() -> Deployments.builder(store).build().propose(PRODUCTION, two, "ada", "x"))
                .withMessageContaining("needs its registry");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> deployments.approve(PRODUCTION, first, "bob", "x"))
                .withMessageContaining("there is nothing to approve");
        assertThatIllegalArgumentException().isThrownBy(() -> deployments.approve("canary", second, "bob", "x"));
        assertThatIllegalStateException()
                .isThrownBy(() -> Deployments.builder(store)
                        .protect(
                                PRODUCTION,
                                PromotionPolicy.builder().approvals(1).build())
                        .build())
                .withMessageContaining("give prompts(registry)");
    }

    @Test
    void aPromptWhoseAuthorIsUnknownIsRefused() {
        start();
        Release lost = first.withPrompt(new PinnedPrompt("answer", 9, Hash.ofUtf8("9")));
        deployments.approve(PRODUCTION, lost, "bob", "fine");

        assertThat(refuses(() -> deployments.promote(PRODUCTION, lost, "carol", "x"), PromotionRule.AUTHORS_KNOWN))
                .hasMessageContaining("who wrote prompt answer@9 cannot be told");
    }

    @Test
    void countsOnlySignedApprovalsWhereKeysAreTrusted() throws Exception {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Deployments signing = builder(PromotionPolicy.builder().approvals(1).build())
                .signedBy("k", key.getPrivate())
                .trust("k", key.getPublic())
                .build();
        deployments.approve(PRODUCTION, first, "bob", "written past the key");

        assertThat(refuses(() -> signing.promote(PRODUCTION, first, "carol", "x"), PromotionRule.APPROVED))
                .hasMessageContaining("bob's approval of revision 1 cannot be trusted, it is not signed");
        signing.approve(PRODUCTION, first, "erin", "fine");
        signing.promote(PRODUCTION, first, "carol", "x");
        assertThat(store.last().orElseThrow().signature()).isPresent();
    }

    @Test
    void datesNoEntryBeforeTheOneBefore() {
        Instant noon = CLOCK.instant();
        deployments.approve(PRODUCTION, first, "bob", "fine");
        Deployments late = Deployments.builder(store)
                .clock(Clock.fixed(noon.minusSeconds(60), ZoneOffset.UTC))
                .build();

        late.promote("canary", first, "ada", "x");

        assertThat(store.last().orElseThrow().at()).isEqualTo(noon);
    }

    @Test
    void refusesPoliciesThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromotionPolicy.builder().build())
                .withMessageContaining("neither a verdict nor approvals");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromotionPolicy.builder().approvals(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        PromotionPolicy.builder().approvals(1).dataset(DATASET).build())
                .withMessageContaining("names a dataset but asks for no verdict");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PromotionPolicy.builder()
                        .approvals(2)
                        .approvers(Set.of("bob", "Bob"))
                        .build())
                .withMessageContaining("asks for 2 approvals by 1 approvers");
    }

    private void start() {
        deployments.approve(PRODUCTION, first, "bob", "fine");
        deployments.promote(PRODUCTION, first, "carol", "first");
    }

    private Deployments approved(int count) {
        return builder(PromotionPolicy.builder().approvals(count).build()).build();
    }

    private Deployments.Builder builder(PromotionPolicy policy) {
        return Deployments.builder(store)
                .prompts(prompts)
                .protect(PRODUCTION, policy)
                .clock(CLOCK);
    }

    private static PromotionRefusedException refuses(Runnable step, PromotionRule... rules) {
        PromotionRefusedException refused = catchThrowableOfType(PromotionRefusedException.class, step::run);
        assertThat(refused).isNotNull();
        assertThat(refused.failures()).extracting(FailedRule::rule).containsExactly(rules);
        return refused;
    }

    private static PairedRows rows(Release candidate, Release baseline, int gained) {
        List<PairedRow> rows = IntStream.range(0, 200)
                .mapToObj(i -> new PairedRow("e" + i, "correct", i >= gained, true))
                .toList();
        return new PairedRows(candidate.hash(), baseline.hash(), DATASET, rows);
    }

    private static Release release(String model, PromptVersion prompt) {
        return Release.builder(Identity.of("model", model), prompt.pin()).build();
    }

    private static ChatPromptTemplate template(String text) {
        return ChatPromptTemplate.builder("answer").system(text).build();
    }
}
