package dev.llmlifecycle.core.conversation;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.LineReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversation store on plain files that any number of processes may share.
 *
 * <p>Each conversation is one file, {@code <directory>/conversations/<xx>/<hash>.json}, and each conversation of a user
 * has an empty file {@code <directory>/users/<hash of the user>/<hash>}. The hash is that of the conversation's id, so
 * that no id names a place outside the directory; the id stands in the file. Files are written beside, forced and
 * moved: a crash at any byte leaves the old conversation or the new one. Writers exclude each other by the empty files
 * {@code <directory>/locks/<n>}; reading needs no lock.
 *
 * <p>A damaged file is named and read as nothing else; {@link #delete} and {@link #erase} remove it all the same.
 * Removing a conversation removes what an interrupted write of it has left behind, too. It does not overwrite the
 * blocks on the disk.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class FileConversationStore implements ConversationStore {

    private static final Logger log = LoggerFactory.getLogger(FileConversationStore.class);
    private static final String ENDING = ".json";
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final String REMEDY = "restore the file from a backup, or delete the conversation";
    private static final int LOCKS = 64;

    /** After so many of hundred conversations, and at least after each one, it is looked how many there are. */
    private static final int PERCENT_UNCOUNTED = 1;

    /** How many of hundred conversations stay when there are too many. */
    private static final int PERCENT_KEPT = 90;

    private static final int HUNDRED = 100;

    private final Path directory;
    private final Path conversations;
    private final Path users;
    private final int maxConversations;
    private final int maxBytes;
    private final Duration lockTimeout;
    private final AtomicInteger begunSinceCount = new AtomicInteger();

    private FileConversationStore(Builder builder) {
        this.directory = builder.directory;
        this.conversations = directory.resolve("conversations");
        this.users = directory.resolve("users");
        this.maxConversations = builder.maxConversations;
        this.maxBytes = builder.maxBytes;
        this.lockTimeout = builder.lockTimeout;
    }

    /**
     * Starts a store.
     *
     * @param directory where it keeps its files; it is created by the first conversation
     * @return a builder
     */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /**
     * Finds a conversation.
     *
     * @throws DamagedDataException when its file cannot be trusted
     * @throws LifecycleException when it cannot be read
     */
    @Override
    public Optional<Conversation> find(String id) {
        Path file = file(nameOf(id));
        Optional<Conversation> found = read(file);
        if (found.isPresent() && !found.get().id().equals(id)) {
            throw new DamagedDataException(
                    file.toString(), "the field 'id'", "it belongs to another conversation", REMEDY, null);
        }
        return found;
    }

    /**
     * Puts a conversation in the place of the one that the caller has read. When it returns true, the file is on the
     * disk.
     *
     * @throws DamagedDataException when the file that is there cannot be trusted
     * @throws LifecycleException when the conversation is too long or cannot be written, or another process holds the
     *     lock for too long
     */
    @Override
    public boolean replace(Optional<Conversation> expected, Conversation next) {
        Revisions.requireSameId(expected, next);
        String name = nameOf(next.id());
        byte[] bytes = ConversationFiles.write(next);
        if (bytes.length > maxBytes) {
            throw new LifecycleException("Writing the conversation " + file(name) + " failed: its " + bytes.length
                    + " bytes are more than the " + maxBytes + " of maxBytes; give it a smaller window");
        }
        boolean replaced = locked(name, () -> {
            if (!Revisions.match(find(next.id()), expected)) {
                return false;
            }
            next.owner().ifPresent(owner -> mark(owner, name));
            DurableFiles.write(file(name), bytes);
            return true;
        });
        if (replaced && expected.isEmpty()) {
            try {
                makeRoom();
            } catch (LifecycleException e) {
                log.warn("{} may hold more conversations than it should: {}", directory, e.getMessage());
            }
        }
        return replaced;
    }

    /**
     * Removes a conversation, readable or not.
     *
     * @throws LifecycleException when it cannot be removed
     */
    @Override
    public boolean delete(String id) {
        return remove(nameOf(id));
    }

    /**
     * Lists the conversations of a user.
     *
     * @throws DamagedDataException when a file of the user cannot be trusted
     */
    @Override
    public List<String> conversationsOf(ConversationOwner owner) {
        Optional<ConversationOwner> wanted = Optional.of(owner);
        return list(folder(owner)).stream()
                .map(marker -> read(file(nameOf(marker))))
                .flatMap(Optional::stream)
                .filter(conversation -> conversation.owner().equals(wanted))
                .map(Conversation::id)
                .sorted()
                .toList();
    }

    /**
     * Removes all conversations of a user, readable or not. It may be called again where it has failed half-way.
     *
     * @throws LifecycleException when one of them cannot be removed
     */
    @Override
    public int erase(ConversationOwner owner) {
        Path folder = folder(owner);
        int erased = 0;
        for (Path marker : list(folder)) {
            String name = nameOf(marker);
            if (NAME.matcher(name).matches()
                    && locked(name, () -> !belongsToAnother(name, owner) && removeFiles(name))) {
                erased++;
            }
            deleteFile(marker);
        }
        return erased;
    }

    private boolean belongsToAnother(String name, ConversationOwner owner) {
        Optional<Conversation> found = readable(file(name));
        return found.isPresent() && !found.get().owner().equals(Optional.of(owner));
    }

    private boolean remove(String name) {
        return locked(name, () -> {
            Optional<ConversationOwner> owner = readable(file(name)).flatMap(Conversation::owner);
            boolean removed = removeFiles(name);
            owner.ifPresent(known -> deleteFile(folder(known).resolve(name)));
            return removed;
        });
    }

    /** Removes a conversation and what interrupted writes of it have left; under its lock, none is under way. */
    private boolean removeFiles(String name) {
        Path file = file(name);
        Path folder = DurableFiles.directoryOf(file);
        boolean removed = deleteFile(file);
        for (Path left : list(folder)) {
            if (String.valueOf(left.getFileName()).startsWith("." + name)) {
                deleteFile(left);
                removed = true;
            }
        }
        if (removed) {
            DurableFiles.forceDirectory(folder);
        }
        return removed;
    }

    private void mark(ConversationOwner owner, String name) {
        Path marker = folder(owner).resolve(name);
        if (!Files.exists(marker)) {
            DurableFiles.write(marker, new byte[0]);
        }
    }

    /** Removes the conversations changed longest ago when there are too many; looks only now and then. */
    private void makeRoom() {
        int uncounted = (int) ((long) maxConversations * PERCENT_UNCOUNTED / HUNDRED);
        if (begunSinceCount.incrementAndGet() <= uncounted) {
            return;
        }
        begunSinceCount.set(0);
        List<Dated> all = new ArrayList<>();
        for (Path folder : list(conversations)) {
            for (Path file : list(folder)) {
                if (NAME.matcher(nameOf(file)).matches()) {
                    dated(file).ifPresent(all::add);
                }
            }
        }
        if (all.size() > maxConversations) {
            int kept = Math.max(1, (int) ((long) maxConversations * PERCENT_KEPT / HUNDRED));
            all.sort(Comparator.naturalOrder());
            all.subList(0, all.size() - kept).forEach(old -> remove(nameOf(old.file())));
            log.debug("{} held {} conversations; the oldest made room", directory, all.size());
        }
    }

    private static Optional<Dated> dated(Path file) {
        try {
            return Optional.of(new Dated(Files.getLastModifiedTime(file).toMillis(), file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("Reading", file, e);
        }
    }

    private Optional<Conversation> readable(Path file) {
        try {
            return read(file);
        } catch (DamagedDataException e) {
            log.warn("removing a damaged conversation: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Conversation> read(Path file) {
        try {
            return Optional.of(ConversationFiles.read(LineReader.decode(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("Reading", file, e);
        } catch (IllegalArgumentException e) {
            throw new DamagedDataException(
                    file.toString(), "the whole file", String.valueOf(e.getMessage()), REMEDY, e);
        }
    }

    private static List<Path> list(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failed("Listing", folder, e);
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    private static boolean deleteFile(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed("Removing", file, e);
        }
    }

    private static LifecycleException failed(String what, Path file, IOException cause) {
        return new LifecycleException(
                what + " " + file + " failed (" + cause.getClass().getSimpleName()
                        + "); check that it is what the store has written, and its permissions",
                cause);
    }

    private boolean locked(String name, Supplier<Boolean> work) {
        int number = Integer.parseInt(name.substring(0, 2), 16) % LOCKS;
        return InterProcessLock.holding(
                directory.resolve("locks").resolve(Integer.toString(number)), lockTimeout, work);
    }

    private Path file(String name) {
        return conversations.resolve(name.substring(0, 2)).resolve(name + ENDING);
    }

    private Path folder(ConversationOwner owner) {
        String tenant = owner.tenant().map(name -> Hash.ofUtf8(name).hex()).orElse("");
        return users.resolve(Hash.ofUtf8(tenant + "\n" + owner.user()).hex());
    }

    private static String nameOf(String id) {
        return Hash.ofUtf8(Conversation.requireId(id)).hex();
    }

    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    /** A file and when it was written; the oldest comes first. */
    private record Dated(long at, Path file) implements Comparable<Dated> {

        @Override
        public int compareTo(Dated other) {
            return Comparator.comparingLong(Dated::at)
                    .thenComparing(Dated::file)
                    .compare(this, other);
        }
    }

    /** Builds a {@link FileConversationStore}. Not thread-safe. */
    public static final class Builder {

        private final Path directory;
        private int maxConversations = 100_000;
        private int maxBytes = 1 << 20;
        private Duration lockTimeout = Duration.ofSeconds(10);

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /**
         * Sets how many conversations are kept, give or take one of hundred; when there are more, those changed longest
         * ago are removed until a tenth is free. Default: 100,000.
         *
         * @param maxConversations at least 1
         * @return this builder
         */
        public Builder maxConversations(int maxConversations) {
            this.maxConversations = Limits.atLeastOne(maxConversations, "maxConversations", "100,000");
            return this;
        }

        /**
         * Sets how long the file of one conversation may be; a longer one is not written. Default: 1 MiB.
         *
         * @param maxBytes at least 1
         * @return this builder
         */
        public Builder maxBytes(int maxBytes) {
            this.maxBytes = Limits.atLeastOne(maxBytes, "maxBytes", "1 MiB");
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
         * Builds the store.
         *
         * @return the store
         * @throws LifecycleException when the directory is a file
         */
        public FileConversationStore build() {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new LifecycleException(
                        "Opening the conversation store " + directory + " failed: it is a file; name a directory");
            }
            return new FileConversationStore(this);
        }
    }
}
