package dev.llmlifecycle.samples.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;

/**
 * Prints how long a directory of 1,000 prompts with 10 versions each takes. The first run with a directory registers
 * them; each further one measures, in a process that has loaded nothing yet.
 */
final class RegistryOpen {

    private static final int PROMPTS = 1_000;
    private static final int VERSIONS = 10;

    private RegistryOpen() {}

    public static void main(String[] args) {
        Path directory = Path.of(Arguments.of(args).text("directory", "registry"));
        if (Files.exists(directory)) {
            measure(directory);
        } else {
            register(directory, PROMPTS, VERSIONS);
        }
    }

    static void register(Path directory, int prompts, int versions) {
        FilePromptRegistry registry = FilePromptRegistry.builder(directory).build();
        for (int prompt = 0; prompt < prompts; prompt++) {
            String name = "prompt-" + prompt;
            for (int version = 1; version <= versions; version++) {
                registry.register(template(name, version), "ada", "change " + version);
            }
            registry.label(name, "reviewed", versions);
        }
    }

    static void measure(Path directory) {
        long began = System.nanoTime();
        FilePromptRegistry registry = FilePromptRegistry.builder(directory).build();
        timed("open", began);
        timed("list names", () -> registry.names().size() + " names");
        timed("resolve the first label", () -> number(registry, "prompt-1"));
        timed("resolve another", () -> number(registry, "prompt-0"));
        timed("verify all", () -> registry.verify().size() + " damaged");
        timed("from opening to the end", began);
    }

    private static String number(FilePromptRegistry registry, String name) {
        return "version " + registry.labelled(name, "reviewed").orElseThrow().number();
    }

    private static void timed(String what, Supplier<String> work) {
        long began = System.nanoTime();
        String result = work.get();
        timed(what + ", " + result, began);
    }

    private static void timed(String what, long began) {
        System.out.printf(Locale.ROOT, "%s: %.3f s%n", what, (System.nanoTime() - began) / 1e9);
    }

    private static ChatPromptTemplate template(String name, int version) {
        return ChatPromptTemplate.builder(name)
                .variable(PromptVariable.text("product").maxLength(80))
                .variable(PromptVariable.list("orders", PromptVariable.text("id"), PromptVariable.number("total"))
                        .maxItems(20))
                .system("You help customers of {{product}}, revision " + version
                        + ".\nAnswer from these passages only:\n"
                        + "{{passages}}\nOrders:\n{{#orders}}{{-index}}. {{id}}: {{total}} EUR\n{{/orders}}")
                .history()
                .user("{{question}}")
                .build();
    }
}
