package dev.llmlifecycle.core.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.DeploymentMove;
import dev.llmlifecycle.api.release.Release;

/** Releases and moves for tests. */
final class Releases {

    private Releases() {}

    static Release release(String modelVersion) {
        return Release.builder(
                        Identity.of("model", modelVersion),
                        new PinnedPrompt("support-answer", 1, Hash.ofUtf8("prompt")))
                .build();
    }

    static DeploymentMove next(List<DeploymentMove> journal, String label, Release to) {
        return new DeploymentMove(
                journal.size() + 1L,
                DeploymentMove.Kind.PROMOTE,
                label,
                Optional.empty(),
                to.hash(),
                "ada",
                "täglich",
                Instant.parse("2026-01-31T12:00:00Z"),
                Optional.empty(),
                journal.isEmpty()
                        ? Optional.empty()
                        : Optional.of(journal.get(journal.size() - 1).hash()));
    }
}
