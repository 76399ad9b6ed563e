package dev.llmlifecycle.api.contract;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.ReleaseStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ReleaseStoreContractTest extends ReleaseStoreContract {

    private ReleaseStore last = new InMemoryReleaseStore();

    @Override
    protected ReleaseStore create() {
        last = new InMemoryReleaseStore();
        return last;
    }

    @Override
    protected Optional<ReleaseStore> reopen() {
        return Optional.of(last);
    }

    @Test
    void noticesAStoreThatTakesAnyRevision() {
        assertThat(failures(() -> new InMemoryReleaseStore() {
                    @Override
                    boolean isNext(JournalEntry entry) {
                        return true;
                    }
                }))
                .contains(
                        "turnsDownAMoveThatIsNotTheNextOne",
                        "turnsDownAFirstMoveThatClaimsAPast",
                        "letsExactlyOneOfManyMovesWinEachRevision");
    }

    @Test
    void noticesAStoreThatDoesNotLookAtTheChain() {
        assertThat(failures(() -> new InMemoryReleaseStore() {
                    @Override
                    boolean isLinked(JournalEntry entry) {
                        return true;
                    }
                }))
                .containsExactly("turnsDownAFirstMoveThatClaimsAPast", "turnsDownAMoveThatIsNotTheNextOne");
    }

    @Test
    void noticesAStoreThatPointsAtNothing() {
        assertThat(failures(() -> new InMemoryReleaseStore() {
                    @Override
                    boolean isSaved(JournalEntry entry) {
                        return true;
                    }
                }))
                .containsExactly(
                        "refusesAMoveToAReleaseThatWasNeverSaved", "refusesAProposalOfAReleaseThatWasNeverSaved");
    }

    @Test
    void noticesAStoreThatKeepsOnlyMoves() {
        assertThat(failures(() -> new InMemoryReleaseStore() {
                    @Override
                    public List<JournalEntry> journal() {
                        return super.journal().stream()
                                .filter(entry -> entry.event() instanceof JournalEvent.Moved)
                                .toList();
                    }
                }))
                .contains("keepsEveryKindOfEntryWithItsSignature");
    }

    @Test
    void noticesAJournalThatCallersCanChange() {
        assertThat(failures(() -> new InMemoryReleaseStore() {
                    @Override
                    public List<JournalEntry> journal() {
                        return entries;
                    }
                }))
                .contains("handsOutAJournalThatNobodyCanChange");
    }

    @Test
    void noticesContentThatIsLostInARestart() {
        assertThat(Failures.of(ReleaseStoreContract.class, () -> new ReleaseStoreContract() {
                    @Override
                    protected ReleaseStore create() {
                        return new InMemoryReleaseStore();
                    }

                    @Override
                    protected Optional<ReleaseStore> reopen() {
                        return Optional.of(new InMemoryReleaseStore());
                    }
                }))
                .containsExactly("keepsEveryKindOfEntryWithItsSignature", "keepsEverythingAcrossARestart");
    }

    private static List<String> failures(Supplier<ReleaseStore> broken) {
        return Failures.of(ReleaseStoreContract.class, () -> new ReleaseStoreContract() {
            private ReleaseStore last = broken.get();

            @Override
            protected ReleaseStore create() {
                last = broken.get();
                return last;
            }

            @Override
            protected Optional<ReleaseStore> reopen() {
                return Optional.of(last);
            }
        });
    }
}
