package com.example.prompts;

import java.nio.file.Path;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.FileReleaseStore;

/** Where prompts are changed: another process than the application's, on the same files. */
public final class PromptDesk {

    private static final Identity MODEL = Identity.of("gpt-4o-mini", "2024-07-18");

    private final PromptRegistry prompts;
    private final ReleaseStore releases;
    private final Deployments deployments;

    public PromptDesk(Path state) {
        this.prompts = FilePromptRegistry.builder(state.resolve("prompts")).build();
        this.releases = FileReleaseStore.builder(state.resolve("releases")).build();
        this.deployments = Deployments.builder(releases).build();
    }

    /** Puts a new wording into production. */
    public void publish(String system, String author, String why) {
        // docs:begin publish
        PromptVersion version = prompts.register(
                ChatPromptTemplate.builder("support-system")
                        .variable(PromptVariable.text("shop"))
                        .system(system)
                        .build(),
                author,
                why);
        deployments.promote("production", Release.builder(MODEL, version.pin()).build(), author, why);
        // docs:end publish
    }

    /** Takes the last one back. */
    public void rollback(String author, String why) {
        // docs:begin rollback
        deployments.rollback("production", author, why);
        // docs:end rollback
    }
}
