package dev.llmlifecycle.core.release;

import javax.sql.DataSource;

import dev.llmlifecycle.core.internal.jdbc.TestDatabases;

/** The contract and the faults on a real PostgreSQL. */
final class PostgresReleaseStoreTest extends JdbcReleaseStoreTests {

    @Override
    DataSource database() {
        return TestDatabases.postgres();
    }
}
