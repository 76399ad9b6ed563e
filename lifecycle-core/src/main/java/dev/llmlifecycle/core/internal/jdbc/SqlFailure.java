package dev.llmlifecycle.core.internal.jdbc;

import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.LifecycleException;

/** What a failure of the database means, by its SQLState, and how it is told. */
final class SqlFailure {

    /** A key that is taken, a deadlock, a transaction that cannot be put in an order with another one. */
    private static final Set<String> CONFLICTS = Set.of("23505", "40001", "40P01", "90131");

    /** A table, or its schema, that is not there: PostgreSQL, and the four ways of H2. */
    private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04", "90079");

    /** A table that was made at the same moment by another process. */
    private static final Set<String> MADE_BY_ANOTHER = Set.of("42S01", "42P07");

    private static final Set<String> TOOK_TOO_LONG = Set.of("57014", "55P03", "HYT00");

    private static final Pattern SECRET = Pattern.compile(
            "(?i)(password|passwd|pwd|secret|token)(\\s*[=:]\\s*)[^&;,\\s]+|(?<=//)[^/@\\s]+(?=@)|jdbc:\\S+");

    private SqlFailure() {}

    static boolean isConflict(SQLException e) {
        return CONFLICTS.contains(state(e)) || MADE_BY_ANOTHER.contains(state(e));
    }

    static boolean isNoTable(SQLException e) {
        return NO_TABLE.contains(state(e));
    }

    static LifecycleException failed(String doing, SQLException e) {
        return new LifecycleException(doing + " failed " + found(e) + "; " + remedy(e), withoutSecrets(e));
    }

    /** The connection was lost between asking for the commit and hearing that it was done. */
    static LifecycleException unknownOutcome(String doing, SQLException e) {
        return new LifecycleException(
                doing + " failed while it was committed " + found(e)
                        + ", so whether it was stored is not known; do it again, which stores nothing twice",
                withoutSecrets(e));
    }

    private static String found(SQLException e) {
        return "(" + e.getClass().getSimpleName() + ", SQLState " + state(e) + ")";
    }

    private static String remedy(SQLException e) {
        String state = state(e);
        if (TOOK_TOO_LONG.contains(state)) {
            return "the database did not answer within the timeout of the statement; find out what it waits for, or"
                    + " allow more time";
        }
        if (isNoTable(e)) {
            return "the tables or their schema are not there; create the schema, and build the store again";
        }
        if (state.startsWith("28") || state.equals("42501")) {
            return "the database lets this user not do it; check its password and what it was granted";
        }
        if (state.startsWith("08") || state.startsWith("57P")) {
            return "check that the database is there and can be reached, and try again";
        }
        return "look at the cause and at the log of the database";
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "unknown" : state;
    }

    /** Returns the exception, or a copy of it where a message may tell a password: drivers quote their address. */
    private static SQLException withoutSecrets(SQLException e) {
        for (Throwable each : e) {
            if (SECRET.matcher(String.valueOf(each.getMessage())).find()) {
                SQLException copy = new SQLException(
                        SECRET.matcher(String.valueOf(e.getMessage())).replaceAll("***"), e.getSQLState());
                copy.setStackTrace(e.getStackTrace());
                return copy;
            }
        }
        return e;
    }
}
