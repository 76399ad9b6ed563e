package dev.llmlifecycle.core.prompt;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import javax.sql.DataSource;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.jdbc.Database;
import dev.llmlifecycle.core.internal.jdbc.DatabaseSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prompt registry in a PostgreSQL or H2 database that any number of processes share.
 *
 * <p>Each version is one row that is written once, as canonical JSON beside its hash; each label is one row. What a
 * call acknowledges is committed. Two processes that register at once both succeed, one after the other: numbers have
 * no hole. The tables are created when the registry is built.
 *
 * <p>What is read is checked: a version against its own hash, its key and the version before it. One that does not fit
 * is lost alone: {@link #find} throws for it, {@link #history} leaves it out with a warning, the others read on.
 *
 * <pre>{@code
 * PromptRegistry prompts = JdbcPromptRegistry.builder(dataSource).build();
 * PromptVersion version = prompts.register(template, "ada", "shorter answers");
 * prompts.label("support-answer", "reviewed", version.number());
 * }</pre>
 *
 * <p>Thread-safe. Each call borrows one connection for its time and asks the database; put a
 * {@link RefreshedPromptRegistry} before it where questions are answered.
 *
 * @since 0.1
 */
public final class JdbcPromptRegistry implements PromptRegistry {

    private static final Logger log = LoggerFactory.getLogger(JdbcPromptRegistry.class);
    private static final String REMEDY = "restore the row from a backup";
    private static final int LONGEST_NAME = 200;

    private static final String COLUMNS = "SELECT number, hash, content FROM {p}prompt_version WHERE name = ?";
    private static final String ALL = COLUMNS + " ORDER BY number";
    private static final String LATEST = COLUMNS + " ORDER BY number DESC FETCH FIRST 2 ROWS ONLY";
    private static final String FROM_THE_ONE_BEFORE =
            COLUMNS + " AND number >= ? ORDER BY number FETCH FIRST 2 ROWS ONLY";
    private static final String NAMES = "SELECT DISTINCT name FROM {p}prompt_version";
    private static final String INSERT =
            "INSERT INTO {p}prompt_version (name, number, hash, content) VALUES (?, ?, ?, ?)";
    private static final String MOVE_LABEL =
            "UPDATE {p}prompt_label SET number = ?, hash = ? WHERE name = ? AND label = ?";
    private static final String INSERT_LABEL =
            "INSERT INTO {p}prompt_label (number, hash, name, label) VALUES (?, ?, ?, ?)";
    private static final String LABEL = "SELECT number, hash FROM {p}prompt_label WHERE name = ? AND label = ?";
    private static final String LABELS = "SELECT label, number FROM {p}prompt_label WHERE name = ?";

    private final Database database;
    private final Clock clock;

    private JdbcPromptRegistry(Builder builder) {
        this.database = Database.open(builder.settings);
        this.clock = builder.clock;
    }

    /**
     * Starts a registry.
     *
     * @param dataSource hands out connections of its own, pooled or not, with autocommit or without; never one that a
     *     transaction of yours is in
     * @return a builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Registers a new version of a template. When it returns, the version is committed.
     *
     * @throws IllegalArgumentException when {@link PromptRenderer#check} refuses it, author or message are blank, a tag
     *     is not one, or the name is longer than 200 characters
     * @throws DamagedDataException when the latest version cannot be trusted, since a new one is chained to it
     * @throws LifecycleException when the database fails; registering again stores nothing twice
     */
    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags) {
        PromptRenderer.check(template);
        String name = template.name();
        requireShort("name", name);
        Instant now = clock.instant();
        // What no registry can take is refused before the database is asked.
        PromptJson.next(template, Optional.empty(), author, message, tags, now);
        return database.transact("Registering a version of prompt '" + name + "'", session -> {
            List<Row> rows = session.query(LATEST, Row::of, name);
            Optional<PromptVersion> latest = rows.isEmpty()
                    ? Optional.empty()
                    : Optional.of(trusted(name, rows.get(0), rows.size() > 1 ? rows.get(1) : null));
            PromptVersion next = PromptJson.next(template, latest, author, message, tags, now);
            if (latest.filter(version -> version.equals(next)).isEmpty()) {
                session.update(INSERT, name, next.number(), next.hash().hex(), write(next));
                log.debug("registering version {} of prompt {}", next.number(), name);
            }
            return next;
        });
    }

    /**
     * Finds one version.
     *
     * @throws DamagedDataException when its row does not fit its hash, its key or the version before, or is missing
     *     while a later one is there
     * @throws LifecycleException when the database fails
     */
    @Override
    public Optional<PromptVersion> find(String name, int number) {
        if (!isName(name) || number < 1) {
            return Optional.empty();
        }
        List<Row> rows = database.transact(
                "Reading version " + number + " of prompt '" + name + "'",
                session -> session.query(FROM_THE_ONE_BEFORE, Row::of, name, number - 1));
        Row before = null;
        for (Row row : rows) {
            if (row.number() == number) {
                return Optional.of(trusted(name, row, before));
            }
            if (row.number() > number) {
                throw damaged(name, number, "the row is missing while later versions are there", null);
            }
            before = row;
        }
        return Optional.empty();
    }

    @Override
    public List<PromptVersion> history(String name) {
        if (!isName(name)) {
            return List.of();
        }
        List<Row> rows = database.transact(
                "Reading the history of prompt '" + name + "'", session -> session.query(ALL, Row::of, name));
        List<PromptVersion> history = new ArrayList<>();
        Row before = null;
        for (Row row : rows) {
            try {
                history.add(trusted(name, row, before));
            } catch (DamagedDataException e) {
                log.warn("left out of the history of prompt {}: {}", name, e.getMessage());
            }
            before = row;
        }
        return List.copyOf(history);
    }

    @Override
    public List<String> names() {
        return database
                .transact("Listing the prompts", session -> session.query(NAMES, row -> row.getString(1)))
                .stream()
                .sorted()
                .toList();
    }

    /**
     * Puts a label on a version. When it returns, the label is committed.
     *
     * @throws IllegalArgumentException when the label is not one or longer than 200 characters, or there is no such
     *     version
     * @throws DamagedDataException when the version cannot be trusted
     * @throws LifecycleException when the database fails
     */
    @Override
    public void label(String name, String label, int number) {
        PromptJson.requireLabel(label);
        requireShort("label", label);
        PromptVersion version = find(name, number).orElseThrow(() -> PromptJson.noSuchVersion(name, label, number));
        Object[] row = {number, version.hash().hex(), name, label};
        database.transact(
                "Putting the label '" + label + "' on a version of prompt '" + name + "'",
                session -> session.update(MOVE_LABEL, row) > 0 ? 1 : session.update(INSERT_LABEL, row));
        log.debug("put label {} on version {} of prompt {}", label, number, name);
    }

    /**
     * Finds the version that has a label.
     *
     * @throws DamagedDataException when the version is not the one that was labelled
     * @throws LifecycleException when the database fails
     */
    @Override
    public Optional<PromptVersion> labelled(String name, String label) {
        if (!isName(name) || !isName(label)) {
            return Optional.empty();
        }
        List<Label> labels = database.transact(
                "Reading the label '" + label + "' of prompt '" + name + "'",
                session -> session.query(LABEL, row -> new Label(row.getInt(1), row.getString(2)), name, label));
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        Label on = labels.get(0);
        return Optional.of(find(name, on.number())
                .filter(version -> version.hash().hex().equals(on.hash()))
                .orElseThrow(() -> new DamagedDataException(
                        database.table("prompt_label"),
                        "label '" + label + "' of prompt '" + name + "'",
                        "it is on a version " + on.number() + " that is not there or was changed",
                        REMEDY,
                        null)));
    }

    @Override
    public Map<String, Integer> labels(String name) {
        if (!isName(name)) {
            return Map.of();
        }
        Map<String, Integer> labels = new TreeMap<>();
        database.transact(
                        "Reading the labels of prompt '" + name + "'",
                        session -> session.query(LABELS, row -> Map.entry(row.getString(1), row.getInt(2)), name))
                .forEach(label -> labels.put(label.getKey(), label.getValue()));
        return Collections.unmodifiableMap(labels);
    }

    /** Reads a version that fits its row and the one before, as far as that one can be trusted itself. */
    private PromptVersion trusted(String name, Row row, @Nullable Row before) {
        PromptVersion version = read(name, row);
        Optional<String> parent = version.parent().map(Hash::hex);
        if (row.number() == 1 && parent.isPresent()) {
            throw damaged(name, 1, "the first version names a version before it", null);
        }
        if (row.number() > 1 && parent.isEmpty()) {
            throw damaged(name, row.number(), "it does not name the version before it", null);
        }
        if (before != null
                && before.number() == row.number() - 1
                && !parent.equals(Optional.of(before.hash()))
                && isSound(name, before)) {
            throw damaged(name, row.number(), "it follows another version than the one before it", null);
        }
        return version;
    }

    private boolean isSound(String name, Row row) {
        try {
            read(name, row);
            return true;
        } catch (DamagedDataException e) {
            log.debug("the version after it cannot be checked: {}", e.getMessage());
            return false;
        }
    }

    private PromptVersion read(String name, Row row) {
        try {
            PromptVersion version = PromptJson.read(JsonObject.parse(row.content()));
            if (!version.name().equals(name) || version.number() != row.number()) {
                throw new IllegalArgumentException("it holds version " + version.number() + " of prompt '"
                        + version.name() + "', which belongs into another row");
            }
            if (!version.hash().hex().equals(row.hash())) {
                throw new IllegalArgumentException("the hash beside the content is another one");
            }
            return version;
        } catch (IllegalArgumentException e) {
            throw damaged(name, row.number(), String.valueOf(e.getMessage()), e);
        }
    }

    private static String write(PromptVersion version) {
        Map<String, Object> content = new HashMap<>(version.toCanonical());
        content.put("format", PromptJson.FORMAT);
        content.put("hash", version.hash().hex());
        return CanonicalJson.write(content);
    }

    private static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && PromptJson.isName(name);
    }

    private static void requireShort(String what, String text) {
        if (text.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a prompt's " + what + " in a database has at most " + LONGEST_NAME
                    + " characters but this one has " + text.length() + "; choose a shorter one");
        }
    }

    private DamagedDataException damaged(String name, int number, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(
                database.table("prompt_version"),
                "version " + number + " of prompt '" + name + "'",
                problem,
                REMEDY,
                cause);
    }

    private record Label(int number, String hash) {}

    private record Row(int number, String hash, String content) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(row.getInt(1), row.getString(2), row.getString(3));
        }
    }

    /** Builds a {@link JdbcPromptRegistry}. Not thread-safe. */
    public static final class Builder {

        private DatabaseSettings settings;
        private Clock clock = Clock.systemUTC();

        private Builder(DataSource dataSource) {
            this.settings = DatabaseSettings.of(dataSource);
        }

        /**
         * Sets the schema of the tables. It must be there. Default: the one that the connections are in.
         *
         * @param schema lower-case letters, digits and underscores
         * @return this builder
         * @throws IllegalArgumentException when it is something else
         */
        public Builder schema(String schema) {
            settings = settings.withSchema(schema);
            return this;
        }

        /**
         * Sets how the names of the tables begin. Default: {@code lifecycle_}.
         *
         * @param tablePrefix lower-case letters, digits and underscores
         * @return this builder
         * @throws IllegalArgumentException when it is something else
         */
        public Builder tablePrefix(String tablePrefix) {
            settings = settings.withTablePrefix(tablePrefix);
            return this;
        }

        /**
         * Sets how long the database may take for one statement. Default: 10 seconds.
         *
         * @param timeout from a second to a day; fractions of a second are cut off
         * @return this builder
         */
        public Builder statementTimeout(Duration timeout) {
            settings = settings.withTimeout(timeout);
            return this;
        }

        /**
         * Sets the clock that dates the versions. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Opens the registry, and creates the tables that are missing.
         *
         * @return the registry
         * @throws LifecycleException when the database cannot be reached, or its tables are of a newer version
         * @throws IllegalArgumentException when it is neither PostgreSQL nor H2
         */
        public JdbcPromptRegistry build() {
            return new JdbcPromptRegistry(this);
        }
    }
}
