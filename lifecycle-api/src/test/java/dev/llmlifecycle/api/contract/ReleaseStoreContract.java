package dev.llmlifecycle.api.contract;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.DeploymentMove;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What every {@link ReleaseStore} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create()}; a store that keeps its content across restarts
 * supplies {@link #reopen()} too. Each test works on one store.
 */
public abstract class ReleaseStoreContract {

    private static final String PRODUCTION = "production";
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901234Z");

    /**
     * Returns a new store without content, separate from every one before.
     *
     * @return the store under test
     */
    protected abstract ReleaseStore create();

    /**
     * Opens the content of the last store of {@link #create()} anew, as after a restart.
     *
     * @return the reopened store, or nothing where a restart loses the content by design
     */
    protected Optional<ReleaseStore> reopen() {
        return Optional.empty();
    }

    @Test
    public final void startsEmpty() {
        ReleaseStore store = create();

        assertThat(store.find(release("1").hash())).isEmpty();
        assertThat(store.deployment(PRODUCTION)).isEmpty();
        assertThat(store.journal()).isEmpty();
    }

    @Test
    public final void findsWhatWasSavedByItsHash() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(everything());

        assertThat(store.find(release("1").hash())).contains(release("1"));
        assertThat(store.find(everything().hash())).contains(everything());
        assertThat(store.find(release("2").hash())).isEmpty();
    }

    @Test
    public final void changesNothingWhenSavedAgain() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.append(first(release("1")));

        store.save(release("1"));

        assertThat(store.find(release("1").hash())).contains(release("1"));
        assertThat(store.journal()).containsExactly(first(release("1")));
        assertThat(store.deployment(PRODUCTION)).contains(first(release("1")).deployment());
    }

    @Test
    public final void pointsTheLabelWhereItWasMoved() {
        ReleaseStore store = create();
        store.save(release("1"));

        assertThat(store.append(first(release("1")))).isTrue();

        assertThat(store.deployment(PRODUCTION))
                .contains(new Deployment(PRODUCTION, release("1").hash(), 1, TIME));
        assertThat(store.journal()).containsExactly(first(release("1")));
    }

    @Test
    public final void keepsEachLabelWhereItsLastMoveLeftIt() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(release("2"));
        DeploymentMove first = first(release("1"));
        DeploymentMove second = after(first, "canary", release("2"));
        DeploymentMove third = after(second, PRODUCTION, release("2"));

        assertThat(List.of(store.append(first), store.append(second), store.append(third)))
                .containsOnly(true);

        assertThat(store.journal()).containsExactly(first, second, third);
        assertThat(store.deployment("canary")).contains(second.deployment());
        assertThat(store.deployment(PRODUCTION)).contains(third.deployment());
        assertThat(store.deployment("other")).isEmpty();
    }

    @Test
    public final void turnsDownAMoveThatIsNotTheNextOne() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(release("2"));
        DeploymentMove first = first(release("1"));
        store.append(first);

        assertThat(store.append(first(release("2")))).as("revision 1 again").isFalse();
        assertThat(store.append(move(3, PRODUCTION, release("2"), Optional.of(first.hash()))))
                .as("revision 2 left out")
                .isFalse();
        assertThat(store.append(move(2, PRODUCTION, release("2"), Optional.empty())))
                .as("no link to the move before")
                .isFalse();
        assertThat(store.append(move(2, PRODUCTION, release("2"), Optional.of(Hash.ofUtf8("another")))))
                .as("linked to another move")
                .isFalse();

        assertThat(store.journal()).containsExactly(first);
        assertThat(store.deployment(PRODUCTION)).contains(first.deployment());
        assertThat(store.append(after(first, PRODUCTION, release("2")))).isTrue();
    }

    @Test
    public final void turnsDownAFirstMoveThatClaimsAPast() {
        ReleaseStore store = create();
        store.save(release("1"));

        assertThat(store.append(move(2, PRODUCTION, release("1"), Optional.empty())))
                .isFalse();
        assertThat(store.append(move(1, PRODUCTION, release("1"), Optional.of(Hash.ofUtf8("another")))))
                .isFalse();

        assertThat(store.journal()).isEmpty();
        assertThat(store.deployment(PRODUCTION)).isEmpty();
    }

    @Test
    public final void refusesAMoveToAReleaseThatWasNeverSaved() {
        ReleaseStore store = create();
        store.save(release("1"));
        DeploymentMove first = first(release("1"));
        store.append(first);

        assertThatIllegalArgumentException().isThrownBy(() -> store.append(after(first, PRODUCTION, release("2"))));

        assertThat(store.journal()).containsExactly(first);
        assertThat(store.deployment(PRODUCTION)).contains(first.deployment());
    }

    @Test
    public final void handsOutAJournalThatNobodyCanChange() {
        ReleaseStore store = create();
        store.save(release("1"));
        DeploymentMove first = first(release("1"));
        store.append(first);
        List<DeploymentMove> journal = store.journal();

        assertThatThrownBy(journal::clear).isInstanceOf(UnsupportedOperationException.class);
        store.append(after(first, "canary", release("1")));
        assertThat(journal).containsExactly(first);
    }

    @Test
    public final void letsExactlyOneOfManyMovesWinEachRevision() {
        ReleaseStore store = create();
        store.save(release("1"));

        for (int revision = 1; revision <= 5; revision++) {
            List<DeploymentMove> before = store.journal();
            List<Boolean> won = Threads.together(thread -> store.append(next(before, "label-" + thread, release("1"))));

            assertThat(won).containsOnlyOnce(true);
            assertThat(store.journal()).hasSize(revision);
            assertThat(store.deployment("label-" + won.indexOf(true)))
                    .contains(store.journal().get(revision - 1).deployment());
        }
        assertChained(store.journal());
    }

    @Test
    public final void losesNoMoveOfCallersThatTryAgain() {
        ReleaseStore store = create();
        int each = 3;

        Threads.together(thread -> {
            for (int i = 0; i < each; i++) {
                Release release = release(thread + "." + i);
                store.save(release);
                boolean done = false;
                while (!done) {
                    done = store.append(next(store.journal(), "label-" + thread, release));
                }
            }
            return thread;
        });

        assertThat(store.journal()).hasSize(Threads.COUNT * each);
        assertChained(store.journal());
        for (int thread = 0; thread < Threads.COUNT; thread++) {
            assertThat(store.deployment("label-" + thread))
                    .map(Deployment::release)
                    .contains(release(thread + "." + (each - 1)).hash());
        }
    }

    @Test
    public final void savesTheSameReleaseFromManyThreads() {
        ReleaseStore store = create();

        Threads.together(thread -> {
            store.save(everything());
            return store.find(everything().hash()).orElseThrow();
        });

        assertThat(store.find(everything().hash())).contains(everything());
    }

    @Test
    public final void keepsEverythingAcrossARestart() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(everything());
        DeploymentMove first = first(release("1"));
        DeploymentMove second = new DeploymentMove(
                2,
                DeploymentMove.Kind.PROMOTE,
                PRODUCTION,
                Optional.of(release("1").hash()),
                everything().hash(),
                "李雷",
                "besser \ud83d\ude00 \"0.91\"\nsecond line \u2028",
                TIME.plusNanos(1),
                Optional.of(Hash.ofUtf8("a verdict")),
                Optional.of(first.hash()));
        DeploymentMove third = new DeploymentMove(
                3,
                DeploymentMove.Kind.ROLLBACK,
                PRODUCTION,
                Optional.of(everything().hash()),
                release("1").hash(),
                "ada",
                "complaints",
                TIME.plusSeconds(60),
                Optional.empty(),
                Optional.of(second.hash()));
        List.of(first, second, third)
                .forEach(move -> assertThat(store.append(move)).isTrue());

        reopen().ifPresent(reopened -> {
            assertThat(reopened.find(release("1").hash())).contains(release("1"));
            assertThat(reopened.find(everything().hash())).contains(everything());
            assertThat(reopened.journal()).containsExactly(first, second, third);
            assertThat(reopened.deployment(PRODUCTION)).contains(third.deployment());
            assertThat(reopened.append(first)).isFalse();
            assertThat(reopened.append(after(third, "canary", release("1")))).isTrue();
            assertThat(reopened.journal()).hasSize(4);
        });
    }

    private static void assertChained(List<DeploymentMove> journal) {
        for (int i = 0; i < journal.size(); i++) {
            assertThat(journal.get(i).revision()).isEqualTo(i + 1L);
            assertThat(journal.get(i).previousMove())
                    .isEqualTo(
                            i == 0
                                    ? Optional.empty()
                                    : Optional.of(journal.get(i - 1).hash()));
        }
    }

    private static DeploymentMove first(Release to) {
        return move(1, PRODUCTION, to, Optional.empty());
    }

    private static DeploymentMove after(DeploymentMove previous, String label, Release to) {
        return move(previous.revision() + 1, label, to, Optional.of(previous.hash()));
    }

    private static DeploymentMove next(List<DeploymentMove> journal, String label, Release to) {
        return journal.isEmpty()
                ? move(1, label, to, Optional.empty())
                : after(journal.get(journal.size() - 1), label, to);
    }

    private static DeploymentMove move(long revision, String label, Release to, Optional<Hash> previous) {
        return new DeploymentMove(
                revision,
                DeploymentMove.Kind.PROMOTE,
                label,
                Optional.empty(),
                to.hash(),
                "ada",
                "a test",
                TIME,
                Optional.empty(),
                previous);
    }

    private static Release release(String modelVersion) {
        return Release.builder(Identity.of("model", modelVersion), prompt("support-answer"))
                .build();
    }

    private static Release everything() {
        return Release.builder(Identity.of("modèle \ud83d\ude00", "1 \"beta\""), prompt("support-answer"))
                .prompt(prompt("summary"))
                .part("retriever", Identity.of("hybrid", "2"))
                .part("router", Identity.of("keyword", "1"))
                .corpusId("help centre")
                .inputValidator(Identity.of("length", "1"))
                .inputValidator(Identity.of("privacy", "1"))
                .outputValidator(Identity.of("grounded", "1"))
                .build();
    }

    private static PinnedPrompt prompt(String name) {
        return new PinnedPrompt(name, 3, Hash.ofUtf8(name));
    }
}
