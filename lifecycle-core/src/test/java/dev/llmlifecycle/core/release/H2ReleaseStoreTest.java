package dev.llmlifecycle.core.release;

import javax.sql.DataSource;

import dev.llmlifecycle.core.internal.jdbc.TestDatabases;

final class H2ReleaseStoreTest extends JdbcReleaseStoreTests {

    private final DataSource database = TestDatabases.h2();

    @Override
    DataSource database() {
        return database;
    }
}
