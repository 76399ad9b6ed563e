package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.Nullable;

/**
 * Finds passages in a table of PostgreSQL by its full-text search.
 *
 * <pre>{@code
 * Retriever retriever = PostgresTextRetriever.builder(dataSource, "passages")
 *         .language("english")
 *         .searchColumn("search") // search tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED
 *         .build();
 * }</pre>
 *
 * <p>A question finds the rows that have any of its words; {@code ts_rank_cd}, divided by one plus the logarithm of the
 * row's length, says which are best. A question is data: it goes to the database as a parameter, and no character of it
 * has a meaning of its own. Of a question, the first 100,000 characters and {@value #MOST_TERMS} distinct words count.
 *
 * <p>A filter is answered by the database as far as it means the same in SQL, and then by the filter itself, row by row
 * in the order of the scores, until there are enough. Metadata is the {@code jsonb} column: strings, numbers (as long
 * where they are whole, else as double) and booleans (as {@code "true"} and {@code "false"}); a UUID comes back as a
 * string, and what is nested is left out. A row that the database leaves out is not shown to the filter, so that it
 * throws for fewer types that do not fit.
 *
 * <p>A retrieval reads one state, in a transaction that only reads. A deadline is given to the database as
 * {@code statement_timeout}; waiting for a connection is up to the data source. The retriever knows no tenants.
 *
 * <p>Thread-safe when the data source is. It works on PostgreSQL 13 and newer.
 *
 * @since 0.1
 */
public final class PostgresTextRetriever implements Retriever {

    /** How many distinct words of a question count. */
    public static final int MOST_TERMS = 128;

    private static final int MOST_CHARACTERS = 100_000;

    /** A statement can have 65,535; a longer filter is asked row by row. */
    private static final int MOST_PARAMETERS = 60_000;

    /** A name that no table of the host has. */
    private static final String QUESTION = "llm_lifecycle_question";

    private static final String CANCELLED = "57014";

