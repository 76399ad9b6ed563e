package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.CanonicalJson;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** One PostgreSQL for all tests of a JVM, started by the first that needs it, and tables of passages in it. */
@NullMarked
final class TestPostgres {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestPostgres() {}

    /** Returns the database, or skips the test where it cannot be started. */
    static DataSource source() {
        EmbeddedPostgres server = Server.SHARED;
        Assumptions.assumeTrue(server != null, Server.REASON);
        return Objects.requireNonNull(server).getPostgresDatabase();
    }

    static void execute(String sql) throws SQLException {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Makes a table of passages whose version goes up with each statement that changes it. */
    static String table() throws SQLException {
        String table = "passages" + NUMBER.incrementAndGet();
        execute("""
                CREATE TABLE %1$s (
                    id text PRIMARY KEY,
                    text text NOT NULL,
                    metadata jsonb NOT NULL,
                    search tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED);
                CREATE INDEX ON %1$s USING gin (search);
                CREATE TABLE %1$s_version (version bigint NOT NULL);
                INSERT INTO %1$s_version VALUES (0);
                CREATE FUNCTION %1$s_changed() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN UPDATE %1$s_version SET version = version + 1; RETURN NULL; END';
                CREATE TRIGGER changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %1$s
                    FOR EACH STATEMENT EXECUTE FUNCTION %1$s_changed();
                """.formatted(table));
        return table;
    }

    static void insert(String table, String id, TextSegment segment) throws SQLException {
        String metadata = segment.metadata().toMap().entrySet().stream()
                .map(entry -> CanonicalJson.write(entry.getKey()) + ":" + json(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        try (Connection connection = source().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?::jsonb)")) {
            statement.setString(1, id);
            statement.setString(2, segment.text());
            statement.setString(3, metadata);
            statement.execute();
        }
    }

    private static String json(Object value) {
        return value instanceof Number ? value.toString() : CanonicalJson.write(value.toString());
    }

    static PostgresTextRetriever.Builder retriever(String table, List<TextSegment> segments) throws SQLException {
        for (int i = 0; i < segments.size(); i++) {
            insert(table, "passage " + i, segments.get(i));
        }
        return PostgresTextRetriever.builder(source(), table)
                .language("english")
                .searchColumn("search")
                .versionQuery("SELECT version FROM " + table + "_version");
    }

    private static final class Server {

        static final @Nullable EmbeddedPostgres SHARED;
        static final String REASON;

        static {
            EmbeddedPostgres started = null;
            String reason = "";
            try {
                started = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
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
