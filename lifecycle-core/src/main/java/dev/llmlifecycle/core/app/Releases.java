package dev.llmlifecycle.core.app;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Freshness;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.release.RefreshedReleaseStore;
import dev.llmlifecycle.core.release.internal.DeployedRelease;
import org.jspecify.annotations.Nullable;

/** Says which release answers now. */
sealed interface Releases {

    /** Returns the release to answer with. */
    ActiveRelease current();

    /** Returns the deployment label, where one is resolved. */
    Optional<String> label();

    /** Returns as of when the label is known, where that is longer ago than it should be. */
    default Optional<Instant> staleSince() {
        return Optional.empty();
    }

    /** One release, put together from the application's own parts. */
    record Fixed(ActiveRelease current) implements Releases {

        static Fixed of(Parts parts, List<PromptVersion> prompts) {
            ActiveRelease assembled = parts.assemble(
                    parts.describe(prompts),
                    pinned -> prompts.stream()
                            .filter(prompt -> prompt.name().equals(pinned.name()))
                            .findFirst()
                            .orElseThrow());
            assembled.missing().ifPresent(missing -> {
                throw new IllegalStateException(missing);
            });
            return new Fixed(assembled);
        }

        @Override
        public Optional<String> label() {
            return Optional.empty();
        }
    }

    /** The release that a deployment label points to; a move is seen by the next question. */
    final class Deployed implements Releases {

        private final String label;
        private final ReleaseStore store;
        private final PromptRegistry prompts;
        private final Parts parts;
        private volatile @Nullable ActiveRelease last;

        Deployed(String label, ReleaseStore store, PromptRegistry prompts, Parts parts) {
            this.label = label;
            this.store = store;
            this.prompts = prompts;
            this.parts = parts;
        }

        @Override
        public ActiveRelease current() {
            Hash hash = DeployedRelease.hash(label, store);
            ActiveRelease known = last;
            if (known != null && known.hash().equals(hash)) {
                return known;
            }
            ActiveRelease assembled = parts.assemble(
                    DeployedRelease.release(label, hash, store), pinned -> DeployedRelease.prompt(pinned, prompts));
            assembled.missing().ifPresent(missing -> {
                throw new LifecycleException(missing);
            });
            last = assembled;
            return assembled;
        }

        @Override
        public Optional<Instant> staleSince() {
            return store instanceof RefreshedReleaseStore refreshed
                    ? Optional.of(refreshed.freshness())
                            .filter(Freshness::stale)
                            .map(Freshness::asOf)
                    : Optional.empty();
        }

        @Override
        public Optional<String> label() {
            return Optional.of(label);
        }
    }
}
