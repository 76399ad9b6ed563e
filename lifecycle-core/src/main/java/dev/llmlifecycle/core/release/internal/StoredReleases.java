package dev.llmlifecycle.core.release.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * The JSON text of a release in stores.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class StoredReleases {

    private static final int FORMAT = 1;

    private StoredReleases() {}

    /**
     * Checks that the release that an entry leads to is there.
     *
     * @param entry the entry
     * @param find finds a saved release
     * @throws IllegalArgumentException when it was never saved
     */
    public static void requireSaved(JournalEntry entry, Function<Hash, Optional<Release>> find) {
        if (entry.event() instanceof JournalEvent.OfDeployment event
                && find.apply(event.to()).isEmpty()) {
            throw new IllegalArgumentException("journalling " + event.word() + " of the label '" + event.label()
                    + "' failed: the release " + event.to().shortForm() + " was never saved; save it first");
        }
    }

    /**
     * Writes a release.
     *
     * @param release the release
     * @return indented JSON that ends with a line feed
     */
    public static String write(Release release) {
        return JsonObject.pretty(withFormat(release));
    }

    /**
     * Writes a release as canonical JSON.
     *
     * @param release the release
     * @return one line, without a line feed
     */
    public static String writeLine(Release release) {
        return CanonicalJson.write(withFormat(release));
    }

    /**
     * Reads a release and checks it against its hash.
     *
     * @param json what was written
     * @param expected its hash
     * @return the release
     * @throws IllegalArgumentException when it does not fit
     */
    public static Release read(JsonObject json, Hash expected) {
        json.requireFormat(FORMAT);
        Map<String, PinnedPrompt> prompts = new HashMap<>();
        json.objectsByName("prompts").forEach((name, prompt) -> prompts.put(name, pinned(prompt)));
        Map<String, Identity> parts = new HashMap<>();
        json.objectsByName("parts").forEach((role, identity) -> parts.put(role, identity(identity)));
        Release release = new Release(
                prompts,
                json.text("mainPrompt"),
                identity(json.object("model")),
                parts,
                json.optionalText("corpusId"),
                json.objects("inputValidators").stream()
                        .map(StoredReleases::identity)
                        .toList(),
                json.objects("outputValidators").stream()
                        .map(StoredReleases::identity)
                        .toList());
        otherHash(release.hash(), expected).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return release;
    }

    static PinnedPrompt pinned(JsonObject prompt) {
        return new PinnedPrompt(prompt.text("name"), prompt.integer("number"), prompt.hash("hash"));
    }

    static Optional<String> otherHash(Hash actual, Hash recorded) {
        return actual.equals(recorded)
                ? Optional.empty()
                : Optional.of("the content has the hash " + actual.shortForm() + " and not " + recorded.shortForm()
                        + " as recorded");
    }

    private static Map<String, Object> withFormat(Release release) {
        Map<String, Object> stored = new HashMap<>(release.toCanonical());
        stored.put("format", FORMAT);
        return stored;
    }

    private static Identity identity(JsonObject json) {
        return new Identity(json.text("name"), json.text("version"), json.hash("configurationHash"));
    }
}
