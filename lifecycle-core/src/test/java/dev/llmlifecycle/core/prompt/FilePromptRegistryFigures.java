package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;

/**
 * Prints how long a directory of 1,000 prompts with 10 versions each takes. Run it twice with the same directory: the
 * first run makes the files, the second measures in a process that has loaded nothing yet.
 */
final class FilePromptRegistryFigures {

    private static final int PROMPTS = 1_000;
    private static final int VERSIONS = 10;

    private FilePromptRegistryFigures() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        if (!Files.exists(directory)) {
            generate(directory);
            return;
        }
        FilePromptRegistry registry =
                timed("open", () -> FilePromptRegistry.builder(directory).build());
        timed("list names", registry::names);
        timed("resolve a label", () -> registry.labelled("prompt-500", "reviewed"));
        timed("resolve another", () -> registry.labelled("prompt-501", "reviewed"));
        timed("history of one", () -> registry.history("prompt-500"));
        System.out.println("damaged: " + timed("verify", registry::verify).size());
    }

    private static void generate(Path directory) throws IOException {
        for (int prompt = 0; prompt < PROMPTS; prompt++) {
            String name = "prompt-" + prompt;
            Path folder = Files.createDirectories(directory.resolve(name));
            Optional<Hash> parent = Optional.empty();
            for (int number = 1; number <= VERSIONS; number++) {
                PromptVersion version =
                        new PromptVersion(template(name, number), number, parent, "ada", "change", Instant.EPOCH);
                Files.writeString(
                        folder.resolve(String.format(Locale.ROOT, "%04d.prompt.md", number)),
                        PromptText.write(version));
                parent = Optional.of(version.hash());
            }
            FilePromptRegistry.builder(directory).build().label(name, "reviewed", VERSIONS);
        }
    }

    private static ChatPromptTemplate template(String name, int number) {
        return ChatPromptTemplate.builder(name)
                .variable(PromptVariable.text("product").maxLength(80))
                .variable(PromptVariable.number("stars").between(1, 5).withDefault("3"))
                .system("You answer questions about {{product}} with {{stars}} stars, and cite passages.\n".repeat(10)
                        + "Version " + number + ".\n{{passages}}")
                .history()
                .user("{{question}}")
                .outputSchema("{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"string\"}}}")
                .build();
    }

    private static <T> T timed(String what, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        System.out.printf(Locale.ROOT, "%-16s %8.1f ms%n", what, (System.nanoTime() - start) / 1e6);
        return result;
    }
}
