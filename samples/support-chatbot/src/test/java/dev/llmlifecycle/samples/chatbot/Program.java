package dev.llmlifecycle.samples.chatbot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.core.testing.OpenAiServer;

/** Runs the program in a folder of its own, as a user would, over three small pages. */
final class Program {

    static final String REFUND = "How many days does a refund take?";

    private final Path folder;
    private final Map<String, String> env = new HashMap<>();
    private final WordEmbedder words = new WordEmbedder();

    Program(Path folder) {
        this.folder = folder;
        env.put("HOME", folder.toString());
        page("returns/refunds.md", """
                # Refunds

                ## How long it takes

                A refund takes 14 days after the goods have arrived.
                """);
        page("delivery.txt", "Parcels to Norway cost 9 EUR and arrive within six days.\n");
        page(
                "contact.html",
                "<html><head><title>Contact</title></head><body><main><h1>Contact</h1>"
                        + "<p>The phone is answered on Saturday from 10:00 to 14:00.</p></main></body></html>");
    }

    /** Writes a document. */
    Program page(String path, String text) {
        try {
            Path file = docs().resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Program env(String name, String value) {
        env.put(name, value);
        return this;
    }

    Program endpoint(OpenAiServer server) {
        return env("OPENAI_BASE_URL", server.baseUrl())
                .env("OPENAI_API_KEY", server.apiKey())
                .env("OPENAI_MODEL", "test-model");
    }

    Path docs() {
        return folder.resolve("documents");
    }

    Path index() {
        return folder.resolve("index");
    }

    Path state() {
        return folder.resolve("state");
    }

    /** Returns how many texts were embedded so far. */
    int embedded() {
        return words.texts();
    }

    /** Asks over the small pages. */
    Result ask(String question, String... more) {
        List<String> args = new ArrayList<>(List.of("--ask", question));
        args.addAll(List.of(more));
        return onDocs("", args.toArray(String[]::new));
    }

    /** Talks over the small pages. */
    Result talk(String... lines) {
        return onDocs(String.join("\n", lines) + "\n");
    }

    Result onDocs(String input, String... args) {
        return run(input, arguments(args));
    }

    /** Runs over the small pages, reading and writing wherever. */
    int run(InputStream in, PrintStream out, PrintStream err) {
        return run(in, out, err, arguments());
    }

    Result run(String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = run(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private int run(InputStream in, PrintStream out, PrintStream err, String[] args) {
        return SupportChatbot.run(
                args, new Terminal(in, out, err, StandardCharsets.UTF_8, false), env, words::embedder);
    }

    private String[] arguments(String... more) {
        List<String> all = new ArrayList<>(List.of("--docs", docs().toString()));
        all.addAll(List.of("--index", index().toString(), "--state", state().toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** What a run left behind. */
    record Result(int code, String out, String err) {

        /** Returns the lines of the error stream that are no progress. */
        List<String> complaints() {
            return err.lines()
                    .filter(line -> !line.startsWith("Indexing: ") && !line.startsWith("Indexed "))
                    .toList();
        }
    }
}
