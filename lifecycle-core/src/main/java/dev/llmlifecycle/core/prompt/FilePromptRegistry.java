package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.StoredJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prompt registry on plain files, made to be kept in version control beside the code.
 *
 * <p>Each version is one text file, {@code <directory>/<name>/0001.prompt.md}, that is written once: YAML front matter,
 * then each message under a marker line, as {@link TemplateFiles} reads it. Versions of the format before, JSON files
 * such as {@code 0001.json}, are read beside them. Labels are in {@code <directory>/<name>/labels.json}, one a line.
 * Writers in any number of processes exclude each other by the empty file {@code <directory>/.lock}, which need not be
 * committed. Reading needs no lock and no right to write.
 *
 * <p>What is read is checked: a version against its own hash, its file name and the version before it. One that does
 * not fit is lost alone: {@link #find} throws for it, {@link #history} leaves it out with a warning, the others read
 * on. {@link #verify} names all that is damaged.
 *
 * <pre>{@code
 * PromptRegistry prompts = FilePromptRegistry.builder(Path.of("prompts")).build();
 * PromptVersion version = prompts.register(template, "ada", "shorter answers");
 * prompts.label("support-answer", "reviewed", version.number());
 * }</pre>
 *
 * <p>Thread-safe. Nothing is kept in memory, so files that version control brings in are seen at once.
 *
 * @since 0.1
 */
public final class FilePromptRegistry implements PromptRegistry {

    private static final Logger log = LoggerFactory.getLogger(FilePromptRegistry.class);
    private static final String TEXT = ".prompt.md";
    private static final String JSON = ".json";
    private static final Pattern VERSION_FILE =
            Pattern.compile("(0[0-9]{3}|[1-9][0-9]{3,8})(?:\\.prompt\\.md|\\.json)");
    private static final int LABELS_FORMAT = 1;
    private static final String LABELS_FILE = "labels.json";
    private static final String REMEDY = "restore the file from version control or a backup";

    private final Path directory;
    private final Clock clock;
    private final Duration lockTimeout;

    private FilePromptRegistry(Builder builder) {
        this.directory = builder.directory;
        this.clock = builder.clock;
        this.lockTimeout = builder.lockTimeout;
    }

    /**
     * Starts a registry.
     *
     * @param directory the directory of the prompts; it is created by the first registration
     * @return a builder
     */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /**
     * Registers a new version of a template. When it returns, the file is on the disk.
     *
     * @throws IllegalArgumentException when {@link PromptRenderer#check} refuses it, or author or message are blank, or
     *     a tag is not one
     * @throws DamagedDataException when the latest version cannot be trusted, since a new one is chained to it
     * @throws LifecycleException when it cannot be written, or another process holds the lock for too long
     */
    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message, Set<String> tags) {
        PromptRenderer.check(template);
        // What no registry can take is refused before anything is created on the disk.
        PromptJson.next(template, Optional.empty(), author, message, tags, clock.instant());
        return InterProcessLock.holding(lockFile(), lockTimeout, () -> {
            List<Integer> numbers = numbers(template.name());
            Optional<PromptVersion> latest =
                    numbers.isEmpty() ? Optional.empty() : find(template.name(), numbers.get(numbers.size() - 1));
            PromptVersion next = PromptJson.next(template, latest, author, message, tags, clock.instant());
            if (latest.filter(version -> version.equals(next)).isEmpty()) {
                String text = PromptText.write(next);
                // What cannot be read again must not be acknowledged.
                PromptText.readVersion(text);
                DurableFiles.write(file(template.name(), next.number(), TEXT), text.getBytes(StandardCharsets.UTF_8));
                log.debug("registered version {} of prompt {}", next.number(), next.name());
            }
            return next;
        });
    }

    /**
     * Finds one version.
     *
     * @throws DamagedDataException when its file does not fit its hash, its name or the version before, or is missing
     *     while a later one is there
     */
    @Override
    public Optional<PromptVersion> find(String name, int number) {
        if (!PromptJson.isName(name) || number < 1) {
            return Optional.empty();
        }
        Optional<PromptVersion> found = read(name, number);
        if (found.isEmpty()) {
            if (numbers(name).stream().noneMatch(later -> later > number)) {
                return Optional.empty();
            }
            // It may have been registered since, and one after it.
            found = read(name, number);
            if (found.isEmpty()) {
                throw missing(file(name, number, TEXT));
            }
        }
        checkParent(found.orElseThrow(), () -> readable(name, number - 1));
        return found;
    }

    @Override
    public List<PromptVersion> history(String name) {
        if (!PromptJson.isName(name)) {
            return List.of();
        }
        List<PromptVersion> history = new ArrayList<>();
        walk(name, history::add, (file, failure) -> {
            if (!(failure instanceof DamagedDataException)) {
                throw failure;
            }
            log.warn("left out of the history of prompt {}: {}", name, failure.getMessage());
        });
        return List.copyOf(history);
    }

    /**
     * Checks every version, the chain of each prompt, and the labels.
     *
     * <p>A last version that was deleted does not show here; it does where a label or a {@linkplain PromptVersion#pin()
     * release} names it.
     *
     * @return what is damaged, by prompt and number; empty when all is well
     * @throws LifecycleException when a directory cannot be listed
     */
    public List<Damage> verify() {
        List<Damage> damages = new ArrayList<>();
        for (String name : names()) {
            Map<Integer, Hash> hashes = new HashMap<>();
            BiConsumer<Path, LifecycleException> damaged =
                    (file, failure) -> damages.add(new Damage(file, String.valueOf(failure.getMessage())));
            walk(name, version -> hashes.put(version.number(), version.hash()), damaged);
            try {
                readLabels(name).forEach((label, placed) -> {
                    if (!placed.hash().equals(hashes.get(placed.number()))) {
                        damaged.accept(labelsFile(name), misplaced(name, label, placed));
                    }
                });
            } catch (LifecycleException e) {
                damaged.accept(labelsFile(name), e);
            }
        }
        return List.copyOf(damages);
    }

    @Override
    public List<String> names() {
        return list(directory).stream()
                .map(path -> path.getFileName().toString())
                .filter(PromptJson::isName)
                .filter(name -> !numbers(name).isEmpty())
                .sorted()
                .toList();
    }

    /**
     * Puts a label on a version. When it returns, the file is on the disk.
     *
     * @throws IllegalArgumentException when the label is not one or there is no such version
     * @throws DamagedDataException when the version or the file of labels cannot be trusted
     */
    @Override
    public void label(String name, String label, int number) {
        PromptJson.requireLabel(label);
        PromptVersion version = find(name, number).orElseThrow(() -> PromptJson.noSuchVersion(name, label, number));
        Label placed = new Label(version.number(), version.hash());
        InterProcessLock.holding(lockFile(), lockTimeout, () -> {
            Map<String, Label> labels = readLabels(name);
            labels.put(label, placed);
            DurableFiles.write(labelsFile(name), toJson(labels).getBytes(StandardCharsets.UTF_8));
            log.debug("put label {} on version {} of prompt {}", label, number, name);
            return placed;
        });
    }

    /**
     * Finds the version that has a label.
     *
     * @throws DamagedDataException when the labels cannot be read, or the version is not the one that was labelled
     */
    @Override
    public Optional<PromptVersion> labelled(String name, String label) {
        if (!PromptJson.isName(name)) {
            return Optional.empty();
        }
        Label found = readLabels(name).get(label);
        if (found == null) {
            return Optional.empty();
        }
        PromptVersion version = find(name, found.number())
                .filter(candidate -> candidate.hash().equals(found.hash()))
                .orElseThrow(() -> misplaced(name, label, found));
        return Optional.of(version);
    }

    /**
     * Lists the labels of a prompt.
     *
     * @throws DamagedDataException when the labels cannot be read
     */
    @Override
    public Map<String, Integer> labels(String name) {
        if (!PromptJson.isName(name)) {
            return Map.of();
        }
        Map<String, Integer> numbers = new TreeMap<>();
        readLabels(name).forEach((label, version) -> numbers.put(label, version.number()));
        return Collections.unmodifiableMap(numbers);
    }

    private Path lockFile() {
        return directory.resolve(".lock");
    }

    private Path labelsFile(String name) {
        return directory.resolve(name).resolve(LABELS_FILE);
    }

    private Path file(String name, int number, String ending) {
        return directory.resolve(name).resolve(String.format(Locale.ROOT, "%04d", number) + ending);
    }

    /** Reads every version of a prompt once, in order, and tells the sound ones from those that cannot be trusted. */
    private void walk(String name, Consumer<PromptVersion> sound, BiConsumer<Path, LifecycleException> damaged) {
        Optional<Hash> before = Optional.empty();
        int expected = 1;
        for (int number : numbers(name)) {
            for (; expected < number; expected++) {
                Path missing = file(name, expected, TEXT);
                damaged.accept(missing, missing(missing));
                before = Optional.empty();
            }
            expected = number + 1;
            Optional<Hash> parent = before;
            before = Optional.empty();
            try {
                Optional<PromptVersion> version = read(name, number);
                before = version.map(PromptVersion::hash);
                version.ifPresent(found -> checkParent(found, () -> parent));
                version.ifPresent(sound);
            } catch (LifecycleException e) {
                damaged.accept(existing(name, number), e);
            }
        }
    }

    private Optional<PromptVersion> read(String name, int number) {
        Path text = file(name, number, TEXT);
        Path json = file(name, number, JSON);
        Optional<PromptVersion> version = StoredJson.readText(
                text, REMEDY, content -> requirePlace(PromptText.readVersion(content), name, number));
        if (version.isPresent()) {
            if (Files.exists(json)) {
                throw damaged(json, "version " + number + " is there a second time, in " + text.getFileName());
            }
            return version;
        }
        return StoredJson.read(json, REMEDY, content -> requirePlace(PromptJson.read(content), name, number));
    }

    private static PromptVersion requirePlace(PromptVersion version, String name, int number) {
        if (!version.name().equals(name) || version.number() != number) {
            throw new IllegalArgumentException("it holds version " + version.number() + " of prompt '" + version.name()
                    + "', which belongs into another file");
        }
        return version;
    }

    /** The hash of a version that can be read, to check the one after it. */
    private Optional<Hash> readable(String name, int number) {
        try {
            return read(name, number).map(PromptVersion::hash);
        } catch (DamagedDataException e) {
            log.debug("the version after {} of prompt {} cannot be checked against it", number, name, e);
            return Optional.empty();
        }
    }

    private void checkParent(PromptVersion version, Supplier<Optional<Hash>> before) {
        Path file = existing(version.name(), version.number());
        if (version.number() == 1) {
            if (version.parent().isPresent()) {
                throw damaged(file, "the first version names a version before it");
            }
            return;
        }
        Hash parent = version.parent().orElseThrow(() -> damaged(file, "it does not name the version before it"));
        if (before.get().filter(hash -> !hash.equals(parent)).isPresent()) {
            throw damaged(file, "it follows another version than the one in the file before it");
        }
    }

    private Path existing(String name, int number) {
        Path json = file(name, number, JSON);
        return Files.exists(json) ? json : file(name, number, TEXT);
    }

    private static DamagedDataException missing(Path file) {
        return damaged(file, "the file is missing while later versions are there");
    }

    private DamagedDataException misplaced(String name, String label, Label placed) {
        return damaged(
                labelsFile(name),
                "the label '" + label + "' is on a version " + placed.number() + " that is not there or was changed");
    }

    private Map<String, Label> readLabels(String name) {
        return StoredJson.read(labelsFile(name), REMEDY, json -> {
                    json.requireFormat(LABELS_FORMAT);
                    Map<String, Label> labels = new HashMap<>();
                    json.objectsByName("labels")
                            .forEach((label, version) ->
                                    labels.put(label, new Label(version.integer("number"), version.hash("hash"))));
                    return labels;
                })
                .orElseGet(HashMap::new);
    }

    /** Writes one label a line, so that moving one changes one line. */
    private static String toJson(Map<String, Label> labels) {
        String lines = new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> "    \"" + label.getKey() + "\": {\"number\": "
                                + label.getValue().number() + ", \"hash\": \""
                                + label.getValue().hash().hex() + "\"}")
                        .collect(Collectors.joining(",\n"));
        return "{\n  \"format\": " + LABELS_FORMAT + ",\n  \"labels\": {\n" + lines + "\n  }\n}\n";
    }

    private List<Integer> numbers(String name) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (Path path : list(directory.resolve(name))) {
            Matcher matcher = VERSION_FILE.matcher(path.getFileName().toString());
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        return List.copyOf(numbers);
    }

    private static List<Path> list(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException e) {
            log.debug("{} went away while it was listed", directory, e);
        } catch (IOException e) {
            throw new LifecycleException("Listing the prompts in " + directory + " failed; check its permissions", e);
        }
        return paths;
    }

    private static DamagedDataException damaged(Path file, String problem) {
        return new DamagedDataException(file.toString(), "the whole file", problem, REMEDY, null);
    }

    private record Label(int number, Hash hash) {}

    /**
     * A file that {@link FilePromptRegistry#verify} found damaged.
     *
     * <p>Immutable.
     *
     * @param file the file
     * @param problem what is wrong with it, and what to do
     */
    public record Damage(Path file, String problem) {

        /** Checks the parts. */
        public Damage {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(problem, "problem");
        }

        /** Returns the problem, which names the file. */
        @Override
        public String toString() {
            return problem;
        }
    }

    /** Builds a {@link FilePromptRegistry}. Not thread-safe. */
    public static final class Builder {

        private final Path directory;
        private Clock clock = Clock.systemUTC();
        private Duration lockTimeout = Duration.ofSeconds(10);

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /**
         * Sets the clock that dates the versions. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets how long a writer waits for one in another process. Default: 10 seconds.
         *
         * @param lockTimeout zero to try once
         * @return this builder
         */
        public Builder lockTimeout(Duration lockTimeout) {
            this.lockTimeout = Objects.requireNonNull(lockTimeout, "lockTimeout");
            return this;
        }

        /**
         * Builds the registry.
         *
         * @return the registry
         * @throws LifecycleException when the directory is a file
         */
        public FilePromptRegistry build() {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new LifecycleException(
                        "Opening the prompt registry " + directory + " failed: it is a file; name a directory");
            }
            return new FilePromptRegistry(this);
        }
    }
}
