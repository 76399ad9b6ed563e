package dev.llmlifecycle.core.faults;

import java.nio.file.Path;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import org.jspecify.annotations.NullMarked;

/** A process that may write no file beyond a size, as on a disk that is full: small, large and small versions. */
@NullMarked
final class FullDiskWriter {

    private FullDiskWriter() {}

    public static void main(String[] arguments) {
        PromptRegistry prompts =
                FilePromptRegistry.builder(Path.of(arguments[0])).build();
        for (int length : new int[] {10, 100_000, 20}) {
            try {
                prompts.register(
                        ChatPromptTemplate.builder(RegistryWriter.PROMPT)
                                .system("x".repeat(length))
                                .user("{{question}}")
                                .build(),
                        "ada",
                        "of " + length);
                System.out.println("registered " + length);
            } catch (LifecycleException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
