package dev.llmlifecycle.core.release;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.jdbc.HookedDataSource;
import dev.llmlifecycle.core.internal.jdbc.TestDatabases;
import dev.llmlifecycle.core.prompt.JdbcPromptRegistry;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static dev.llmlifecycle.core.release.Releases.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Two processes on one PostgreSQL, and connections that break while they write. */
@NullMarked
final class SharedPostgresTest {

    private static final int THREADS = 8;
    private static final int EACH = 2;
    private static final String NAME = "support-answer";

    private final String prefix = TestDatabases.newPrefix();

    @Test
    void losesNothingWhenTwoInstancesWriteWithEightThreadsEach() throws Exception {
        DataSource database = TestDatabases.postgres();
        List<PromptRegistry> registries = List.of(prompts(database), prompts(database));
        List<ReleaseStore> stores = List.of(releases(database), releases(database));
        ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS);
        CyclicBarrier start = new CyclicBarrier(2 * THREADS);
        List<Future<List<PromptVersion>>> writing = new ArrayList<>();
        for (int i = 0; i < 2 * THREADS; i++) {
            int thread = i;
            writing.add(threads.submit(() -> {
                PromptRegistry prompts = registries.get(thread % 2);
                Deployments deployments =
                        Deployments.builder(stores.get(thread % 2)).build();
                List<PromptVersion> registered = new ArrayList<>();
                start.await(30, TimeUnit.SECONDS);
                for (int each = 0; each < EACH; each++) {
                    String text = thread + "." + each;
                    registered.add(prompts.register(template(text), "thread-" + thread, "change"));
                    prompts.label(NAME, "draft", registered.get(each).number());
                    deployments.promote("label-" + thread, release(text), "thread-" + thread, "next");
                }
                return registered;
            }));
        }
        List<PromptVersion> registered = new ArrayList<>();
        for (Future<List<PromptVersion>> each : writing) {
            registered.addAll(each.get(60, TimeUnit.SECONDS));
        }
        threads.shutdownNow();

        List<PromptVersion> history = prompts(database).history(NAME);
        assertThat(history).hasSize(2 * THREADS * EACH).containsExactlyInAnyOrderElementsOf(registered);
        Optional<Hash> parent = Optional.empty();
        for (int i = 0; i < history.size(); i++) {
            assertThat(history.get(i).number()).isEqualTo(i + 1);
            assertThat(history.get(i).parent()).isEqualTo(parent);
            parent = Optional.of(history.get(i).hash());
        }
        ReleaseStore store = releases(database);
        assertThat(store.journal()).hasSize(2 * THREADS * EACH);
        for (int thread = 0; thread < 2 * THREADS; thread++) {
            assertThat(store.deployment("label-" + thread))
                    .map(Deployment::release)
                    .contains(release(thread + "." + (EACH - 1)).hash());
        }
    }

    /** The server ends the connection before it commits: nothing is stored. */
    @Test
    void storesNothingOfACommitThatDidNotReachTheServer() {
        breaksInTheCommit(TestDatabases::terminate);
    }

    /** The server commits, and the answer is lost: the caller cannot know, and doing it again doubles nothing. */
    @Test
    void storesNothingTwiceWhenTheAnswerToACommitIsLost() {
        breaksInTheCommit(connection -> {
            connection.commit();
            TestDatabases.terminate(connection);
            throw new SQLException("the answer was lost", "08006");
        });
    }

    private void breaksInTheCommit(Break how) {
        AtomicBoolean broken = new AtomicBoolean();
        HookedDataSource database = new HookedDataSource(TestDatabases.postgres());
        PromptRegistry prompts = prompts(database);
        ReleaseStore store = releases(database);
        Deployments deployments = Deployments.builder(store).build();
        prompts.register(template("one"), "ada", "first");
        deployments.promote("production", release("1"), "ada", "first");
        AtomicBoolean writes = new AtomicBoolean();
        database.before((connection, method, argument) -> {
            if (argument.startsWith("INSERT")) {
                writes.set(true);
            }
            if (method.equals("commit") && writes.getAndSet(false) && !broken.getAndSet(true)) {
                how.on(connection);
            }
        });

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> prompts.register(template("two"), "ada", "second"))
                .withMessageMatching("Registering a version of prompt 'support-answer' failed while it was committed"
                        + " \\(\\w*SQLException, SQLState \\w+\\), so whether it was stored is not known; do it again, which"
                        + " stores nothing twice");
        PromptVersion second = prompts.register(template("two"), "ada", "second");

        assertThat(second.number()).isEqualTo(2);
        assertThat(prompts.history(NAME)).hasSize(2).contains(second);

        store.save(release("2"));
        broken.set(false);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> deployments.promote("production", release("2"), "ada", "second"))
                .withMessageContaining("whether it was stored is not known");
        deployments.promote("production", release("2"), "ada", "second");

        assertThat(store.journal()).extracting(JournalEntry::revision).containsExactly(1L, 2L);
        assertThat(store.deployment("production"))
                .map(Deployment::release)
                .contains(release("2").hash());
        assertThat(database.borrowed()).isZero();
    }

    private PromptRegistry prompts(DataSource database) {
        return JdbcPromptRegistry.builder(database).tablePrefix(prefix).build();
    }

    private ReleaseStore releases(DataSource database) {
        return JdbcReleaseStore.builder(database).tablePrefix(prefix).build();
    }

    private static ChatPromptTemplate template(String system) {
        return ChatPromptTemplate.builder(NAME)
                .system(system)
                .user("{{question}}")
                .build();
    }

    @FunctionalInterface
    private interface Break {
        void on(Connection connection) throws SQLException;
    }
}
