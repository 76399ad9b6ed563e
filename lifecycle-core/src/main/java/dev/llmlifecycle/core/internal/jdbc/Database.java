package dev.llmlifecycle.core.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Optional;

import javax.sql.DataSource;

import dev.llmlifecycle.api.LifecycleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database whose tables are there: runs transactions on connections that it borrows for their time.
 *
 * <p>A connection goes back with the settings that it came with. What another writer was quicker in is rolled back and
 * done again on what is there now.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Database {

    private static final Logger log = LoggerFactory.getLogger(Database.class);
    private static final int MOST_ATTEMPTS = 1000;

    /** Beyond the timeout of a statement: to hear that it was cancelled before the connection is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final String tables;
    private final int timeoutSeconds;
    private final Dialect dialect;

    private Database(DatabaseSettings settings) {
        this.dataSource = settings.dataSource();
        this.tables = settings.tables();
        this.timeoutSeconds = Math.toIntExact(settings.timeout().toSeconds());
        this.dialect = Dialect.of(borrow(
                "Opening the tables '" + tables + "…'",
                connection -> connection.getMetaData().getDatabaseProductName()));
    }

    /**
     * Opens a database, and creates the tables that are missing.
     *
     * @param settings which tables
     * @return the database
     * @throws LifecycleException when it cannot be reached or has a newer schema
     * @throws IllegalArgumentException when it is of a kind that the SQL was not written for
     */
    public static Database open(DatabaseSettings settings) {
        Database database = new Database(settings);
        Migrations.apply(database, database.tables);
        return database;
    }

    /**
     * Returns the full name of a table, for messages.
     *
     * @param table its own name
     * @return with schema and prefix
     */
    public String table(String table) {
        return tables + table;
    }

    /**
     * Does work in a transaction. When it returns, what was written is committed.
     *
     * @param doing what is being done, for messages: it begins with a capital and goes on with "failed"
     * @param work what to do; it is done again when another writer was quicker, so it does nothing else
     * @param <T> what comes of it
     * @return what comes of it
     * @throws LifecycleException when the database fails
     */
    public <T> T transact(String doing, Work<T> work) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<T> done = borrow(doing, connection -> once(doing, connection, work));
            if (done.isPresent()) {
                return done.orElseThrow();
            }
        }
        throw new LifecycleException(doing + " failed: other writers came first " + MOST_ATTEMPTS
                + " times; find out who writes that often, and try again");
    }

    Dialect dialect() {
        return dialect;
    }

    /** Does work that only reads, or returns something else when a table is not there. */
    <T> T unlessNoTable(String doing, Work<T> work, T otherwise) {
        return borrow(doing, connection -> {
            try {
                return once(doing, connection, work).orElse(otherwise);
            } catch (SQLException e) {
                if (SqlFailure.isNoTable(e)) {
                    return otherwise;
                }
                throw e;
            }
        });
    }

    /** Does work in a transaction of its own, or nothing when another one came first. */
    private <T> Optional<T> once(String doing, Connection connection, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        boolean limited = limitNetwork(connection);
        boolean committing = false;
        try {
            if (autoCommit) {
                connection.setAutoCommit(false);
            }
            T result = work.run(new Session(connection, tables, timeoutSeconds));
            committing = true;
            connection.commit();
            restore(connection, autoCommit, limited);
            return Optional.of(result);
        } catch (SQLException e) {
            rollBack(connection, autoCommit, limited, e);
            if (SqlFailure.isConflict(e)) {
                log.debug("{}: another writer came first", doing);
                return Optional.empty();
            }
            if (committing) {
                throw SqlFailure.unknownOutcome(doing, e);
            }
            throw e;
        } catch (RuntimeException | Error e) {
            rollBack(connection, autoCommit, limited, e);
            throw e;
        }
    }

    private void rollBack(Connection connection, boolean autoCommit, boolean limited, Throwable why) {
        try {
            connection.rollback();
            restore(connection, autoCommit, limited);
        } catch (SQLException e) {
            // The connection is gone, and what it had begun with it.
            why.addSuppressed(e);
        }
    }

    /** Gives the settings back that the connection came with; what is committed stays so when that fails. */
    private void restore(Connection connection, boolean autoCommit, boolean limited) {
        try {
            if (autoCommit) {
                connection.setAutoCommit(true);
            }
            if (limited) {
                connection.setNetworkTimeout(Runnable::run, 0);
            }
        } catch (SQLException e) {
            log.debug("a connection was lost after its transaction", e);
        }
    }

    /** Limits how long the socket waits, where nobody did so: no timeout of a statement ends a commit. */
    private boolean limitNetwork(Connection connection) throws SQLException {
        try {
            if (connection.getNetworkTimeout() == 0) {
                connection.setNetworkTimeout(
                        Runnable::run,
                        Math.toIntExact(Duration.ofSeconds(timeoutSeconds)
                                .plus(PATIENCE)
                                .toMillis()));
                return true;
            }
        } catch (SQLFeatureNotSupportedException e) {
            log.debug("the driver knows no network timeout", e);
        }
        return false;
    }

    private <T> T borrow(String doing, OnConnection<T> work) {
        Connection connection;
        try {
            connection = dataSource.getConnection();
        } catch (SQLException e) {
            throw SqlFailure.failed(doing, e);
        }
        try {
            return work.run(connection);
        } catch (SQLException e) {
            throw SqlFailure.failed(doing, e);
        } finally {
            try {
                connection.close();
            } catch (SQLException e) {
                log.debug("a connection could not be given back", e);
            }
        }
    }

    /**
     * What a transaction does.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Work<T> {

        /**
         * Does it.
         *
         * @param session the transaction
         * @return what comes of it
         * @throws SQLException when the database refuses
         */
        T run(Session session) throws SQLException;
    }

    @FunctionalInterface
    private interface OnConnection<T> {
        T run(Connection connection) throws SQLException;
    }
}
