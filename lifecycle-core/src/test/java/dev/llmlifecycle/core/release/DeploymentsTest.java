package dev.llmlifecycle.core.release;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.PromotionRefusedException;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.core.release.Releases.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class DeploymentsTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final Hash DATASET = Hash.ofUtf8("dataset");
    private static final VerdictPolicy POLICY =
            VerdictPolicy.builder().metric("correct", 0.1).build();
    private static final Release A = release("a");
    private static final Release B = release("b");
    private static final Release C = release("c");
    private static final List<PairedRow> BETTER = rows(20, 0, 20);
    private static final List<PairedRow> SAME = rows(0, 0, 200);

    private final ReleaseStore store = new InMemoryReleaseStore();
    private final Deployments deployments = deployments(store);

    @Test
    void movesAnUnprotectedLabelAndJournalsIt() {
        deployments.promote("canary", A, "ada", "first");
        Deployment second = deployments.promote("canary", B, "bob", "next");

        assertThat(second).isEqualTo(new Deployment("canary", B.hash(), 2, NOON));
        assertThat(deployments.current("canary")).contains(second);
        assertThat(store.find(B.hash())).contains(B);
        JournalEntry entry = deployments.history("canary").get(1);
        JournalEvent.Moved move = (JournalEvent.Moved) entry.event();
        assertThat(move.kind()).isEqualTo(JournalEvent.Moved.Kind.PROMOTE);
        assertThat(move.from()).contains(A.hash());
        assertThat(entry.actor()).isEqualTo("bob");
        assertThat(entry.reason()).isEqualTo("next");
        assertThat(move.evidence()).isEmpty();
    }

    @Test
    void leavesALabelThatPointsThereAlready() {
        Deployment first = deployments.promote("production", A, "ada", "first");

        assertThat(deployments.promote("production", A, "ada", "restart of the application"))
                .isEqualTo(first);
        assertThat(deployments.history("production")).hasSize(1);
    }

    @Test
    void givesAProtectedLabelItsFirstReleaseWithoutAVerdictAndNoOther() {
        deployments.promote("production", A, "ada", "first");

        assertThatExceptionOfType(PromotionRefusedException.class)
                .isThrownBy(() -> deployments.promote("production", B, "ada", "next"))
                .withMessage(
                        "Promoting release " + B.hash().shortForm() + " to 'production' was refused: the label asks"
                                + " for a verdict and none is given; compare the candidate with release "
                                + A.hash().shortForm() + " in an experiment and promote with its verdict and rows")
                .satisfies(e -> assertThat(e.label()).isEqualTo("production"));
        assertThat(store.find(B.hash())).isEmpty();
        assertThat(deployments.history("production")).hasSize(1);
    }

    @Test
    void movesAProtectedLabelOnAVerdictThatItsRowsReproduce() {
        deployments.promote("production", A, "ada", "first");
        Verdict verdict = verdict(B, A, BETTER);

        Deployment moved = deployments.promote("production", B, "ada", "better", verdict, rowsOf(B, A, BETTER));

        assertThat(moved.release()).isEqualTo(B.hash());
        assertThat(deployments.history("production").get(1).event())
                .isEqualTo(new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE,
                        "production",
                        Optional.of(A.hash()),
                        B.hash(),
                        Optional.of(new JournalEvent.Evidence(
                                verdict.hash(), Optional.of(DATASET), Optional.of(verdict.rowsHash())))));
    }

    @Test
    void refusesAVerdictThatDoesNotFit() {
        assertRefused(B, verdict(B, A, BETTER), BETTER, "the label has no release yet");
        deployments.promote("production", A, "ada", "first");

        assertRefused(
                C,
                verdict(B, A, BETTER),
                BETTER,
                "the verdict is about release " + B.hash().shortForm());
        assertRefused(
                B,
                verdict(B, C, BETTER),
                BETTER,
                "the verdict compares with release " + C.hash().shortForm() + " while the label points to "
                        + A.hash().shortForm());
        assertRefused(
                B,
                Verdict.compute(
                        VerdictPolicy.builder()
                                .alpha(0.4)
                                .metric("correct", 0.1)
                                .build(),
                        B.hash(),
                        A.hash(),
                        DATASET,
                        BETTER),
                BETTER,
                "the verdict was reached by another policy");
        assertRefused(B, verdict(B, A, SAME), SAME, "the verdict is EQUIVALENT and only [IMPROVED] passes");
        assertRefused(
                B, verdict(B, A, rows(1, 0, 3)), rows(1, 0, 3), "the verdict is UNDECIDED and only [IMPROVED] passes");
        assertRefused(B, verdict(B, A, rows(0, 20, 20)), rows(0, 20, 20), "the verdict is REGRESSED");
        assertRefused(B, verdict(B, A, BETTER), SAME, "the verdict does not follow from the rows");
        assertRefused(B, verdict(B, A, BETTER), List.of(), "the verdict does not follow from the rows");
        assertThat(deployments.history("production")).hasSize(1);
    }

    @Test
    void refusesAVerdictThatSomeoneMerelyWroteDown() {
        deployments.promote("production", A, "ada", "first");
        Verdict honest = verdict(B, A, SAME);
        Verdict forged = new Verdict(
                Conclusion.IMPROVED,
                honest.metrics(),
                honest.candidate(),
                honest.baseline(),
                honest.dataset(),
                honest.policy(),
                honest.rowsHash());

        assertRefused(B, forged, SAME, "the verdict does not follow from the rows");
    }

    @Test
    void refusesAVerdictWhoseRowsMakeNone() {
        deployments.promote("production", A, "ada", "first");
        Verdict honest = verdict(B, A, BETTER);
        List<PairedRow> twice = List.of(BETTER.get(0), BETTER.get(0));
        Hash rowsHash = rowsOf(B, A, twice).hash();
        Verdict forged = new Verdict(
                Conclusion.IMPROVED,
                honest.metrics(),
                honest.candidate(),
                honest.baseline(),
                honest.dataset(),
                honest.policy(),
                rowsHash);

        assertRefused(B, forged, twice, "the verdict does not follow from the rows");
    }

    @Test
    void letsOtherConclusionsPassWhereTheLabelSaysSo() {
        Deployments lenient = Deployments.builder(store)
                .protect("production", POLICY, Set.of(Conclusion.IMPROVED, Conclusion.EQUIVALENT))
                .build();
        lenient.promote("production", A, "ada", "first");

        assertThat(lenient.promote("production", B, "ada", "cheaper", verdict(B, A, SAME), rowsOf(B, A, SAME))
                        .release())
                .isEqualTo(B.hash());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Deployments.builder(store).protect("production", POLICY, Set.of(Conclusion.REGRESSED)))
                .withMessageContaining("[REGRESSED]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deployments.builder(store).protect("production", POLICY, Set.of()));
    }

    @Test
    void takesNoVerdictForALabelThatIsNotProtected() {
        deployments.promote("canary", A, "ada", "first");

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        deployments.promote("canary", B, "ada", "better", verdict(B, A, BETTER), rowsOf(B, A, BETTER)))
                .withMessageContaining("the label 'canary' asks for no verdict")
                .withMessageContaining("[production]");
    }

    @Test
    void rollsBackLikeAnUndoAndNotBackAndForth() {
        deployments.promote("canary", A, "ada", "1");
        deployments.promote("other", C, "ada", "in between");
        deployments.promote("canary", B, "ada", "2");
        deployments.promote("canary", C, "ada", "3");

        assertThat(deployments.rollback("canary", "ada", "complaints").release())
                .isEqualTo(B.hash());
        JournalEntry entry = deployments.history("canary").get(3);
        JournalEvent.Moved move = (JournalEvent.Moved) entry.event();
        assertThat(move.kind()).isEqualTo(JournalEvent.Moved.Kind.ROLLBACK);
        assertThat(move.from()).contains(C.hash());
        assertThat(deployments.rollback("canary", "ada", "more complaints").release())
                .isEqualTo(A.hash());
        assertThatIllegalStateException()
                .isThrownBy(() -> deployments.rollback("canary", "ada", "even more"))
                .withMessage("rolling back the label 'canary' failed: it has no release before the present one; promote"
                        + " the release that it shall have");

        deployments.promote("canary", C, "ada", "fixed");
        assertThat(deployments.rollback("canary", "ada", "not fixed").release()).isEqualTo(A.hash());
    }

    @Test
    void rollsBackAProtectedLabelWithoutAVerdict() {
        deployments.promote("production", A, "ada", "first");
        deployments.promote("production", B, "ada", "better", verdict(B, A, BETTER), rowsOf(B, A, BETTER));

        assertThat(deployments.rollback("production", "ada", "complaints").release())
                .isEqualTo(A.hash());
        assertRefused(C, verdict(C, B, BETTER), BETTER, "the verdict compares with release");
    }

    @Test
    void saysThatALabelWithoutAReleaseCannotGoBack() {
        assertThatIllegalStateException()
                .isThrownBy(() -> deployments.rollback("production", "ada", "complaints"))
                .withMessageContaining("it has no release;");
        assertThat(deployments.current("production")).isEmpty();
    }

    @Test
    void wantsALabelAnActorAndAReason() {
        assertThatIllegalArgumentException().isThrownBy(() -> deployments.promote(" ", A, "ada", "first"));
        assertThatIllegalArgumentException().isThrownBy(() -> deployments.promote("canary", A, "", "first"));
        assertThatIllegalArgumentException().isThrownBy(() -> deployments.promote("canary", A, "ada", " "));

        assertThat(store.journal()).isEmpty();
        assertThat(store.find(A.hash())).isEmpty();
    }

    @Test
    void decidesAnewWhenAnotherMoveComesFirst() {
        deployments.promote("production", A, "ada", "first");
        Racing racing = new Racing(store);
        Deployments raced = deployments(racing);

        racing.before(ignored -> deployments.promote("canary", C, "bob", "another label"));
        assertThat(raced.promote("production", B, "ada", "better", verdict(B, A, BETTER), rowsOf(B, A, BETTER))
                        .revision())
                .isEqualTo(3);

        racing.before(ignored -> deployments.rollback("production", "bob", "complaints"));
        assertThatExceptionOfType(PromotionRefusedException.class)
                .isThrownBy(() ->
                        raced.promote("production", C, "ada", "better", verdict(C, B, BETTER), rowsOf(C, B, BETTER)))
                .withMessageContaining(
                        "the verdict compares with release " + B.hash().shortForm());

        racing.before(ignored -> deployments.promote("canary", B, "bob", "first"));
        assertThat(raced.promote("canary", B, "ada", "the same").revision()).isEqualTo(5);
    }

    @Test
    void givesUpOnAStoreThatTakesNothing() {
        Racing never = new Racing(store) {
            @Override
            public boolean append(JournalEntry entry) {
                return false;
            }
        };

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> deployments(never).promote("canary", A, "ada", "first"))
                .withMessageContaining("other journal entries came first 1000 times");
    }

    @Test
    void refusesAVerdictThatWasRelabelledWhileItsRowsWereNot() {
        deployments.promote("production", A, "ada", "first");
        PairedRows ofAnother = rowsOf(C, A, BETTER);

        assertThatExceptionOfType(PromotionRefusedException.class)
                .isThrownBy(
                        () -> deployments.promote("production", B, "ada", "better", verdict(B, A, BETTER), ofAnother))
                .withMessageContaining("the rows are of release " + C.hash().shortForm() + " against "
                        + A.hash().shortForm() + " on dataset " + DATASET.shortForm() + " and the verdict is of "
                        + B.hash().shortForm());
        for (PairedRows other :
                List.of(rowsOf(B, C, BETTER), new PairedRows(B.hash(), A.hash(), Hash.ofUtf8("easier"), BETTER))) {
            assertThatExceptionOfType(PromotionRefusedException.class)
                    .isThrownBy(
                            () -> deployments.promote("production", B, "ada", "better", verdict(B, A, BETTER), other))
                    .withMessageContaining("the rows are of release");
        }
    }

    private void assertRefused(Release candidate, Verdict verdict, List<PairedRow> rows, String rule) {
        PairedRows labelled = new PairedRows(verdict.candidate(), verdict.baseline(), verdict.dataset(), rows);
        assertThatExceptionOfType(PromotionRefusedException.class)
                .isThrownBy(() -> deployments.promote("production", candidate, "ada", "better", verdict, labelled))
                .withMessageContaining(rule);
    }

    private static PairedRows rowsOf(Release candidate, Release baseline, List<PairedRow> rows) {
        return new PairedRows(candidate.hash(), baseline.hash(), DATASET, rows);
    }

    private static Deployments deployments(ReleaseStore store) {
        return Deployments.builder(store)
                .protect("production", POLICY)
                .clock(CLOCK)
                .build();
    }

    private static Verdict verdict(Release candidate, Release baseline, List<PairedRow> rows) {
        return Verdict.compute(POLICY, candidate.hash(), baseline.hash(), DATASET, rows);
    }

    private static List<PairedRow> rows(int gained, int lost, int total) {
        return IntStream.range(0, total)
                .mapToObj(i -> new PairedRow("e" + i, "correct", i >= gained, i < gained || i >= gained + lost))
                .toList();
    }

    /** Lets something happen just before a move is appended. */
    private static class Racing implements ReleaseStore {

        private final ReleaseStore store;
        private final List<Consumer<JournalEntry>> before = new ArrayList<>();

        Racing(ReleaseStore store) {
            this.store = store;
        }

        void before(Consumer<JournalEntry> action) {
            before.add(action);
        }

        @Override
        public void save(Release release) {
            store.save(release);
        }

        @Override
        public Optional<Release> find(Hash hash) {
            return store.find(hash);
        }

        @Override
        public Optional<Deployment> deployment(String label) {
            return store.deployment(label);
        }

        @Override
        public List<JournalEntry> journal() {
            return store.journal();
        }

        @Override
        public boolean append(JournalEntry entry) {
            if (!before.isEmpty()) {
                before.remove(0).accept(entry);
            }
            return store.append(entry);
        }
    }
}
