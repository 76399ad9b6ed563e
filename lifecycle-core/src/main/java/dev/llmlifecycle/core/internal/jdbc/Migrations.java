package dev.llmlifecycle.core.internal.jdbc;

import java.sql.SQLException;
import java.util.List;

import dev.llmlifecycle.api.LifecycleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables of a database to the schema that this version of the library knows.
 *
 * <p>A step that was published is never changed; a change is one more step. Each statement can be run again, for
 * databases in which a crash leaves half of a step.
 */
final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);

    private static final String CREATE_VERSIONS =
            "CREATE TABLE IF NOT EXISTS {p}schema_version (version INTEGER NOT NULL PRIMARY KEY,"
                    + " applied_at TIMESTAMP WITH TIME ZONE NOT NULL)";

    private static final List<List<String>> STEPS = List.of(List.of(
            "CREATE TABLE IF NOT EXISTS {p}prompt_version (name VARCHAR(200) NOT NULL, number INTEGER NOT NULL,"
                    + " hash VARCHAR(64) NOT NULL, content TEXT NOT NULL, PRIMARY KEY (name, number))",
            "CREATE TABLE IF NOT EXISTS {p}prompt_label (name VARCHAR(200) NOT NULL, label VARCHAR(200) NOT NULL,"
                    + " number INTEGER NOT NULL, hash VARCHAR(64) NOT NULL, PRIMARY KEY (name, label),"
                    + " FOREIGN KEY (name, number) REFERENCES {p}prompt_version (name, number))",
            "CREATE TABLE IF NOT EXISTS {p}release (hash VARCHAR(64) NOT NULL PRIMARY KEY, content TEXT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS {p}journal (revision BIGINT NOT NULL PRIMARY KEY,"
                    + " hash VARCHAR(64) NOT NULL, content TEXT NOT NULL)"));

    private Migrations() {}

    /** Returns the newest schema that is known. */
    static int newest() {
        return STEPS.size();
    }

    /** Does what is missing, and nothing where all is there: then no right to change tables is needed. */
    static void apply(Database database, String tables) {
        if (version(database, tables) < newest()) {
            int applied = database.transact("Creating the tables '" + tables + "…'", session -> {
                database.dialect().lockSchema(session, tables);
                session.update(CREATE_VERSIONS);
                int from = read(session);
                for (int step = from; step < newest(); step++) {
                    for (String statement : STEPS.get(step)) {
                        session.update(statement);
                    }
                    session.update(
                            "INSERT INTO {p}schema_version (version, applied_at) VALUES (?, CURRENT_TIMESTAMP)",
                            step + 1);
                }
                return Math.max(0, newest() - from);
            });
            log.debug("brought the tables {}… to schema {} in {} steps", tables, newest(), applied);
            version(database, tables);
        }
    }

    /** Returns the schema that is there, which is not newer than what is known. */
    private static int version(Database database, String tables) {
        int version = database.unlessNoTable("Reading the schema of the tables '" + tables + "…'", Migrations::read, 0);
        if (version > newest()) {
            throw new LifecycleException("Opening the tables '" + tables + "…' failed: they have the schema " + version
                    + " and this version of the library knows up to " + newest()
                    + "; use a version of the library that is as new as theirs");
        }
        return version;
    }

    private static int read(Session session) throws SQLException {
        return session.query("SELECT COALESCE(MAX(version), 0) FROM {p}schema_version", row -> row.getInt(1))
                .get(0);
    }
}
