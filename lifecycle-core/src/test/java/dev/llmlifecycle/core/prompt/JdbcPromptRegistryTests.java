package dev.llmlifecycle.core.prompt;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.sql.DataSource;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.contract.PromptRegistryContract;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.jdbc.TestDatabases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What holds on every database; the contract and what only rows in tables can suffer. */
abstract class JdbcPromptRegistryTests extends PromptRegistryContract {

    private static final String NAME = "support-answer";

    private String prefix = TestDatabases.newPrefix();

    abstract DataSource database();

    @Override
    protected PromptRegistry create() {
        prefix = TestDatabases.newPrefix();
        return open();
    }

    @Override
    protected Optional<PromptRegistry> reopen() {
        return Optional.of(open());
    }

    @Test
    final void losesAChangedVersionAloneAndNamesTableAndKey() throws SQLException {
        PromptRegistry registry = threeVersions();
        change("prompt_version SET content = REPLACE(content, 'two', 'owt') WHERE number = 2");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 2))
                .satisfies(e -> {
                    assertThat(e.source()).isEqualTo(prefix + "prompt_version");
                    assertThat(e.position()).isEqualTo("version 2 of prompt 'support-answer'");
                })
                .withMessageMatching(
                        ".*: the content has the hash \\w+ and not \\w+ as recorded; restore the row from a backup")
                .withMessageNotContaining("owt");
        assertThat(registry.find(NAME, 1)).isPresent();
        assertThat(registry.find(NAME, 3)).isPresent();
        assertThat(registry.history(NAME)).extracting(PromptVersion::number).containsExactly(1, 3);
        assertThat(registry.labelled(NAME, "reviewed"))
                .map(PromptVersion::number)
                .contains(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content = 'no json'",
                "content = '{}'",
                "content = REPLACE(content, '\"format\":1', '\"format\":99')",
                "hash = REPLACE(hash, SUBSTRING(hash, 1, 1), 'g')",
                "number = 22",
                "name = 'other', number = 2"
            })
    final void findsEveryKindOfChange(String change) throws SQLException {
        PromptRegistry registry = threeVersions();
        change("prompt_version SET " + change + " WHERE number = 2");

        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> registry.find(NAME, 2));
        assertThat(registry.find(NAME, 1)).isPresent();
        assertThat(registry.find(NAME, 3)).isPresent();
    }

    @Test
    final void findsAVersionThatWasRewrittenWithItsHash() throws SQLException {
        PromptRegistry registry = threeVersions();
        String other = TestDatabases.newPrefix();
        PromptRegistry forged = registry(other);
        forged.register(template("one"), "ada", "first");
        forged.register(template("forged"), "ada", "second");
        change("prompt_version SET content = (SELECT content FROM " + other + "prompt_version WHERE number = 2),"
                + " hash = (SELECT hash FROM " + other + "prompt_version WHERE number = 2) WHERE number = 2");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 3))
                .withMessageContaining("it follows another version than the one before it");
    }

    @Test
    final void findsAVersionThatIsMissing() throws SQLException {
        PromptRegistry registry = threeVersions();
        TestDatabases.execute(database(), "DELETE FROM " + prefix + "prompt_version WHERE number = 1");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.find(NAME, 1))
                .withMessageContaining("the row is missing while later versions are there");
        assertThat(registry.find(NAME, 2)).isPresent();
    }

    @Test
    final void findsALabelThatWasMovedByHand() throws SQLException {
        PromptRegistry registry = threeVersions();
        change("prompt_label SET number = 2 WHERE label = 'reviewed'");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.labelled(NAME, "reviewed"))
                .withMessage(prefix + "prompt_label, label 'reviewed' of prompt 'support-answer': it is on a version 2"
                        + " that is not there or was changed; restore the row from a backup");
    }

    @Test
    final void chainsNoVersionToOneThatIsDamaged() throws SQLException {
        PromptRegistry registry = threeVersions();
        change("prompt_version SET content = REPLACE(content, 'three', 'eerht') WHERE number = 3");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> registry.register(template("four"), "ada", "fourth"));
        assertThat(registry.history(NAME)).hasSize(2);
    }

    @Test
    final void keepsRegistriesOfOtherPrefixesApart() {
        PromptRegistry registry = threeVersions();

        PromptRegistry other = registry(TestDatabases.newPrefix());

        assertThat(other.names()).isEmpty();
        assertThat(registry.names()).containsExactly(NAME);
    }

    @Test
    final void takesTextAsAValueAndNeverAsSql() {
        PromptRegistry registry = create();
        String hostile = "'; DROP TABLE " + prefix + "prompt_version; -- ? {p} \\' $1 :name";

        PromptVersion version = registry.register(template(hostile), hostile, hostile, Set.of("v1"));

        assertThat(registry.find(NAME, 1)).contains(version);
        assertThat(registry.find(hostile, 1)).isEmpty();
        assertThat(registry.labelled(NAME, hostile)).isEmpty();
        assertThat(registry.labels(hostile)).isEmpty();
        assertThat(registry.names()).containsExactly(NAME);
    }

    @Test
    final void refusesNamesAndLabelsThatAreTooLongForTheirColumns() {
        PromptRegistry registry = threeVersions();
        String longest = "x".repeat(200);
        registry.register(
                ChatPromptTemplate.builder(longest).user("{{question}}").build(), "ada", "first");
        registry.label(longest, longest, 1);

        assertThat(registry.labels(longest)).containsEntry(longest, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.register(
                        ChatPromptTemplate.builder(longest + "x")
                                .user("{{question}}")
                                .build(),
                        "ada",
                        "first"))
                .withMessage("a prompt's name in a database has at most 200 characters but this one has 201;"
                        + " choose a shorter one");
        assertThatIllegalArgumentException().isThrownBy(() -> registry.label(NAME, longest + "x", 1));
        assertThat(registry.find(longest + "x", 1)).isEmpty();
    }

    private PromptRegistry threeVersions() {
        PromptRegistry registry = create();
        for (String text : List.of("one", "two", "three")) {
            registry.register(template(text), "ada", "change");
        }
        registry.label(NAME, "reviewed", 3);
        return registry;
    }

    private void change(String update) throws SQLException {
        TestDatabases.execute(database(), "UPDATE " + prefix + update);
    }

    private PromptRegistry open() {
        return registry(prefix);
    }

    private PromptRegistry registry(String tablePrefix) {
        return JdbcPromptRegistry.builder(database()).tablePrefix(tablePrefix).build();
    }

    private static ChatPromptTemplate template(String system) {
        return ChatPromptTemplate.builder(NAME)
                .system(system)
                .user("{{question}}")
                .build();
    }
}
