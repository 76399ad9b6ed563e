package dev.llmlifecycle.samples.chatbot;

import java.nio.file.Path;

import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.FileReleaseStore;
import dev.llmlifecycle.eval.metric.Metrics;

/** Prompts, releases and the label {@code production}, on plain files in one folder. */
record State(Path directory, PromptRegistry prompts, ReleaseStore releases, Deployments deployments) {

    static final String PRODUCTION = "production";

    /** The rule by which a release may take the place of the one in production. */
    static final VerdictPolicy POLICY = VerdictPolicy.builder()
            .metric(Metrics.answersOrAbstains().name(), 0.05)
            .build();

    static final String AUTHOR = "support-chatbot";

    static State in(Path directory) {
        ReleaseStore releases = FileReleaseStore.builder(directory).build();
        return new State(
                directory,
                FilePromptRegistry.builder(directory.resolve("prompts")).build(),
                releases,
                Deployments.builder(releases).protect(PRODUCTION, POLICY).build());
    }

    /** Returns the version with this content, registering it when there is none yet. */
    PromptVersion version(ChatPromptTemplate template, String message) {
        return prompts.history(template.name()).stream()
                .filter(version -> version.template().equals(template))
                .findFirst()
                .orElseGet(() -> prompts.register(template, AUTHOR, message));
    }

    PromptVersion first() {
        return version(Prompts.FIRST, "a few words are enough");
    }

    PromptVersion second() {
        return version(Prompts.SECOND, "complete answers, each part with its source");
    }
}
