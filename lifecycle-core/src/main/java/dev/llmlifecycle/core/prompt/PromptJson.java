package dev.llmlifecycle.core.prompt;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.prompt.ValueLimits;
import dev.llmlifecycle.core.internal.JsonObject;

/** The JSON form of prompts and their versions, and the rules that both registries share. */
final class PromptJson {

    static final int FORMAT = 1;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");

    private PromptJson() {}

    /** Tells whether a text can be the name of a prompt, and with that the name of a directory. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static void requireLabel(String label) {
        if (!NAME.matcher(Objects.requireNonNull(label, "label")).matches()) {
            throw new IllegalArgumentException("the prompt label '" + label
                    + "' is not allowed; use lower-case letters, digits and single hyphens, such as 'reviewed'");
        }
    }

    static IllegalArgumentException noSuchVersion(String name, String label, int number) {
        return new IllegalArgumentException("putting the label '" + label + "' on version " + number + " of prompt '"
                + name + "' failed: there is no such version; register it first or correct the number");
    }

    /**
     * Returns the latest version when its content and its tags are the same, else the one that follows it, with a hash
     * that exists.
     */
    static PromptVersion next(
            ChatPromptTemplate template,
            Optional<PromptVersion> latest,
            String author,
            String message,
            Set<String> tags,
            Instant now) {
        PromptVersion next = new PromptVersion(
                template,
                latest.map(PromptVersion::number).orElse(0) + 1,
                latest.map(PromptVersion::hash),
                author,
                message,
                now,
                PromptVersion.tags(tags));
        next.hash();
        return latest.filter(version ->
                        version.template().equals(template) && version.tags().equals(next.tags()))
                .orElse(next);
    }

    /**
     * Reads a version of format 1, one JSON object, and checks it against its own hash.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    static PromptVersion read(JsonObject file) {
        file.requireFormat(FORMAT);
        return version(file, template(file.object("template")));
    }

    /**
     * Reads what a version says beside its template, and checks both against its hash.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    static PromptVersion version(JsonObject file, ChatPromptTemplate template) {
        PromptVersion version = new PromptVersion(
                template,
                file.integer("number"),
                file.optional("parent", file::hash),
                file.text("author"),
                file.text("message"),
                file.instant("createdAt"),
                PromptVersion.tags(file.texts("tags")));
        Hash stored = file.hash("hash");
        if (!version.hash().equals(stored)) {
            throw new IllegalArgumentException("the content has the hash "
                    + version.hash().shortForm() + " and not " + stored.shortForm() + " as recorded");
        }
        return version;
    }

    static ChatPromptTemplate template(JsonObject json) {
        return new ChatPromptTemplate(
                json.text("name"),
                json.objects("variables").stream().map(PromptJson::variable).toList(),
                json.objects("parts").stream().map(PromptJson::part).toList(),
                json.textsByName("partials"),
                json.optionalText("outputSchema"),
                parameters(json.object("parameters")));
    }

    static PromptVariable variable(JsonObject json) {
        return new PromptVariable(
                json.text("name"),
                json.constant("type", PromptVariable.Type.class),
                json.optionalText("default"),
                json.objects("properties").stream().map(PromptJson::variable).toList(),
                new ValueLimits(
                        json.optionalText("pattern"),
                        json.optional("maxLength", json::integer),
                        json.optional("minimum", json::number),
                        json.optional("maximum", json::number),
                        json.optional("maxItems", json::integer),
                        json.texts("values")),
                json.has("handling")
                        ? json.constant("handling", PromptVariable.Handling.class)
                        : PromptVariable.Handling.DEFUSED);
    }

    private static PromptPart part(JsonObject json) {
        if (json.has("placeholder")) {
            return new PromptPart.Placeholder(json.constant("placeholder", PromptPart.Content.class));
        }
        return new PromptPart.Message(json.constant("role", PromptPart.Role.class), json.text("template"));
    }

    private static ModelParameters parameters(JsonObject json) {
        List<String> stopSequences = json.texts("stopSequences");
        return new ModelParameters(
                json.optional("temperature", json::number),
                json.optional("topP", json::number),
                json.optional("maxOutputTokens", json::integer),
                stopSequences);
    }
}
