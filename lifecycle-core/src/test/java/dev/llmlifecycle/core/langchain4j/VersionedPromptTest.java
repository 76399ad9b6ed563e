package dev.llmlifecycle.core.langchain4j;

import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationParameters;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.InMemoryReleaseStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class VersionedPromptTest {

    private final PromptRegistry prompts = InMemoryPromptRegistry.builder().build();
    private final InMemoryReleaseStore releases = new InMemoryReleaseStore();
    private final Deployments deployments = Deployments.builder(releases).build();
    private final Scripted model = new Scripted("a", "b", "c");

    @Test
    void followsADeploymentLabelThroughPromotionAndRollback() {
        PromptVersion polite = register("You help customers of {{product}}.");
        deploy(polite);
        VersionedPrompt prompt = VersionedPrompt.deployed("production", releases, prompts);
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(model)
                .systemMessageTransformer(prompt.systemMessage(Map.of("product", "Acme Shop")))
                .build();

        assistant.answer("How long?");
        deploy(register("Be brief about {{product}}."));
        assistant.answer("How long?");
        deployments.rollback("production", "ada", "too brief");
        assistant.answer("How long?");

        assertThat(model.system(0)).isEqualTo("You help customers of Acme Shop.");
        assertThat(model.system(1)).isEqualTo("Be brief about Acme Shop.");
        assertThat(model.system(2)).isEqualTo(model.system(0));
        assertThat(model.asked.get(0).get(1)).isEqualTo(UserMessage.from("How long?"));
        assertThat(prompt.version()).isEqualTo(polite);
    }

    @Test
    void takesValuesFromTheCallAndRendersThemOnce() {
        VersionedPrompt prompt = VersionedPrompt.of(register("You help customers of {{product}}."));
        WithParameters assistant = AiServices.builder(WithParameters.class)
                .chatModel(model)
                .systemMessageTransformer(prompt.systemMessage(context -> Map.of("product", String.valueOf((String)
                        context.invocationParameters().get("shop")))))
                .build();

        assistant.answer("How long?", InvocationParameters.from("shop", "{{question}} & {{it}}"));

        assertThat(model.system(0)).isEqualTo("You help customers of {{question}} & {{it}}.");
    }

    @Test
    void rendersAllMessages() {
        PromptVersion version = prompts.register(
                ChatPromptTemplate.builder("summary")
                        .system("Be brief.")
                        .user("Summarise: {{question}}")
                        .build(),
                "ada",
                "first");

        assertThat(VersionedPrompt.of(version).messages(Map.of("question", "a long text")))
                .containsExactly(SystemMessage.from("Be brief."), UserMessage.from("Summarise: a long text"));
    }

    @Test
    void allowsWhatTheServiceAddsItselfAndRefusesWhatItWouldLose() {
        ChatPromptTemplate complete = ChatPromptTemplate.builder("support")
                .system("Be polite.")
                .history()
                .user("{{ question }}")
                .build();
        service(prompts.register(complete, "ada", "first")).answer("How long?");
        assertThat(model.system(0)).isEqualTo("Be polite.");

        ChatPromptTemplate other = ChatPromptTemplate.builder("other")
                .system("Be polite.")
                .user("Answer this: {{question}}")
                .build();
        Assistant refused = service(prompts.register(other, "ada", "first"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> refused.answer("How long?"))
                .withMessage("prompt 'other' is no system message: it must have one system message, and beside it only"
                        + " the history and a user message {{question}}; render other prompts with messages(...)");
    }

    @Test
    void refusesASecondSystemMessage() {
        Annotated assistant = AiServices.builder(Annotated.class)
                .chatModel(model)
                .systemMessageTransformer(
                        VersionedPrompt.of(register("Of {{product}}.")).systemMessage(Map.of("product", "Acme")))
                .build();

        assertThatIllegalStateException()
                .isThrownBy(() -> assistant.answer("How long?"))
                .withMessage("calling " + Annotated.class.getName() + ".answer failed: it has a system message beside"
                        + " the versioned one; remove the annotation or the provider");
    }

    @Test
    void saysWhereTheWayToThePromptBreaksOff() {
        VersionedPrompt prompt = VersionedPrompt.deployed("production", releases, prompts);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(prompt::version)
                .withMessage("The deployment label 'production' points to no release; promote one to it before asking");

        deploy(register("Be polite."));
        VersionedPrompt elsewhere = VersionedPrompt.deployed(
                "production", releases, InMemoryPromptRegistry.builder().build());
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(elsewhere::version)
                .withMessageContaining("the registry does not hold it");
    }

    private Assistant service(PromptVersion version) {
        return AiServices.builder(Assistant.class)
                .chatModel(model)
                .systemMessageTransformer(VersionedPrompt.of(version).systemMessage(Map.of()))
                .build();
    }

    private PromptVersion register(String system) {
        ChatPromptTemplate template = ChatPromptTemplate.builder("support-system")
                .variable(new PromptVariable("product", PromptVariable.Type.TEXT, Optional.of("us")))
                .system(system)
                .build();
        return prompts.register(template, "ada", "changed");
    }

    private void deploy(PromptVersion version) {
        Release release =
                Release.builder(Identity.of("scripted", "1"), version.pin()).build();
        deployments.promote("production", release, "ada", "try it");
    }

    interface Assistant {
        String answer(String question);
    }

    interface WithParameters {
        String answer(@dev.langchain4j.service.UserMessage String question, InvocationParameters parameters);
    }

    interface Annotated {
        @dev.langchain4j.service.SystemMessage("Be rude.")
        String answer(String question);
    }
}
