package dev.llmlifecycle.core.release;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.contract.ReleaseStoreContract;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.jdbc.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.llmlifecycle.core.release.Releases.next;
import static dev.llmlifecycle.core.release.Releases.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What holds on every database: the contract and what only rows in tables can suffer. */
abstract class JdbcReleaseStoreTests extends ReleaseStoreContract {

    private String prefix = TestDatabases.newPrefix();

    abstract DataSource database();

    @Override
    protected ReleaseStore create() {
        prefix = TestDatabases.newPrefix();
        return open();
    }

    @Override
    protected Optional<ReleaseStore> reopen() {
        return Optional.of(open());
    }

    @Test
    final void namesTableAndHashOfADamagedReleaseAndReplacesIt() throws SQLException {
        ReleaseStore store = threeMoves();
        change("release SET content = REPLACE(content, '\"version\":\"2\"', '\"version\":\"7\"')");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> store.find(release("2").hash()))
                .satisfies(e -> {
                    assertThat(e.source()).isEqualTo(prefix + "release");
                    assertThat(e.position()).isEqualTo("hash " + release("2").hash());
                });
        assertThat(store.find(release("1").hash())).contains(release("1"));

        store.save(release("2"));
        assertThat(store.find(release("2").hash())).contains(release("2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content = REPLACE(content, 'canary', 'canarx')",
                "content = REPLACE(content, '\"format\":2', '\"format\":99')",
                "content = 'no json'",
                "hash = REPLACE(hash, SUBSTRING(hash, 1, 1), 'g')",
                "revision = 9"
            })
    final void refusesAJournalWithARowThatWasChanged(String change) throws SQLException {
        ReleaseStore reader = threeMoves();
        change("journal SET " + change + " WHERE revision = 2");

        for (ReleaseStore store : List.of(reader, open())) {
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(store::journal)
                    .withMessageMatching(prefix + "journal, revision [23]: .*; restore the row from a backup");
        }
        ReleaseStore started = open();
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> started.deployment("production"));
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(started::last);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> started.append(next(List.of(), "canary", release("1"))));
    }

    @Test
    final void refusesAJournalWithARowThatIsMissing() throws SQLException {
        ReleaseStore store = threeMoves();
        TestDatabases.execute(database(), "DELETE FROM " + prefix + "journal WHERE revision = 2");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(store::journal)
                .withMessageContaining("revision 3: it does not follow the entry before");
    }

    @Test
    final void readsAnewWhenTheEndOfTheJournalIsAnotherOne() throws SQLException {
        ReleaseStore store = threeMoves();
        assertThat(store.deployment("production")).map(Deployment::revision).contains(3L);
        TestDatabases.execute(database(), "DELETE FROM " + prefix + "journal WHERE revision = 3");

        assertThat(store.deployment("production")).map(Deployment::revision).contains(1L);
        assertThat(store.last()).map(JournalEntry::revision).contains(2L);
        assertThat(store.append(next(store.journal(), "production", release("2"))))
                .isTrue();
    }

    @Test
    final void seesWhatAnotherProcessAppendedAtOnce() {
        ReleaseStore one = threeMoves();
        ReleaseStore other = open();
        JournalEntry fourth = next(other.journal(), "production", release("1"));

        assertThat(other.append(fourth)).isTrue();

        assertThat(one.deployment("production")).isEqualTo(fourth.deployment());
        assertThat(one.append(fourth)).isFalse();
    }

    private ReleaseStore threeMoves() {
        ReleaseStore store = create();
        store.save(release("1"));
        store.save(release("2"));
        assertThat(store.append(next(store.journal(), "production", release("1"))))
                .isTrue();
        assertThat(store.append(next(store.journal(), "canary", release("2")))).isTrue();
        assertThat(store.append(next(store.journal(), "production", release("2"))))
                .isTrue();
        return store;
    }

    private void change(String update) throws SQLException {
        TestDatabases.execute(database(), "UPDATE " + prefix + update);
    }

    private ReleaseStore open() {
        return JdbcReleaseStore.builder(database()).tablePrefix(prefix).build();
    }
}
