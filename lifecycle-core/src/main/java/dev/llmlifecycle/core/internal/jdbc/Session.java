package dev.llmlifecycle.core.internal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One transaction: statements with values in their places, each with its timeout.
 *
 * <p>The SQL is written by us; {@code {p}} in it stands for what the names of our tables begin with. All that comes
 * from a caller is a value for a {@code ?}.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class Session {

    private final Connection connection;
    private final String tables;
    private final int timeoutSeconds;

    Session(Connection connection, String tables, int timeoutSeconds) {
        this.connection = connection;
        this.tables = tables;
        this.timeoutSeconds = timeoutSeconds;
    }

    /**
     * Reads rows.
     *
     * @param sql the query
     * @param reader makes a value of a row
     * @param values what the question marks stand for
     * @param <T> the value of a row
     * @return the rows in the order of the query
     * @throws SQLException when the database refuses
     */
    public <T> List<T> query(String sql, Row<T> reader, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> read = new ArrayList<>();
            while (rows.next()) {
                read.add(reader.read(rows));
            }
            return read;
        }
    }

    /**
     * Writes rows, or changes tables.
     *
     * @param sql the statement
     * @param values what the question marks stand for
     * @return how many rows it wrote
     * @throws SQLException when the database refuses
     */
    public int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.replace("{p}", tables));
        try {
            statement.setQueryTimeout(timeoutSeconds);
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            try (statement) {
                throw e;
            }
        }
    }

    /**
     * Makes a value of the row that a result stands on.
     *
     * @param <T> the value
     */
    @FunctionalInterface
    public interface Row<T> {

        /**
         * Reads the row.
         *
         * @param row the result, which it must not move
         * @return the value
         * @throws SQLException when a column cannot be read
         */
        T read(ResultSet row) throws SQLException;
    }
}
