package dev.llmlifecycle.core.release;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.jdbc.Database;
import dev.llmlifecycle.core.internal.jdbc.DatabaseSettings;
import dev.llmlifecycle.core.internal.jdbc.Session;
import dev.llmlifecycle.core.release.internal.JournalLines;
import dev.llmlifecycle.core.release.internal.StoredReleases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A release store in a PostgreSQL or H2 database that any number of processes share.
 *
 * <p>Each release and each entry of the audit journal is one row that is written once, as canonical JSON beside its
 * hash. What a call acknowledges is committed. Of two entries for the same place in the journal the database takes one;
 * the journal has no hole. A row of it that does not fit its hash or the row before makes every reading of the journal
 * fail and name it, since nobody knows then what runs. The tables are created when the store is built.
 *
 * <pre>{@code
 * ReleaseStore store = JdbcReleaseStore.builder(dataSource).build();
 * Deployments deployments = Deployments.builder(store).build();
 * }</pre>
 *
 * <p>Thread-safe. Each call borrows one connection for its time. Where the labels point is kept in memory, so asking
 * for one reads what was appended since; put a {@link RefreshedReleaseStore} before it where questions are answered.
 *
 * @since 0.1
 */
public final class JdbcReleaseStore implements ReleaseStore {

    private static final Logger log = LoggerFactory.getLogger(JdbcReleaseStore.class);
    private static final String REMEDY = "restore the row from a backup";

    private static final String RELEASE = "SELECT content FROM {p}release WHERE hash = ?";
    private static final String INSERT_RELEASE = "INSERT INTO {p}release (content, hash) VALUES (?, ?)";
    private static final String REPLACE_RELEASE = "UPDATE {p}release SET content = ? WHERE hash = ?";
    private static final String ENTRIES =
            "SELECT revision, hash, content FROM {p}journal WHERE revision >= ? ORDER BY revision";
    private static final String INSERT_ENTRY = "INSERT INTO {p}journal (revision, hash, content) VALUES (?, ?, ?)";

    private final Database database;
    private volatile Known known = Known.NOTHING;

    private JdbcReleaseStore(Builder builder) {
        this.database = Database.open(builder.settings);
    }

    /**
     * Starts a store.
     *
     * @param dataSource hands out connections of its own, pooled or not, with autocommit or without; never one that a
     *     transaction of yours is in
     * @return a builder
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Saves a release. When it returns, the release is committed; a damaged row of the same release is replaced.
     *
     * @throws LifecycleException when the database fails; saving again stores nothing twice
     */
    @Override
    public void save(Release release) {
        Hash hash = release.hash();
        String content = StoredReleases.writeLine(release);
        boolean written = database.transact("Saving release " + hash.shortForm(), session -> {
            Optional<String> stored = content(session, hash);
            if (stored.isPresent() && isSound(hash, stored.orElseThrow())) {
                return false;
            }
            session.update(stored.isPresent() ? REPLACE_RELEASE : INSERT_RELEASE, content, hash.hex());
            return true;
        });
        if (written) {
            log.debug("saved release {}", hash.shortForm());
        }
    }

    /**
     * Finds a release.
     *
     * @throws LifecycleException when the database fails
     */
    @Override
    public Optional<Release> find(Hash hash) {
        return database.transact("Reading release " + hash.shortForm(), session -> content(session, hash))
                .map(content -> read(hash, content));
    }

    /**
     * Finds where a label points.
     *
     * @throws DamagedDataException when an entry of the journal cannot be trusted
     * @throws LifecycleException when the database fails
     */
    @Override
    public Optional<Deployment> deployment(String label) {
        return Optional.ofNullable(catchUp().deployments().get(label));
    }

    /**
     * Lists all entries. Every row is read and checked.
     *
     * @throws LifecycleException when the database fails
     */
    @Override
    public List<JournalEntry> journal() {
        return entries(0);
    }

    /**
     * Lists the entries after a revision. No row before that revision is read.
     *
     * @throws LifecycleException when the database fails
     */
    @Override
    public List<JournalEntry> journalAfter(long revision) {
        List<JournalEntry> entries = entries(revision);
        boolean known = !entries.isEmpty() && entries.get(0).revision() == revision;
        return known ? entries.subList(1, entries.size()) : entries;
    }

    /** Reads the entry of a revision and all after it, and checks that each follows the one before. */
    private List<JournalEntry> entries(long revision) {
        List<Row> rows = database.transact("Reading the journal", session -> session.query(ENTRIES, Row::of, revision));
        List<JournalEntry> entries = new ArrayList<>();
        for (Row row : rows) {
            boolean known = entries.isEmpty() && revision > 0 && row.revision() == revision;
            entries.add(known ? genuine(row) : trusted(row, lastOf(entries)));
        }
        return List.copyOf(entries);
    }

