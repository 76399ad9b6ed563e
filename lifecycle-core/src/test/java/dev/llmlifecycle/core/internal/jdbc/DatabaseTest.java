package dev.llmlifecycle.core.internal.jdbc;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import dev.llmlifecycle.api.LifecycleException;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class DatabaseTest {

    private static final String READ = "SELECT COUNT(*) FROM {p}release";
    private static final String WRITE = "INSERT INTO {p}release (hash, content) VALUES (?, ?)";

    private final String prefix = TestDatabases.newPrefix();

    enum Product {
        POSTGRESQL,
        H2;

        DataSource open() {
            return this == H2 ? TestDatabases.h2() : TestDatabases.postgres();
        }
    }

    @ParameterizedTest
    @EnumSource
    void createsItsTablesOnceWhenManyProcessesStartOnAnEmptyDatabase(Product product) throws Exception {
        DataSource source = product.open();
        int processes = 8;
        CyclicBarrier start = new CyclicBarrier(processes);
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        List<Future<Database>> opening = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            opening.add(threads.submit(() -> {
                start.await(30, TimeUnit.SECONDS);
                return open(source);
            }));
        }

        for (int i = 0; i < processes; i++) {
            write(opening.get(i).get(30, TimeUnit.SECONDS), "row " + i);
        }

        threads.shutdownNow();
        assertThat(count(open(source))).isEqualTo(processes);
        assertThat(numbers(source, "SELECT version FROM " + prefix + "schema_version"))
                .containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource
    void refusesTablesOfANewerLibrary(Product product) throws SQLException {
        DataSource source = product.open();
        open(source);
        TestDatabases.execute(
                source,
                "INSERT INTO " + prefix + "schema_version (version, applied_at) VALUES (99, CURRENT_TIMESTAMP)");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> open(source))
                .withMessage("Opening the tables '" + prefix + "…' failed: they have the schema 99 and this version of"
                        + " the library knows up to 1; use a version of the library that is as new as theirs");
    }

    @Test
    void opensTablesThatAreThereWithoutTheRightToCreateAny() throws SQLException {
        DataSource owner = TestDatabases.postgres();
        open(owner);
        String user = prefix + "user";
        TestDatabases.execute(owner, "CREATE ROLE " + user + " LOGIN");
        TestDatabases.execute(owner, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        TestDatabases.execute(owner, "GRANT SELECT ON " + prefix + "schema_version, " + prefix + "release TO " + user);
        DataSource source = TestDatabases.server().getDatabase(user, "postgres");

        Database database = open(source);

        assertThat(count(database)).isZero();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> write(database, "not allowed"))
                .withMessage("Writing failed (PSQLException, SQLState 42501); the database lets this user not do it;"
                        + " check its password and what it was granted");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> Database.open(DatabaseSettings.of(source).withTablePrefix(TestDatabases.newPrefix())))
                .withMessageContaining("SQLState 42501");
    }

    /**
     * The backend is ended before each statement of the migration in turn, as if the process or the network had died.
     */
    @Test
    void goesOnWithAMigrationThatWasInterruptedAnywhere() throws SQLException {
        DataSource source = TestDatabases.postgres();
        int interrupted = 0;
        for (int statement = 1; ; statement++) {
            String tables = TestDatabases.newPrefix();
            AtomicInteger until = new AtomicInteger(statement);
            HookedDataSource dying = new HookedDataSource(source).before((connection, method, argument) -> {
                boolean changes = method.equals("commit")
                        || (method.equals("prepareStatement") && !argument.startsWith("SELECT"));
                if (changes && until.decrementAndGet() == 0) {
                    TestDatabases.terminate(connection);
                }
            });
            try {
                Database.open(DatabaseSettings.of(dying).withTablePrefix(tables));
                break;
            } catch (LifecycleException e) {
                interrupted++;
            }
            Database database = Database.open(DatabaseSettings.of(source).withTablePrefix(tables));
            write(database, "after the restart");
            assertThat(numbers(source, "SELECT version FROM " + tables + "schema_version"))
                    .containsExactly(1);
        }
        assertThat(interrupted).isGreaterThanOrEqualTo(7);
    }

    @Test
    void goesOnWithHalfASchemaWhereTheDatabaseCommitsEachChangeOfIt() {
        int interrupted = 0;
        for (int statement = 1; ; statement++) {
            DataSource source = TestDatabases.h2();
            AtomicInteger until = new AtomicInteger(statement);
            HookedDataSource dying = new HookedDataSource(source).before((connection, method, argument) -> {
                if (method.equals("prepareStatement")
                        && !argument.startsWith("SELECT")
                        && until.decrementAndGet() == 0) {
                    throw new SQLException("the process ends here", "08006");
                }
            });
            try {
                open(dying);
                break;
            } catch (LifecycleException e) {
                interrupted++;
            }
            write(open(source), "after the restart");
        }
        assertThat(interrupted).isEqualTo(6);
    }

    @Test
    void refusesADatabaseThatItsSqlWasNotWrittenFor() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dialect.of("MySQL"))
                .withMessage("the database is 'MySQL' and the SQL of this store was written for PostgreSQL and H2;"
                        + " use one of them");
    }

    @ParameterizedTest
    @EnumSource
    void usesTheSchemaThatIsNamedAndSaysWhenThereIsNone(Product product) throws SQLException {
        DataSource source = product.open();
        String schema = prefix + "schema";
        DatabaseSettings settings = DatabaseSettings.of(source).withSchema(schema);
        assertThatExceptionOfType(LifecycleException.class).isThrownBy(() -> Database.open(settings));
        TestDatabases.execute(source, "CREATE SCHEMA " + schema);

        write(Database.open(settings), "there");

        assertThat(numbers(source, "SELECT COUNT(*) FROM " + schema + ".lifecycle_release"))
                .containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x; DROP TABLE y", "a.b", "A", "1a", "ä", "a-b", "a\"", "a'", " "})
    void refusesASchemaOrPrefixThatIsMoreThanAName(String name) {
        DatabaseSettings settings = DatabaseSettings.of(new JdbcDataSource());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withTablePrefix(name))
                .withMessage("the table prefix '" + name + "' is not allowed; use up to 40 lower-case letters, digits"
                        + " and underscores, not a digit first");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withSchema(name));
    }

    @Test
    void refusesATimeoutThatJdbcCannotCount() {
        DatabaseSettings settings = DatabaseSettings.of(new JdbcDataSource());

        for (Duration limit : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofDays(2), Duration.ofDays(-1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> settings.withTimeout(limit));
        }
    }

    /** With autocommit as pools have it by default, without it, and with the strictest isolation. */
    @ParameterizedTest
    @EnumSource
    void givesConnectionsBackAsTheyWere(Product product) throws SQLException {
        DataSource source = product.open();
        int written = 0;
        for (boolean autoCommit : new boolean[] {true, false}) {
            for (int isolation :
                    new int[] {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE}) {
                AtomicInteger givenBack = new AtomicInteger();
                Database database = open(new HookedDataSource(source).before((connection, method, argument) -> {
                    if (method.equals("getConnection")) {
                        connection.setTransactionIsolation(isolation);
                        connection.setAutoCommit(autoCommit);
                    } else if (method.equals("close")) {
                        givenBack.incrementAndGet();
                        assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                        assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
                        assertThat(connection.getNetworkTimeout()).isZero();
                        connection.setAutoCommit(true);
                        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    }
                }));
                givenBack.set(0);

                write(database, "row " + written++);
                assertThatIllegalStateException()
                        .isThrownBy(() -> database.transact("Writing", session -> {
                            session.update(WRITE, "never", "");
                            throw new IllegalStateException();
                        }));
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> database.transact("Writing", session -> session.update("no SQL")));

                assertThat(givenBack).hasValue(3);
            }
        }
        assertThat(count(open(source))).isEqualTo(written);
    }

    @Test
    void givesUpAfterTheTimeoutOfAStatement() throws SQLException {
        DataSource source = TestDatabases.postgres();
        Database database = Database.open(
                DatabaseSettings.of(source).withTablePrefix(prefix).withTimeout(Duration.ofSeconds(1)));
        try (Connection blocking = source.getConnection()) {
            blocking.setAutoCommit(false);
            try (var statement = blocking.createStatement()) {
                statement.execute("LOCK TABLE " + prefix + "release");
            }

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> write(database, "waits"))
                    .withMessage("Writing failed (PSQLException, SQLState 57014); the database did not answer within"
                            + " the timeout of the statement; find out what it waits for, or allow more time");
            blocking.rollback();
        }
        write(database, "goes on");
        assertThat(count(database)).isEqualTo(1);
    }

    @Test
    void doesItAgainWhenAnotherWriterWasQuicker() throws SQLException {
        DataSource source = TestDatabases.h2();
        AtomicBoolean first = new AtomicBoolean(true);
        HookedDataSource hooked = new HookedDataSource(source);
        Database database = open(hooked);
        hooked.before((connection, method, argument) -> {
            if (argument.startsWith("INSERT") && first.getAndSet(false)) {
                TestDatabases.execute(source, "INSERT INTO " + prefix + "release (hash, content) VALUES ('0', '')");
            }
        });

        database.transact("Writing", session -> {
            int next = session.query(READ, row -> row.getInt(1)).get(0);
            return session.update(WRITE, Integer.toString(next), "");
        });

        assertThat(count(database)).isEqualTo(2);
        assertThat(hooked.borrowed()).isZero();
    }

    @Test
    void givesUpWhenOthersAreAlwaysQuicker() {
        Database database = open(TestDatabases.h2());
        write(database, "taken");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> write(database, "taken"))
                .withMessage("Writing failed: other writers came first 1000 times; find out who writes that often, and"
                        + " try again");
    }

    @Test
    void saysThatTheDatabaseIsDownAndWorksWhenItIsUpAgain() {
        HookedDataSource source = new HookedDataSource(TestDatabases.h2());
        Database database = open(source);
        source.before(failing(new SQLException("Connection refused", "08001")));

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> write(database, "lost"))
                .withMessage("Writing failed (SQLException, SQLState 08001); check that the database is there and can"
                        + " be reached, and try again");
        source.before((connection, method, argument) -> {});
        write(database, "kept");

        assertThat(count(database)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No suitable driver found for jdbc:postgresql://db/app?user=ada&password=s3cr3t",
                "cannot connect to //ada:s3cr3t@db:5432",
                "bad option PASSWORD = s3cr3t, sslmode=on"
            })
    void tellsNoPassword(String message) {
        HookedDataSource source = new HookedDataSource(TestDatabases.h2());
        Database database = open(source);
        source.before(failing(new SQLException(message, "08001", new IllegalStateException(message))));

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> count(database))
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).contains("SQLState 08001").doesNotContain("s3cr3t");
                });
    }

    @Test
    void tellsNoPasswordOfAServerThatRefusesIt() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setPortNumbers(new int[] {TestDatabases.server().getPort()});
        source.setDatabaseName("postgres");
        source.setUser("nobody");
        source.setPassword("s3cr3t");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> open(source))
                .withMessageContaining("SQLState 28000); the database lets this user not do it")
                .satisfies(e -> assertThat(e + " " + e.getCause()).doesNotContain("s3cr3t"));
    }

    private Database open(DataSource source) {
        return Database.open(DatabaseSettings.of(source).withTablePrefix(prefix));
    }

    private static void write(Database database, String key) {
        database.transact("Writing", session -> session.update(WRITE, key, "content"));
    }

    private static int count(Database database) {
        return database.transact(
                "Counting", session -> session.query(READ, row -> row.getInt(1)).get(0));
    }

    private static List<Integer> numbers(DataSource source, String sql) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Connection connection = source.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }

    private static HookedDataSource.Hook failing(SQLException failure) {
        return (connection, method, argument) -> {
            throw failure;
        };
    }
}
