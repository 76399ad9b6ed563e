package dev.llmlifecycle.core.prompt;

import javax.sql.DataSource;

import dev.llmlifecycle.core.internal.jdbc.TestDatabases;

final class H2PromptRegistryTest extends JdbcPromptRegistryTests {

    private final DataSource database = TestDatabases.h2();

    @Override
    DataSource database() {
        return database;
    }
}
