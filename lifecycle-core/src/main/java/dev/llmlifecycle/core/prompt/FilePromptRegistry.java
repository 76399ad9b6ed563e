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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.StoredJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prompt registry on plain files, made to be kept in version control beside the code.
 *
 * <p>Each version is one indented JSON file, {@code <directory>/<name>/0001.json}, that is written once; labels are in
 * {@code <directory>/<name>/labels.json}. Writers in any number of processes exclude each other by the empty file
 * {@code <directory>/.lock}, which need not be committed. Reading needs no lock and no right to write.
 *
 * <p>What is read is checked: a version against its own hash, its file name and the version before it. One that does
 * not fit is lost alone: {@link #find} throws for it, {@link #history} leaves it out with a warning, the others read
 * on.
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
    private static final Pattern VERSION_FILE = Pattern.compile("([0-9]{4,9})\\.json");
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
     * @throws IllegalArgumentException when {@link PromptRenderer#check} refuses it, or author or message are blank
     * @throws DamagedDataException when the latest version cannot be trusted, since a new one is chained to it
     * @throws LifecycleException when it cannot be written, or another process holds the lock for too long
     */
    @Override
    public PromptVersion register(ChatPromptTemplate template, String author, String message) {
        PromptRenderer.check(template);
        // What no registry can take is refused before anything is created on the disk.
        PromptFiles.next(template, Optional.empty(), author, message, clock.instant());
        return InterProcessLock.holding(lockFile(), lockTimeout, () -> {
            List<Integer> numbers = numbers(template.name());
            Optional<PromptVersion> latest =
                    numbers.isEmpty() ? Optional.empty() : find(template.name(), numbers.get(numbers.size() - 1));
            PromptVersion next = PromptFiles.next(template, latest, author, message, clock.instant());
            if (latest.filter(version -> version.equals(next)).isEmpty()) {
                DurableFiles.write(
                        file(template.name(), next.number()),
                        PromptFiles.write(next).getBytes(StandardCharsets.UTF_8));
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
        if (!PromptFiles.isName(name) || number < 1) {
            return Optional.empty();
        }
        Path file = file(name, number);
        Optional<PromptVersion> found = read(name, number);
        if (found.isEmpty()) {
            if (numbers(name).stream().anyMatch(later -> later > number)) {
                throw damaged(file, "the file is missing while later versions are there");
            }
            return Optional.empty();
        }
        checkParent(file, found.orElseThrow());
        return found;
    }

    @Override
    public List<PromptVersion> history(String name) {
        if (!PromptFiles.isName(name)) {
            return List.of();
        }
        List<PromptVersion> history = new ArrayList<>();
        for (int number : numbers(name)) {
            try {
                find(name, number).ifPresent(history::add);
            } catch (DamagedDataException e) {
                log.warn("left out of the history of prompt {}: {}", name, e.getMessage());
            }
        }
        return List.copyOf(history);
    }

    @Override
    public List<String> names() {
        return list(directory).stream()
                .map(path -> path.getFileName().toString())
                .filter(PromptFiles::isName)
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
        PromptFiles.requireLabel(label);
        PromptVersion version = find(name, number).orElseThrow(() -> PromptFiles.noSuchVersion(name, label, number));
        Label placed = new Label(version.number(), version.hash());
        InterProcessLock.holding(lockFile(), lockTimeout, () -> {
            Map<String, Label> labels = labels(name);
            labels.put(label, placed);
            DurableFiles.write(
                    directory.resolve(name).resolve(LABELS_FILE),
                    JsonObject.pretty(Map.of("format", PromptFiles.FORMAT, "labels", toJson(labels)))
                            .getBytes(StandardCharsets.UTF_8));
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
        if (!PromptFiles.isName(name)) {
            return Optional.empty();
        }
        Label found = labels(name).get(label);
        if (found == null) {
            return Optional.empty();
        }
        PromptVersion version = find(name, found.number())
                .filter(candidate -> candidate.hash().equals(found.hash()))
                .orElseThrow(() -> damaged(
                        directory.resolve(name).resolve(LABELS_FILE),
                        "the label '" + label + "' is on a version " + found.number()
                                + " that is not there or was changed"));
        return Optional.of(version);
    }

    private Path lockFile() {
        return directory.resolve(".lock");
    }

    private Path file(String name, int number) {
        return directory.resolve(name).resolve(String.format(Locale.ROOT, "%04d.json", number));
    }

    private Optional<PromptVersion> read(String name, int number) {
        Path file = file(name, number);
        return StoredJson.read(file, REMEDY, json -> {
            PromptVersion version = PromptFiles.read(json);
            if (!version.name().equals(name) || version.number() != number) {
                throw new IllegalArgumentException("it holds version " + version.number() + " of prompt '"
                        + version.name() + "', which belongs into another file");
            }
            return version;
        });
    }

    private void checkParent(Path file, PromptVersion version) {
        if (version.number() == 1) {
            if (version.parent().isPresent()) {
                throw damaged(file, "the first version names a version before it");
            }
            return;
        }
        Hash parent = version.parent().orElseThrow(() -> damaged(file, "it does not name the version before it"));
        Optional<Hash> before;
        try {
            before = read(version.name(), version.number() - 1).map(PromptVersion::hash);
        } catch (DamagedDataException e) {
            log.debug("the version before {} cannot be checked", file, e);
            return;
        }
        if (before.filter(hash -> !hash.equals(parent)).isPresent()) {
            throw damaged(file, "it follows another version than the one in the file before it");
        }
    }

    private Map<String, Label> labels(String name) {
        Path file = directory.resolve(name).resolve(LABELS_FILE);
        return StoredJson.read(file, REMEDY, json -> {
                    json.requireFormat(PromptFiles.FORMAT);
                    Map<String, Label> labels = new HashMap<>();
                    json.objectsByName("labels")
                            .forEach((label, version) ->
                                    labels.put(label, new Label(version.integer("number"), version.hash("hash"))));
                    return labels;
                })
                .orElseGet(HashMap::new);
    }

    private static Map<String, Object> toJson(Map<String, Label> labels) {
        Map<String, Object> json = new HashMap<>();
        labels.forEach((label, version) -> json.put(
                label, Map.of("number", version.number(), "hash", version.hash().hex())));
        return json;
    }

    private List<Integer> numbers(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (Path path : list(directory.resolve(name))) {
            Matcher matcher = VERSION_FILE.matcher(path.getFileName().toString());
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        numbers.sort(null);
        return numbers;
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
