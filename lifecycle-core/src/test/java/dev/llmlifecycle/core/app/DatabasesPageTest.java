package dev.llmlifecycle.core.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import dev.langchain4j.model.chat.ChatModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Freshness;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.internal.jdbc.TestDatabases;
import dev.llmlifecycle.core.prompt.JdbcPromptRegistry;
import dev.llmlifecycle.core.prompt.RefreshedPromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.JdbcReleaseStore;
import dev.llmlifecycle.core.release.RefreshedReleaseStore;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/databases.md, on a real PostgreSQL. */
@NullMarked
@Timeout(60)
class DatabasesPageTest {

    private final ChatModel chatModel = ScriptedModel.saying("Refunds are paid within 14 days.");
    private final List<String> alerts = new ArrayList<>();

    @Test
    void answersInEveryReplicaWithWhatOneOfThemPromoted() {
        DataSource dataSource = TestDatabases.postgres();
        Identity gpt = Identity.of("gpt-4o-mini", "2024-07-18");
        // docs:begin replica
        RefreshedPromptRegistry prompts = RefreshedPromptRegistry.builder(
                        JdbcPromptRegistry.builder(dataSource).build())
                .refreshEvery(Duration.ofSeconds(5))
                .build();
        RefreshedReleaseStore releases = RefreshedReleaseStore.builder(
                        JdbcReleaseStore.builder(dataSource).build())
                .prompts(prompts)
                .refreshEvery(Duration.ofSeconds(5))
                .build();

        LlmApp app = LlmApp.builder()
                .model(gpt, chatModel)
                .deployment("production", releases, prompts)
                .build();
        // docs:end replica
        RefreshedPromptRegistry otherPrompts = RefreshedPromptRegistry.builder(
                        JdbcPromptRegistry.builder(dataSource).build())
                .build();
        RefreshedReleaseStore otherReleases = RefreshedReleaseStore.builder(
                        JdbcReleaseStore.builder(dataSource).build())
                .prompts(otherPrompts)
                .build();
        LlmApp other = LlmApp.builder()
                .model(gpt, chatModel)
                .deployment("production", otherReleases, otherPrompts)
                .build();

        // docs:begin promote
        PromptVersion version = prompts.register(
                ChatPromptTemplate.builder("support-answer")
                        .system("Answer in one sentence.")
                        .user("{{question}}")
                        .build(),
                "ada",
                "first version");

        Deployments deployments = Deployments.builder(releases).build();
        deployments.promote("production", Release.builder(gpt, version.pin()).build(), "ada", "first release");
        // docs:end promote
        otherReleases.refresh();

        assertThat(app.ask("How long does a refund take?").interaction().prompt())
                .contains(version.pin());
        assertThat(other.ask("How long does a refund take?").interaction().prompt())
                .contains(version.pin());

        // docs:begin freshness
        Freshness freshness = releases.freshness();
        if (freshness.stale()) {
            alert("deployments as of " + freshness.asOf() + ": "
                    + freshness.problem().orElse("no answer"));
        }
        // docs:end freshness
        assertThat(alerts).isEmpty();
        app.close();
        other.close();
        List.of(releases, otherReleases).forEach(RefreshedReleaseStore::close);
        List.of(prompts, otherPrompts).forEach(RefreshedPromptRegistry::close);
    }

    private void alert(String text) {
        alerts.add(text);
    }
}
