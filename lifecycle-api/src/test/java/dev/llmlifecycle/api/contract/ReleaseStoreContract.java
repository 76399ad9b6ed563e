package dev.llmlifecycle.api.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.JournalSignature;
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
        assertThat(store.deployment(PRODUCTION)).isEqualTo(first(release("1")).deployment());
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
        JournalEntry first = first(release("1"));
        JournalEntry second = after(first, "canary", release("2"));
        JournalEntry third = after(second, PRODUCTION, release("2"));

        assertThat(List.of(store.append(first), store.append(second), store.append(third)))
                .containsOnly(true);

        assertThat(store.journal()).containsExactly(first, second, third);
        assertThat(store.deployment("canary")).isEqualTo(second.deployment());
        assertThat(store.deployment(PRODUCTION)).isEqualTo(third.deployment());
        assertThat(store.deployment("other")).isEmpty();
    }

    @Test
    public final void turnsDownAMoveThatIsNotTheNextOne() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(release("2"));
        JournalEntry first = first(release("1"));
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
        assertThat(store.deployment(PRODUCTION)).isEqualTo(first.deployment());
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
        JournalEntry first = first(release("1"));
        store.append(first);

        assertThatIllegalArgumentException().isThrownBy(() -> store.append(after(first, PRODUCTION, release("2"))));

        assertThat(store.journal()).containsExactly(first);
        assertThat(store.deployment(PRODUCTION)).isEqualTo(first.deployment());
    }

    @Test
    public final void keepsEveryKindOfEntryWithItsSignature() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(release("2"));
        Hash one = release("1").hash();
        Hash two = release("2").hash();
        PinnedPrompt prompt = prompt("support-answer");
        Optional<JournalEvent.Evidence> evidence = Optional.of(new JournalEvent.Evidence(
                Hash.ofUtf8("a verdict"), Optional.of(Hash.ofUtf8("a dataset")), Optional.of(Hash.ofUtf8("rows"))));
        List<JournalEvent> events = List.of(
                new JournalEvent.PromptRegistered(prompt),
                new JournalEvent.PromptLabelled(prompt, "reviewed"),
                new JournalEvent.Approved(PRODUCTION, Optional.empty(), one),
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE, PRODUCTION, Optional.empty(), one, Optional.empty()),
                new JournalEvent.Proposed(PRODUCTION, Optional.of(one), two, List.of("prompt \"support-answer\"", "ü")),
                new JournalEvent.Proposed("canary", Optional.empty(), two, List.of()),
                new JournalEvent.Approved(PRODUCTION, Optional.of(one), two),
                new JournalEvent.Moved(JournalEvent.Moved.Kind.PROMOTE, PRODUCTION, Optional.of(one), two, evidence),
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.ROLLBACK, PRODUCTION, Optional.of(two), one, Optional.empty()),
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.OVERRIDE, PRODUCTION, Optional.of(one), two, Optional.empty()),
                new JournalEvent.PromptRegistered(prompt("summary")));
        List<JournalEntry> entries = new ArrayList<>();
        Optional<JournalEntry> last = Optional.empty();
        for (JournalEvent event : events) {
            JournalEntry next = JournalEntry.after(last, TIME, "ada", "a test", event);
            last = Optional.of(
                    entries.size() % 2 == 0 ? next : next.signed(JournalSignature.of("key 1", new byte[] {1, 2, -3})));
            entries.add(last.orElseThrow());
            assertThat(store.last())
                    .isEqualTo(entries.stream().limit(entries.size() - 1L).reduce((earlier, later) -> later));
            assertThat(store.append(last.orElseThrow())).as(event.word()).isTrue();
        }

        assertThat(store.journal()).isEqualTo(entries);
        assertThat(store.last()).isEqualTo(last);
        for (int revision = 0; revision <= entries.size(); revision++) {
            assertThat(store.journalAfter(revision)).isEqualTo(entries.subList(revision, entries.size()));
        }
        assertThat(store.deployment(PRODUCTION)).isEqualTo(entries.get(9).deployment());
        assertThat(store.deployment("canary")).isEmpty();
        reopen().ifPresent(reopened -> {
            assertThat(reopened.journal()).isEqualTo(entries);
            assertThat(reopened.last()).contains(entries.get(entries.size() - 1));
            assertThat(reopened.deployment(PRODUCTION)).isEqualTo(entries.get(9).deployment());
            assertThat(reopened.deployment("canary")).isEmpty();
        });
    }

    @Test
    public final void refusesAProposalOfAReleaseThatWasNeverSaved() {
        ReleaseStore store = create();

        for (JournalEvent event : List.of(
                new JournalEvent.Proposed(
                        PRODUCTION, Optional.empty(), release("1").hash(), List.of()),
                new JournalEvent.Approved(
                        PRODUCTION, Optional.empty(), release("1").hash()))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.append(JournalEntry.after(Optional.empty(), TIME, "ada", "a test", event)));
        }

        assertThat(store.journal()).isEmpty();
    }

    @Test
    public final void handsOutAJournalThatNobodyCanChange() {
        ReleaseStore store = create();
        store.save(release("1"));
        JournalEntry first = first(release("1"));
        store.append(first);
        List<JournalEntry> journal = store.journal();

        assertThatThrownBy(journal::clear).isInstanceOf(UnsupportedOperationException.class);
        store.append(after(first, "canary", release("1")));
        assertThat(journal).containsExactly(first);
    }

    @Test
    public final void letsExactlyOneOfManyMovesWinEachRevision() {
        ReleaseStore store = create();
        store.save(release("1"));

        for (int revision = 1; revision <= 5; revision++) {
            List<JournalEntry> before = store.journal();
            List<Boolean> won = Threads.together(thread -> store.append(next(before, "label-" + thread, release("1"))));

            assertThat(won).containsOnlyOnce(true);
            assertThat(store.journal()).hasSize(revision);
            assertThat(store.deployment("label-" + won.indexOf(true)))
                    .isEqualTo(store.journal().get(revision - 1).deployment());
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
        JournalEntry first = first(release("1"));
        JournalEntry second = JournalEntry.after(
                Optional.of(first),
                TIME.plusNanos(1),
                "李雷",
                "besser \ud83d\ude00 \"0.91\"\nsecond line \u2028",
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE,
                        PRODUCTION,
                        Optional.of(release("1").hash()),
                        everything().hash(),
                        Optional.of(new JournalEvent.Evidence(
                                Hash.ofUtf8("a verdict"), Optional.empty(), Optional.empty()))));
        JournalEntry third = JournalEntry.after(
                Optional.of(second),
                TIME.plusSeconds(60),
                "ada",
                "complaints",
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.ROLLBACK,
                        PRODUCTION,
                        Optional.of(everything().hash()),
                        release("1").hash(),
                        Optional.empty()));
        List.of(first, second, third)
                .forEach(entry -> assertThat(store.append(entry)).isTrue());

        reopen().ifPresent(reopened -> {
            assertThat(reopened.find(release("1").hash())).contains(release("1"));
            assertThat(reopened.find(everything().hash())).contains(everything());
            assertThat(reopened.journal()).containsExactly(first, second, third);
            assertThat(reopened.deployment(PRODUCTION)).isEqualTo(third.deployment());
            assertThat(reopened.append(first)).isFalse();
            assertThat(reopened.append(after(third, "canary", release("1")))).isTrue();
            assertThat(reopened.journal()).hasSize(4);
        });
    }

    private static void assertChained(List<JournalEntry> journal) {
        for (int i = 0; i < journal.size(); i++) {
            assertThat(journal.get(i).follows(i == 0 ? Optional.empty() : Optional.of(journal.get(i - 1))))
                    .as("entry %d", i + 1)
                    .isTrue();
        }
    }

    private static JournalEntry first(Release to) {
        return move(1, PRODUCTION, to, Optional.empty());
    }

    private static JournalEntry after(JournalEntry previous, String label, Release to) {
        return move(previous.revision() + 1, label, to, Optional.of(previous.hash()));
    }

    private static JournalEntry next(List<JournalEntry> journal, String label, Release to) {
        return journal.isEmpty()
                ? move(1, label, to, Optional.empty())
                : after(journal.get(journal.size() - 1), label, to);
    }

    private static JournalEntry move(long revision, String label, Release to, Optional<Hash> previous) {
        return new JournalEntry(
                revision,
                TIME,
                "ada",
                "a test",
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE, label, Optional.empty(), to.hash(), Optional.empty()),
                previous,
                Optional.empty());
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
