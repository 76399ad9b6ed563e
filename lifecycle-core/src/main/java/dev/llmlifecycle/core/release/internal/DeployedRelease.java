package dev.llmlifecycle.core.release.internal;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;

/**
 * The way from a deployment label to what runs, with an error that says where it breaks off.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class DeployedRelease {

    private DeployedRelease() {}

    /**
     * Finds where a label points.
     *
     * @param label the label
     * @param store the releases and their labels
     * @return the hash of the release
     * @throws LifecycleException when it points to none
     */
    public static Hash hash(String label, ReleaseStore store) {
        return store.deployment(label)
                .map(Deployment::release)
                .orElseThrow(() -> new LifecycleException(
                        "The deployment label '" + label + "' points to no release; promote one to it before asking"));
    }

    /**
     * Finds the release that a label points to.
     *
     * @param label the label
     * @param hash where it points
     * @param store the releases and their labels
     * @return the release
     * @throws LifecycleException when the store does not hold it
     */
    public static Release release(String label, Hash hash, ReleaseStore store) {
        return store.find(hash)
                .orElseThrow(() -> new LifecycleException("The deployment label '" + label + "' points to release "
                        + hash.shortForm() + " that the store does not hold; restore it or roll back"));
    }

    /**
     * Finds the prompt version that a release pins.
     *
     * @param pinned what is pinned
     * @param prompts the registry
     * @return the version
     * @throws LifecycleException when the registry does not hold it, or another one of that number
     */
    public static PromptVersion prompt(PinnedPrompt pinned, PromptRegistry prompts) {
        PromptVersion version = prompts.find(pinned.name(), pinned.number())
                .orElseThrow(() -> new LifecycleException("Prompt " + pinned
                        + " is pinned by a release but the registry does not hold it; register or restore it"));
        if (!version.hash().equals(pinned.hash())) {
            throw new LifecycleException("Prompt " + pinned + " in the registry has the hash "
                    + version.hash().shortForm() + " but the release pins "
                    + pinned.hash().shortForm()
                    + "; restore the version that was released");
        }
        return version;
    }
}
