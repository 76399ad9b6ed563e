package dev.llmlifecycle.core.release;

import java.util.HashMap;
import java.util.Map;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.DeploymentMove;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.internal.JsonObject;

/** The form of releases and moves in files. */
final class ReleaseFiles {

    static final int FORMAT = 1;

    private ReleaseFiles() {}

    static IllegalArgumentException neverSaved(DeploymentMove move) {
        return new IllegalArgumentException("moving the label '" + move.label() + "' failed: the release "
                + move.to().shortForm() + " was never saved; save it first");
    }

    static String write(Release release) {
        Map<String, Object> file = new HashMap<>(release.toCanonical());
        file.put("format", FORMAT);
        return JsonObject.pretty(file);
    }

    /**
     * Reads a release and checks it against its hash.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    static Release readRelease(JsonObject json, Hash expected) {
        json.requireFormat(FORMAT);
        Map<String, PinnedPrompt> prompts = new HashMap<>();
        json.objectsByName("prompts")
                .forEach((name, prompt) -> prompts.put(
                        name, new PinnedPrompt(prompt.text("name"), prompt.integer("number"), prompt.hash("hash"))));
        Map<String, Identity> parts = new HashMap<>();
        json.objectsByName("parts").forEach((role, identity) -> parts.put(role, identity(identity)));
        Release release = new Release(
                prompts,
                json.text("mainPrompt"),
                identity(json.object("model")),
                parts,
                json.optionalText("corpusId"),
                json.objects("inputValidators").stream()
                        .map(ReleaseFiles::identity)
                        .toList(),
                json.objects("outputValidators").stream()
                        .map(ReleaseFiles::identity)
                        .toList());
        requireHash(release.hash(), expected);
        return release;
    }

    /** Writes a move as one line, without a line feed. */
    static String write(DeploymentMove move) {
        Map<String, Object> line = new HashMap<>(move.toCanonical());
        line.put("format", FORMAT);
        line.put("hash", move.hash().hex());
        return CanonicalJson.write(line);
    }

    /**
     * Reads a move and checks it against its own hash.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    static DeploymentMove readMove(JsonObject json) {
        json.requireFormat(FORMAT);
        DeploymentMove move = new DeploymentMove(
                json.longInteger("revision"),
                json.constant("kind", DeploymentMove.Kind.class),
                json.text("label"),
                json.optional("from", json::hash),
                json.hash("to"),
                json.text("actor"),
                json.text("reason"),
                json.instant("at"),
                json.optional("verdict", json::hash),
                json.optional("previousMove", json::hash));
        requireHash(move.hash(), json.hash("hash"));
        return move;
    }

    private static Identity identity(JsonObject json) {
        return new Identity(json.text("name"), json.text("version"), json.hash("configurationHash"));
    }

    private static void requireHash(Hash actual, Hash expected) {
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException("the content has the hash " + actual.shortForm() + " and not "
                    + expected.shortForm() + " as recorded");
        }
    }
}
