package dev.llmlifecycle.core.prompt;

import javax.sql.DataSource;

import dev.llmlifecycle.core.internal.jdbc.TestDatabases;

/** The contract and the faults on a real PostgreSQL. */
final class PostgresPromptRegistryTest extends JdbcPromptRegistryTests {

    @Override
    DataSource database() {
        return TestDatabases.postgres();
    }
}
