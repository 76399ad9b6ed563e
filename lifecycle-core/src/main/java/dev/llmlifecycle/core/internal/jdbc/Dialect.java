package dev.llmlifecycle.core.internal.jdbc;

import java.sql.SQLException;
import java.util.Locale;

import dev.llmlifecycle.api.identity.Hash;

/** What differs between the databases; all other SQL is the same. */
enum Dialect {
    /** Changes of the schema are part of a transaction, so a lock that ends with it is enough. */
    POSTGRESQL {
        @Override
        void lockSchema(Session session, String tables) throws SQLException {
            long key = Long.parseUnsignedLong(Hash.ofUtf8(tables).hex().substring(0, 16), 16);
            session.query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(?)) AS locked", row -> row.getInt(1), key);
        }
    },
    /**
     * Each change of the schema commits by itself, so there is no lock that would last: whoever comes second meets
     * {@code IF NOT EXISTS}, or a conflict and looks again.
     */
    H2 {
        @Override
        void lockSchema(Session session, String tables) {}
    };

    /** Makes other processes wait that would change the same tables, until the end of the transaction. */
    abstract void lockSchema(Session session, String tables) throws SQLException;

    /** Finds the dialect of a product by the name that its driver tells. */
    static Dialect of(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRESQL;
            case "h2" -> H2;
            default ->
                throw new IllegalArgumentException("the database is '" + product
                        + "' and the SQL of this store was written for PostgreSQL and H2; use one of them");
        };
    }
}