    private static final Comparator<Passage> BEST_FIRST =
            Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id);

    private final DataSource source;
    private final String name;
    private final String search;
    private final String bestFirst;
    private final Optional<String> metadataColumn;
    private final String versionQuery;
    private final int maxPassages;
    private final String corpusId;
    private final Clock clock;
    private final Identity identity;
    private final JsonFactory json = new JsonFactory();

    private PostgresTextRetriever(Builder builder) {
        this.source = builder.source;
        this.name = builder.table;
        this.metadataColumn = builder.metadataColumn.map(PostgresTextRetriever::column);
        this.versionQuery = builder.versionQuery.orElse("SELECT pg_current_snapshot()::text");
        this.maxPassages = builder.maxPassages;
        this.corpusId = builder.corpusId;
        this.clock = builder.clock;
        this.search = search(builder, metadataColumn);
        this.bestFirst = " ORDER BY score DESC, " + id(builder) + " COLLATE \"C\"";
        this.identity = Identity.of(
                "postgres-text",
                "1",
                Map.of(
                        "language",
                        builder.language,
                        "maxPassages",
                        maxPassages,
                        "textColumn",
                        builder.textColumn,
                        "metadataColumn",
                        builder.metadataColumn.orElse(""),
                        "searchColumn",
                        builder.searchColumn.orElse("")));
    }

    /** Lexemes go into the query in quotes, with quotes and backslashes doubled, as the type tsquery reads them. */
    private static String search(Builder builder, Optional<String> metadata) {
        String language = "'" + builder.language + "'::regconfig";
        String text = column(builder.textColumn);
        String table = builder.schema.map(schema -> quoted(schema) + ".").orElse("") + quoted(builder.table);
        String vector = builder.searchColumn
                .map(PostgresTextRetriever::column)
                .orElse("to_tsvector(" + language + ", " + text + ")");
        return "WITH " + QUESTION
                + " AS (SELECT string_agg(chr(39) || replace(replace(lexeme, chr(92), chr(92) || chr(92)),"
                + " chr(39), chr(39) || chr(39)) || chr(39), ' | ')::tsquery AS words FROM (SELECT lexeme FROM"
                + " unnest(to_tsvector(" + language + ", ?::text)) AS read(lexeme, positions, weights)"
                + " ORDER BY positions[1], lexeme LIMIT " + MOST_TERMS + ") AS first_words)"
                + " SELECT " + id(builder) + " AS passage_id, " + text + " AS passage_text, "
                + metadata.map(column -> column + "::text").orElse("NULL") + " AS passage_metadata,"
                + " ts_rank_cd(" + vector + ", " + QUESTION + ".words, 1) AS score"
                + " FROM " + table + " AS passage CROSS JOIN " + QUESTION + " WHERE " + vector + " @@ " + QUESTION
                + ".words";
    }

    private static String id(Builder builder) {
        return column(builder.idColumn) + "::text";
    }

    private static String column(String name) {
        return "passage." + quoted(name);
    }

    private static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    /**
     * Starts a retriever.
     *
     * @param source gives connections to PostgreSQL, which are given back after each retrieval
     * @param table the table, written as it is in the catalogue
     * @return a builder
     */
    public static Builder builder(DataSource source, String table) {
        return new Builder(source, table);
    }

    /**
     * Retrieves passages.
     *
     * @throws LifecycleException when the deadline passes or the database fails
     */
    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        Deadline deadline = new Deadline(request.deadline(), clock);
        deadline.require();
        return read(deadline, connection -> {
            String snapshot = snapshot(connection);
            return new Retrieval(passages(connection, request, deadline), snapshot);
        });
    }

    private List<Passage> passages(Connection connection, RetrievalRequest request, Deadline deadline)
            throws SQLException {
        Optional<SqlFilter> condition = request.filter()
                .flatMap(filter -> metadataColumn.map(column -> SqlFilter.of(filter, column)))
                .filter(filtered -> filtered.parameters().size() <= MOST_PARAMETERS);
        String sql = search
                + condition.map(filtered -> " AND " + filtered.sql()).orElse("")
                + bestFirst
                + (request.filter().isPresent() ? "" : " LIMIT " + maxPassages);
        List<Passage> passages = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(Math.max(maxPassages, 100));
            String text = request.text();
            statement.setString(1, SqlFilter.storable(text.substring(0, Math.min(text.length(), MOST_CHARACTERS))));
            int place = 2;
            for (Object parameter : condition.map(SqlFilter::parameters).orElse(List.of())) {
                if (parameter instanceof BigDecimal number) {
                    statement.setBigDecimal(place++, number);
                } else {
                    statement.setString(place++, (String) parameter);
                }
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (passages.size() < maxPassages && rows.next()) {
                    deadline.require();
                    Passage passage = passage(rows);
                    if (request.filter()
                            .map(filter -> filter.test(passage.segment().metadata()))
                            .orElse(true)) {
                        passages.add(passage);
                    }
                }
            }
        }
        passages.sort(BEST_FIRST);
        return passages;
    }

    private Passage passage(ResultSet row) throws SQLException {
        String id = row.getString("passage_id");
        @Nullable String text = row.getString("passage_text");
        if (text == null || text.isBlank()) {
            throw new LifecycleException("Searching the table '" + name + "' found the row '" + id
                    + "', which has no text; give it one, or keep it out of the search column");
        }
        return new Passage(
                id, TextSegment.from(text, metadata(row.getString("passage_metadata"))), row.getDouble("score"));
    }

    private Metadata metadata(@Nullable String object) {
        Metadata metadata = new Metadata();
        if (object == null) {
            return metadata;
        }
        try (JsonParser parser = json.createParser(object)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return metadata;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value == JsonToken.VALUE_STRING
                        || value == JsonToken.VALUE_TRUE
                        || value == JsonToken.VALUE_FALSE) {
                    metadata.put(key, parser.getText());
                } else if (value == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                    metadata.put(key, parser.getLongValue());
                } else if (value.isNumeric() && Double.isFinite(parser.getDoubleValue())) {
                    metadata.put(key, parser.getDoubleValue());
                } else {
                    parser.skipChildren();
                }
            }
            return metadata;
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading the metadata of a row of the table '" + name + "' failed; it has to be a JSON object", e);
        }
    }

    @Override
    public String corpusId() {
        return corpusId;
    }

    /**
     * Names the present state.
     *
     * @return what the version query says; without one, the snapshot of the whole database server, which changes with
     *     every transaction that writes anything, so that equal names have equal content
     * @throws LifecycleException when the database fails
     */
    @Override
    public String snapshotId() {
        return read(new Deadline(Optional.empty(), clock), this::snapshot);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    private String snapshot(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(versionQuery);
                ResultSet rows = statement.executeQuery()) {
            String version = rows.next() ? rows.getString(1) : null;
            if (version == null) {
                throw new LifecycleException("The version query of the table '" + name
                        + "' gave no value; it has to give one row with one value");
            }
            return version;
        }
    }

    @FunctionalInterface
    private interface Reading<T> {

        T read(Connection connection) throws SQLException;
    }

    private <T> T read(Deadline deadline, Reading<T> reading) {
        try (Connection connection = source.getConnection();
                ReadTransaction transaction = new ReadTransaction(connection)) {
            if (deadline.end().isPresent()) {
                deadline.require();
                transaction.endStatementsAfter(
                        Duration.between(clock.instant(), deadline.end().get()));
            }
            return reading.read(connection);
        } catch (SQLException e) {
            if (CANCELLED.equals(e.getSQLState()) && deadline.passed()) {
                throw deadline.exceeded();
            }
            throw new LifecycleException(
                    "Searching the table '" + name + "' failed with SQL state " + e.getSQLState()
                            + "; check the table, its columns, the text search configuration and the connection",
                    e);
        }
    }

    /** Reads one state, so that the version is that of the rows, and leaves the connection as it was. */
    private static final class ReadTransaction implements AutoCloseable {

        private final Connection connection;
        private final boolean autoCommit;

        ReadTransaction(Connection connection) throws SQLException {
            this.connection = connection;
            this.autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        }

        void endStatementsAfter(Duration time) throws SQLException {
            execute("SET LOCAL statement_timeout = " + Math.max(1, Math.min(time.toMillis(), Integer.MAX_VALUE)));
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    /**
     * Builds a {@link PostgresTextRetriever}.
     *
     * <p>Names of schema, table and columns are written as they are in the catalogue, in lower case unless they were
     * created in quotes. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private static final Pattern CONFIGURATION = Pattern.compile("[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)?");

        private final DataSource source;
        private final String table;
        private Optional<String> schema = Optional.empty();
        private String idColumn = "id";
        private String textColumn = "text";
        private Optional<String> metadataColumn = Optional.of("metadata");
        private Optional<String> searchColumn = Optional.empty();
        private Optional<String> versionQuery = Optional.empty();
        private String language = "simple";
        private int maxPassages = 10;
        private String corpusId;
        private Clock clock = Clock.systemUTC();

        private Builder(DataSource source, String table) {
            this.source = Objects.requireNonNull(source, "source");
            this.table = name(table, "table");
            this.corpusId = table;
        }

        /**
         * Sets the schema of the table.
         *
         * @param schema default none: where the connection looks first
         * @return this builder
         */
        public Builder schema(String schema) {
            this.schema = Optional.of(name(schema, "schema"));
            return this;
        }

        /**
         * Sets the column of the passages' ids, of any type that is written as a text.
         *
         * @param column default {@code "id"}
         * @return this builder
         */
        public Builder idColumn(String column) {
            this.idColumn = name(column, "id column");
            return this;
        }

        /**
         * Sets the column of the passages' texts.
         *
         * @param column default {@code "text"}
         * @return this builder
         */
        public Builder textColumn(String column) {
            this.textColumn = name(column, "text column");
            return this;
        }

        /**
         * Sets the {@code jsonb} column of the passages' metadata.
         *
         * @param column default {@code "metadata"}
         * @return this builder
         */
        public Builder metadataColumn(String column) {
            this.metadataColumn = Optional.of(name(column, "metadata column"));
            return this;
        }

        /**
         * Says that the table has no metadata.
         *
         * @return this builder
         */
        public Builder withoutMetadata() {
            this.metadataColumn = Optional.empty();
            return this;
        }

        /**
         * Sets a {@code tsvector} column that holds the words of each row.
         *
         * @param column default none: the words are read from the text, with the language, which an index on
         *     {@code to_tsvector} of both makes fast
         * @return this builder
         */
        public Builder searchColumn(String column) {
            this.searchColumn = Optional.of(name(column, "search column"));
            return this;
        }

        /**
         * Sets the text search configuration of the database.
         *
         * @param configuration default {@code "simple"}: words as they are written; such as {@code "english"}, perhaps
         *     with its schema
         * @return this builder
         */
        public Builder language(String configuration) {
            if (!CONFIGURATION.matcher(configuration).matches()) {
                throw new IllegalArgumentException("the text search configuration '" + configuration
                        + "' is not a plain name; use one that pg_ts_config lists, such as english");
            }
            this.language = configuration;
            return this;
        }

        /**
         * Sets a query that names the state of the table, for caches.
         *
         * @param sql trusted SQL that gives one row with one value, which every transaction that changes the table
         *     changes with it; default the snapshot of the database server, which is always right and changes often
         * @return this builder
         */
        public Builder versionQuery(String sql) {
            this.versionQuery = Optional.of(sql);
            return this;
        }

        /**
         * Sets how many passages come at most.
         *
         * @param maxPassages default 10, at least 1
         * @return this builder
         */
        public Builder maxPassages(int maxPassages) {
            this.maxPassages = LexicalOptions.requirePassages(maxPassages);
            return this;
        }

        /**
         * Names the corpus.
         *
         * @param corpusId a name that stays when the content changes; default the table
         * @return this builder
         */
        public Builder corpusId(String corpusId) {
            this.corpusId = name(corpusId, "corpus id");
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with.
         *
         * @param clock default the system's, UTC
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the retriever; the database is first asked when something is retrieved.
         *
         * @return the retriever
         */
        public PostgresTextRetriever build() {
            return new PostgresTextRetriever(this);
        }

        private static String name(String value, String what) {
            if (value.isBlank() || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        "the " + what + " of a PostgreSQL retriever is blank or has a NUL; give its name");
            }
            return value;
        }
    }
}
