package dev.llmlifecycle.core.langchain4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import dev.llmlifecycle.core.release.internal.DeployedRelease;
import org.jspecify.annotations.Nullable;

/**
 * A prompt version as LangChain4j messages: one that is fixed, or the one that a deployment label runs now.
 *
 * <p>A deployed prompt is looked up for every call, so a promotion or a rollback is seen by the next question, without
 * a new application.
 *
 * <pre>{@code
 * VersionedPrompt prompt = VersionedPrompt.deployed("production", releases, prompts);
 * Assistant assistant = AiServices.builder(Assistant.class)
 *         .chatModel(model)
 *         .systemMessageTransformer(prompt.systemMessage(Map.of("product", "Acme Shop")))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe when the registry and the store are.
 *
 * @since 0.1
 */
public final class VersionedPrompt {

    private final Supplier<PromptVersion> current;
    private final PromptRenderer renderer = new PromptRenderer();

    private VersionedPrompt(Supplier<PromptVersion> current) {
        this.current = current;
    }

    /**
     * Takes one version for good.
     *
     * @param version the version
     * @return the prompt
     * @throws IllegalArgumentException when a text of it is not valid Mustache
     */
    public static VersionedPrompt of(PromptVersion version) {
        PromptRenderer.check(version.template());
        return new VersionedPrompt(() -> version);
    }

    /**
     * Takes the main prompt of the release that a deployment label points to, looked up for every call.
     *
     * @param label the label, such as {@code production}
     * @param releases the releases and their labels
     * @param prompts the registry that holds what the releases pin
     * @return the prompt
     */
    public static VersionedPrompt deployed(String label, ReleaseStore releases, PromptRegistry prompts) {
        return new VersionedPrompt(new ByLabel(
                Objects.requireNonNull(label, "label"),
                Objects.requireNonNull(releases, "releases"),
                Objects.requireNonNull(prompts, "prompts")));
    }

    /**
     * Returns the version that is used now.
     *
     * @return the version
     * @throws LifecycleException when the label points to no release, or its prompt is not in the registry
     */
    public PromptVersion version() {
        return current.get();
    }

    /**
     * Renders all messages of the prompt, for a direct call of a chat model.
     *
     * @param values values by variable
     * @return the messages in order, without history and examples
     * @throws IllegalArgumentException when template and values do not fit
     * @throws LifecycleException when there is no version now
     */
    public List<ChatMessage> messages(Map<String, ?> values) {
        return renderer.render(version().template(), values, List.of(), List.of());
    }

    /**
     * Gives {@code AiServices.systemMessageTransformer} the system message, with the same values for every call.
     *
     * @param values values by variable
     * @return the transformer
     * @see #systemMessage(Function)
     */
    public BiFunction<String, InvocationContext, String> systemMessage(Map<String, ?> values) {
        Map<String, ?> copy = Map.copyOf(values);
        return systemMessage(context -> copy);
    }

    /**
     * Gives {@code AiServices.systemMessageTransformer} the system message of the version that is used now.
     *
     * <p>It is a transformer since LangChain4j takes what a {@code systemMessageProvider} returns for a template of its
     * own, and would look for variables in the values. A service with another system message, from an annotation or a
     * provider, is refused with an {@link IllegalStateException} when it is called.
     *
     * <p>AiServices adds history and question themselves, so the prompt may have, beside one system message, only the
     * place for the history and a user message that is the question alone. A call with another version fails with an
     * {@link IllegalArgumentException}. Its output schema and model parameters are not used; they are the service's.
     *
     * @param values gives the values by variable for a call, such as from its invocation parameters
     * @return the transformer
     */
    public BiFunction<String, InvocationContext, String> systemMessage(
            Function<InvocationContext, Map<String, ?>> values) {
        Objects.requireNonNull(values, "values");
        return (other, context) -> {
            requireNoOther(other, context);
            ChatPromptTemplate system = systemPart(version().template());
            return ((SystemMessage) renderer.render(system, values.apply(context), List.of(), List.of())
                            .get(0))
                    .text();
        };
    }

    private static void requireNoOther(@Nullable String other, InvocationContext context) {
        if (other != null) {
            throw new IllegalStateException("calling " + context.interfaceName() + "." + context.methodName()
                    + " failed: it has a system message beside the versioned one; remove the annotation or the"
                    + " provider");
        }
    }

    private static ChatPromptTemplate systemPart(ChatPromptTemplate template) {
        List<PromptPart> system = template.parts().stream()
                .filter(part -> part instanceof PromptPart.Message message && message.role() == PromptPart.Role.SYSTEM)
                .toList();
        boolean fits = system.size() == 1
                && template.parts().stream().allMatch(part -> system.contains(part) || isAddedByTheService(part));
        if (!fits) {
            throw new IllegalArgumentException("prompt '" + template.name()
                    + "' is no system message: it must have one system message, and beside it only the history and"
                    + " a user message {{question}}; render other prompts with messages(...)");
        }
        return new ChatPromptTemplate(
                template.name(),
                template.variables(),
                system,
                template.partials(),
                template.outputSchema(),
                ModelParameters.NONE);
    }

    /** Tells whether AiServices puts this part in by itself. */
    private static boolean isAddedByTheService(PromptPart part) {
        return part.equals(new PromptPart.Placeholder(PromptPart.Content.HISTORY))
                || (part instanceof PromptPart.Message message
                        && message.role() == PromptPart.Role.USER
                        && message.template().replace(" ", "").equals("{{" + ChatPromptTemplate.QUESTION + "}}"));
    }

    /** Looks a label up, and the prompt only when the label has moved. */
    private static final class ByLabel implements Supplier<PromptVersion> {

        private final String label;
        private final ReleaseStore releases;
        private final PromptRegistry prompts;
        private volatile @Nullable Found last;

        ByLabel(String label, ReleaseStore releases, PromptRegistry prompts) {
            this.label = label;
            this.releases = releases;
            this.prompts = prompts;
        }

        @Override
        public PromptVersion get() {
            Hash hash = DeployedRelease.hash(label, releases);
            Found known = last;
            if (known != null && known.release().equals(hash)) {
                return known.version();
            }
            Release release = DeployedRelease.release(label, hash, releases);
            PinnedPrompt main = Objects.requireNonNull(release.prompts().get(release.mainPrompt()), "mainPrompt");
            PromptVersion version = DeployedRelease.prompt(main, prompts);
            last = new Found(hash, version);
            return version;
        }
    }

    private record Found(Hash release, PromptVersion version) {}
}
