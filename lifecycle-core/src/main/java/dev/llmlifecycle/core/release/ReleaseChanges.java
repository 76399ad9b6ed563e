package dev.llmlifecycle.core.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.prompt.PromptComparison;
import dev.llmlifecycle.core.release.internal.DeployedRelease;

/** Says in a line each what differs between two releases; never a text of a prompt. */
final class ReleaseChanges {

    private ReleaseChanges() {}

    static List<String> between(Release before, Release after, Optional<PromptRegistry> registry) {
        List<String> changes = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(before.prompts().keySet());
        names.addAll(after.prompts().keySet());
        for (String name : names) {
            Optional<PinnedPrompt> was = Optional.ofNullable(before.prompts().get(name));
            Optional<PinnedPrompt> is = Optional.ofNullable(after.prompts().get(name));
            if (!was.equals(is)) {
                changes.add("prompt " + name + ": " + versions(was, is) + compared(was, is, registry));
            }
        }
        add(changes, "main prompt", before.mainPrompt(), after.mainPrompt());
        add(changes, "model", before.model(), after.model());
        TreeSet<String> roles = new TreeSet<>(before.parts().keySet());
        roles.addAll(after.parts().keySet());
        roles.forEach(role -> add(changes, role, part(before.parts(), role), part(after.parts(), role)));
        add(
                changes,
                "corpus",
                before.corpusId().orElse("none"),
                after.corpusId().orElse("none"));
        add(changes, "input validators", before.inputValidators(), after.inputValidators());
        add(changes, "output validators", before.outputValidators(), after.outputValidators());
        return changes;
    }

    private static String versions(Optional<PinnedPrompt> was, Optional<PinnedPrompt> is) {
        return was.map(pinned -> "version " + pinned.number()).orElse("none") + " to "
                + is.map(pinned -> Integer.toString(pinned.number())).orElse("none");
    }

    private static String compared(
            Optional<PinnedPrompt> was, Optional<PinnedPrompt> is, Optional<PromptRegistry> registry) {
        if (was.isEmpty() || is.isEmpty() || registry.isEmpty()) {
            return "";
        }
        try {
            PromptVersion before = DeployedRelease.prompt(was.orElseThrow(), registry.orElseThrow());
            PromptVersion after = DeployedRelease.prompt(is.orElseThrow(), registry.orElseThrow());
            PromptComparison comparison = PromptComparison.of(before.template(), after.template());
            return ", " + comparison.compatibility() + ", " + comparison.versionBump();
        } catch (LifecycleException e) {
            // A version that is lost or damaged can be replaced by a new one all the same.
            return ", not compared: the registry does not hold both";
        }
    }

    private static String part(Map<String, Identity> parts, String role) {
        Identity identity = parts.get(role);
        return identity == null ? "none" : identity.toString();
    }

    private static void add(List<String> changes, String what, Object before, Object after) {
        if (!before.equals(after)) {
            changes.add(what + ": " + before + " to " + after);
        }
    }
}
