package dev.llmlifecycle.core.internal.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.PGConnection;

/** The databases that tests run on: one PostgreSQL for all tests of a JVM, and H2 in memory. */
@NullMarked
public final class TestDatabases {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestDatabases() {}

    /** Returns a prefix for tables that no other test uses. */
    public static String newPrefix() {
        return "t" + NUMBER.incrementAndGet() + "_";
    }

    /** Returns the shared PostgreSQL, or skips the test where it cannot be started. */
    public static DataSource postgres() {
        return server().getPostgresDatabase();
    }

    /** Returns the server, to end its connections. */
    public static EmbeddedPostgres server() {
        EmbeddedPostgres server = Server.SHARED;
        Assumptions.assumeTrue(server != null, Server.REASON);
        return Objects.requireNonNull(server);
    }

    /** Returns a pool of connections to an H2 database that is empty and lives as long as the process. */
    public static DataSource h2() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:test" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1");
        return JdbcConnectionPool.create(source);
    }

    /** Runs one statement, committed. */
    public static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Ends the PostgreSQL process behind a connection, and returns when it is gone. */
    public static void terminate(Connection victim) throws SQLException {
        int process = victim.unwrap(PGConnection.class).getBackendPID();
        execute(postgres(), "SELECT pg_terminate_backend(" + process + ", 5000)");
    }

    /** Started by the first test that needs it, ended with the JVM. */
    private static final class Server {

        static final @Nullable EmbeddedPostgres SHARED;
        static final String REASON;

        static {
            EmbeddedPostgres started = null;
            String reason = "";
            try {
                started = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "100")
                        .start();
            } catch (IOException | RuntimeException | LinkageError e) {
                reason = "SKIPPED: no PostgreSQL could be started on " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch") + ", so its tests are left out (" + e.getMessage() + ")";
                System.out.println(reason);
            }
            SHARED = started;
            REASON = reason;
        }
    }
}
