package dev.llmlifecycle.samples.chatbot;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;

/**
 * What one run works with.
 *
 * @param roots the folders of documents
 * @param index the folder of the index
 * @param state the folder above the state of each configuration
 * @param questions the examples that the circle plays with
 * @param businessRules the file of business rules over the answers, where the sample's own documents have one
 * @param endpoint the model endpoint, if one is set
 * @param timeout how long one answer may take
 */
record Settings(
        List<CorpusRoot> roots,
        Path index,
        Path state,
        Optional<Path> questions,
        Optional<Path> businessRules,
        Optional<Endpoint> endpoint,
        Duration timeout) {

    /** The environment variable that names the project's folder; the launcher sets it. */
    static final String HOME = "CHATBOT_HOME";

    /** What stands before the paths of the help centre of the sample. */
    static final String HELP_CENTRE_PREFIX = "help-centre/";

    private static final String SAMPLE = "samples/support-chatbot";

    static Settings of(
            Optional<Path> docs,
            Optional<Path> index,
            Optional<Path> state,
            Duration timeout,
            Map<String, String> env) {
        Optional<Path> home = home(env);
        List<CorpusRoot> roots = docs.map(folder -> List.of(new CorpusRoot("", folder, true)))
                .or(() -> home.map(Settings::ownDocuments))
                .orElseThrow(() ->
                        new WrongInputException("There is no document to answer from; name a folder with --docs DIR"));
        roots.forEach(Settings::requireFolder);
        Path base = home.map(folder -> folder.resolve(SAMPLE).resolve("target")).orElseGet(() -> cache(env));
        return new Settings(
                roots,
                index.orElseGet(() -> base.resolve("index").resolve(corpusId(roots))),
                state.orElseGet(() -> base.resolve("state")),
                ofSample(home, docs, "questions.jsonl"),
                ofSample(home, docs, "business-rules.yaml").filter(Files::exists),
                Endpoint.of(env),
                timeout);
    }

    /** Returns the name of the corpus: the same for the same folders. */
    String corpusId() {
        return corpusId(roots);
    }

    private static String corpusId(List<CorpusRoot> roots) {
        Map<String, Object> folders = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (CorpusRoot root : roots) {
            Path folder = root.folder().toAbsolutePath().normalize();
            folders.put(root.prefix(), folder.toString());
            Path name = folder.getFileName();
            names.add(name == null ? "root" : name.toString().replaceAll("[^A-Za-z0-9._-]", "-"));
        }
        return String.join("+", names) + "-"
                + Hash.ofCanonicalJson(folders).shortForm().substring(0, 8);
    }

    /** Returns a file that belongs to the sample's own documents, where those are asked. */
    private static Optional<Path> ofSample(Optional<Path> home, Optional<Path> docs, String file) {
        return home.filter(folder -> docs.isEmpty())
                .map(folder -> folder.resolve(SAMPLE).resolve(file));
    }

    private static List<CorpusRoot> ownDocuments(Path home) {
        return List.of(
                new CorpusRoot("docs/", home.resolve("docs"), false),
                new CorpusRoot(HELP_CENTRE_PREFIX, home.resolve(SAMPLE).resolve("help-centre"), true));
    }

    private static Optional<Path> home(Map<String, String> env) {
        String value = env.get(HOME);
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(value)).filter(folder -> Files.isDirectory(folder.resolve(SAMPLE)));
        } catch (InvalidPathException e) {
            throw new WrongInputException(HOME + " is no path; set it to the folder that holds the project");
        }
    }

    private static Path cache(Map<String, String> env) {
        String cache = env.get("XDG_CACHE_HOME");
        Path base = cache == null || cache.isBlank()
                ? Path.of(env.getOrDefault("HOME", System.getProperty("user.home")), ".cache")
                : Path.of(cache);
        return base.resolve("llm-lifecycle").resolve("support-chatbot");
    }

    private static void requireFolder(CorpusRoot root) {
        if (!Files.exists(root.folder())) {
            throw new WrongInputException(
                    "The document folder " + root.folder() + " does not exist; name another with --docs DIR");
        }
        if (!Files.isDirectory(root.folder())) {
            throw new WrongInputException(
                    "The document folder " + root.folder() + " is a file; name the folder that holds it");
        }
        if (!Files.isReadable(root.folder())) {
            throw new WrongInputException("The document folder " + root.folder()
                    + " cannot be read; change its permissions or name another with --docs DIR");
        }
    }
}