    private static Optional<JournalEntry> lastOf(List<JournalEntry> entries) {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    /**
     * Returns the last entry.
     *
     * @throws LifecycleException when the database fails
     */
    @Override
    public Optional<JournalEntry> last() {
        return catchUp().last();
    }

    /**
     * Appends an entry. When it returns true, the entry is committed.
     *
     * @throws DamagedDataException when the journal or the release cannot be trusted
     * @throws LifecycleException when the database fails; when it does so while it commits, ask for the {@link #last}
     *     entry, since nothing says then whether it was stored
     */
    @Override
    public boolean append(JournalEntry entry) {
        StoredReleases.requireSaved(entry, this::find);
        String content = JournalLines.write(entry);
        Hash hash = entry.hash();
        boolean appended = database.transact("Appending entry " + entry.revision() + " to the journal", session -> {
            if (!entry.follows(catchUp(session).last())) {
                return false;
            }
            session.update(INSERT_ENTRY, entry.revision(), hash.hex(), content);
            return true;
        });
        if (appended) {
            log.debug(
                    "entry {} ({}) is in the journal",
                    entry.revision(),
                    entry.event().word());
        }
        return appended;
    }

    private Known catchUp() {
        return database.transact("Reading the journal", this::catchUp);
    }

    /** Reads and checks what was appended since the last time, and that the journal still goes on from there. */
    private Known catchUp(Session session) throws SQLException {
        Known before = known;
        List<Row> rows =
                session.query(ENTRIES, Row::of, before.row().map(Row::revision).orElse(0L));
        if (before.row().isPresent()) {
            if (rows.isEmpty() || !rows.get(0).equals(before.row().orElseThrow())) {
                log.warn(
                        "{} does not go on from revision {} as it was read before, and is read from its start; find out"
                                + " who changed it",
                        database.table("journal"),
                        before.row().orElseThrow().revision());
                before = Known.NOTHING;
                rows = session.query(ENTRIES, Row::of, 0L);
            } else {
                rows = rows.subList(1, rows.size());
            }
        }
        Known now = rows.isEmpty() ? before : after(before, rows);
        known = now;
        return now;
    }

    private Known after(Known before, List<Row> rows) {
        Optional<JournalEntry> last = before.last();
        Map<String, Deployment> deployments = new HashMap<>(before.deployments());
        for (Row row : rows) {
            last = Optional.of(trusted(row, last));
            last.flatMap(JournalEntry::deployment)
                    .ifPresent(deployment -> deployments.put(deployment.label(), deployment));
        }
        return new Known(Optional.of(rows.get(rows.size() - 1)), last, Map.copyOf(deployments));
    }

    private JournalEntry trusted(Row row, Optional<JournalEntry> last) {
        JournalEntry entry = genuine(row);
        if (!entry.follows(last)) {
            throw damaged(row, "it does not follow the entry before", null);
        }
        return entry;
    }

    /** Reads an entry that fits what stands beside it. */
    private JournalEntry genuine(Row row) {
        try {
            JournalEntry entry = JournalLines.read(row.content());
            if (!entry.hash().hex().equals(row.hash()) || entry.revision() != row.revision()) {
                throw new IllegalArgumentException("the revision or the hash beside the content is another one");
            }
            return entry;
        } catch (IllegalArgumentException e) {
            throw damaged(row, String.valueOf(e.getMessage()), e);
        }
    }

    private DamagedDataException damaged(Row row, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(
                database.table("journal"), "revision " + row.revision(), problem, REMEDY, cause);
    }

    private static Optional<String> content(Session session, Hash hash) throws SQLException {
        return session.query(RELEASE, row -> row.getString(1), hash.hex()).stream()
                .findFirst();
    }

    private Release read(Hash hash, String content) {
        try {
            return StoredReleases.read(JsonObject.parse(content), hash);
        } catch (IllegalArgumentException e) {
            throw new DamagedDataException(
                    database.table("release"), "hash " + hash.hex(), String.valueOf(e.getMessage()), REMEDY, e);
        }
    }

    private boolean isSound(Hash hash, String content) {
        try {
            read(hash, content);
            return true;
        } catch (DamagedDataException e) {
            log.warn("replacing a damaged release: {}", e.getMessage());
            return false;
        }
    }

    private record Row(long revision, String hash, String content) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(row.getLong(1), row.getString(2), row.getString(3));
        }
    }

    /** The end of the journal as it was read last, and where all labels pointed. */
    private record Known(Optional<Row> row, Optional<JournalEntry> last, Map<String, Deployment> deployments) {
        static final Known NOTHING = new Known(Optional.empty(), Optional.empty(), Map.of());
    }

    /** Builds a {@link JdbcReleaseStore}. Not thread-safe. */
    public static final class Builder {

        private DatabaseSettings settings;

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
         * Opens the store, and creates the tables that are missing.
         *
         * @return the store
         * @throws LifecycleException when the database cannot be reached, or its tables are of a newer version
         * @throws IllegalArgumentException when it is neither PostgreSQL nor H2
         */
        public JdbcReleaseStore build() {
            return new JdbcReleaseStore(this);
        }
    }
}
