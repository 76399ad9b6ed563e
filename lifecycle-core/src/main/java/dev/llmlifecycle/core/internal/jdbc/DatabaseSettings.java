package dev.llmlifecycle.core.internal.jdbc;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

import javax.sql.DataSource;

/**
 * Which tables of which database a store uses.
 *
 * <p>Immutable.
 *
 * @param dataSource hands out connections
 * @param schema the schema with a dot behind it, or nothing for the one that the connections are in
 * @param tablePrefix how the names of all tables begin
 * @param timeout how long one statement may take
 * @since 0.1
 */
public record DatabaseSettings(DataSource dataSource, String schema, String tablePrefix, Duration timeout) {

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,39}");

    /** Checks the parts. */
    public DatabaseSettings {
        Objects.requireNonNull(dataSource, "dataSource");
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(tablePrefix, "tablePrefix");
        Objects.requireNonNull(timeout, "timeout");
    }

    /**
     * Returns the settings of a store of which nothing is said but the database.
     *
     * @param dataSource hands out connections
     * @return tables named {@code lifecycle_…} in the schema of the connections, and ten seconds for a statement
     */
    public static DatabaseSettings of(DataSource dataSource) {
        return new DatabaseSettings(dataSource, "", "lifecycle_", Duration.ofSeconds(10));
    }

    /**
     * Returns these settings with another schema.
     *
     * @param name its name, which stands in the SQL as it is
     * @return the settings
     * @throws IllegalArgumentException when it is more than a plain name
     */
    public DatabaseSettings withSchema(String name) {
        return new DatabaseSettings(dataSource, requireName("schema", name) + ".", tablePrefix, timeout);
    }

    /**
     * Returns these settings with another prefix.
     *
     * @param prefix how the names of the tables begin, which stands in the SQL as it is
     * @return the settings
     * @throws IllegalArgumentException when it is more than a plain name
     */
    public DatabaseSettings withTablePrefix(String prefix) {
        return new DatabaseSettings(dataSource, schema, requireName("table prefix", prefix), timeout);
    }

    /**
     * Returns these settings with another limit.
     *
     * @param limit how long one statement may take; JDBC counts full seconds
     * @return the settings
     * @throws IllegalArgumentException when it is less than a second or more than a day
     */
    public DatabaseSettings withTimeout(Duration limit) {
        if (limit.compareTo(Duration.ofSeconds(1)) < 0 || limit.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "the timeout of a statement must be from 1 s to 24 h but was " + limit + "; choose one in between");
        }
        return new DatabaseSettings(dataSource, schema, tablePrefix, limit);
    }

    /** Returns what stands before the name of each table. */
    String tables() {
        return schema + tablePrefix;
    }

    private static String requireName(String what, String name) {
        if (!NAME.matcher(Objects.requireNonNull(name, what)).matches()) {
            throw new IllegalArgumentException("the " + what + " '" + name
                    + "' is not allowed; use up to 40 lower-case letters, digits and underscores, not a digit first");
        }
        return name;
    }
}
