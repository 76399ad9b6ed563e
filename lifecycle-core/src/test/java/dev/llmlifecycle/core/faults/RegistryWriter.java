package dev.llmlifecycle.core.faults;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.FileReleaseStore;
import org.jspecify.annotations.NullMarked;

/**
 * A process that registers, labels and deploys as fast as it can until it is killed, and says what was acknowledged
 * after it was.
 */
@NullMarked
final class RegistryWriter {

    static final String PROMPT = "support-answer";

    private RegistryWriter() {}

    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        String name = arguments[1];
        PromptRegistry prompts =
                FilePromptRegistry.builder(directory.resolve("prompts")).build();
        Deployments deployments = Deployments.builder(
                        FileReleaseStore.builder(directory.resolve("releases")).build())
                .build();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (int i = 0; ; i++) {
            PromptVersion version = prompts.register(
                    ChatPromptTemplate.builder(PROMPT)
                            .system("Answer from the passages.\nWritten by " + name + ", text " + i + ".")
                            .user("{{question}}")
                            .build(),
                    name,
                    "text " + i);
            out.println("version " + version.number() + " " + version.hash().hex());
            if (i % 3 == 0) {
                prompts.label(PROMPT, name, version.number());
                out.println("label " + version.number() + " " + version.hash().hex());
                Release release = Release.builder(Identity.of("model", "1"), version.pin())
                        .build();
                Deployment deployment = deployments.promote(name, release, name, "text " + i);
                out.println(
                        "move " + deployment.revision() + " " + release.hash().hex());
            }
        }
    }
}
