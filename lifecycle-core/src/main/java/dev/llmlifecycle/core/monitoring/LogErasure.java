package dev.llmlifecycle.core.monitoring;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.StoredJson;

/**
 * The erasure of one person from the full files of a log.
 *
 * <p>First it is written down who and which interactions, durably; then each file that is concerned is replaced by one
 * without them; then the note is removed. A crash before the note is there leaves everything, a crash after it is made
 * good when the log is opened: the note still knows whose feedback is to go when the interactions are gone already.
 */
final class LogErasure {

    private static final int FORMAT = 1;

    /** Lines that are too long for others must be copied, too. */
    private static final int LONGEST_LINE = 1 << 30;

    private static final String REMEDY = "remove it, open the log and erase the user again";

    private final LogFiles files;
    private final Person person;
    private final Set<String> ids;
    private long interactions;
    private long feedback;
    private long unreadable;

    private LogErasure(LogFiles files, Person person, Set<String> ids) {
        this.files = files;
        this.person = person;
        this.ids = ids;
    }

    /** Erases a person; an erasure that has failed before is finished first, as there is one note. */
    static InteractionStore.Erasure erase(LogFiles files, Person person) {
        complete(files);
        LogErasure erasure = new LogErasure(files, person, new HashSet<>());
        erasure.findInteractions();
        if (!erasure.ids.isEmpty()) {
            erasure.writeDown();
            erasure.run();
        }
        return new InteractionStore.Erasure(erasure.interactions, erasure.feedback, erasure.unreadable);
    }

    /** Finishes an erasure that a crash or a failure has interrupted, if there is one. */
    static void complete(LogFiles files) {
        StoredJson.read(files.erasing(), REMEDY, json -> read(files, json)).ifPresent(erasure -> {
            erasure.findInteractions();
            erasure.run();
        });
    }

    private static LogErasure read(LogFiles files, JsonObject json) {
        json.requireFormat(FORMAT);
        return new LogErasure(
                files,
                new Person(json.optionalText("tenant"), json.text("user")),
                new HashSet<>(json.texts("interactions")));
    }

    private void writeDown() {
        Map<String, Object> json = new HashMap<>();
        json.put("format", FORMAT);
        person.tenant().ifPresent(tenant -> json.put("tenant", tenant));
        json.put("user", person.user());
        json.put("interactions", ids.stream().sorted().toList());
        DurableFiles.write(files.erasing(), JsonObject.pretty(json).getBytes(StandardCharsets.UTF_8));
    }

    private void run() {
        for (String stamp : files.stamps()) {
            if (concerns(stamp)) {
                rewrite(stamp);
            }
        }
        LogFiles.delete(files.erasing());
        DurableFiles.forceDirectory(DurableFiles.directoryOf(files.erasing()));
    }

    private void findInteractions() {
        for (String stamp : files.stamps()) {
            read(stamp, reader -> {
                while (reader.next()) {
                    try {
                        JsonObject json = LogLines.parse(reader.bytes());
                        if (json.text("type").equals(LogLines.INTERACTION) && person.asked(json)) {
                            ids.add(json.text("id"));
                        }
                    } catch (IllegalArgumentException e) {
                        unreadable++;
                    }
                }
                unreadable += reader.damage().isPresent() ? 1 : 0;
                return true;
            });
        }
    }

    private boolean concerns(String stamp) {
        return read(stamp, reader -> {
            boolean found = false;
            while (!found && reader.next()) {
                found = isToGo(reader.bytes());
            }
            return found;
        });
    }

    private void rewrite(String stamp) {
        Path compressed = files.compressed(stamp);
        if (Files.exists(compressed)) {
            DurableFiles.write(compressed, out -> {
                try (OutputStream gzip = new GZIPOutputStream(out)) {
                    copyRest(stamp, gzip);
                }
            });
        } else {
            DurableFiles.write(files.plain(stamp), out -> {
                try (OutputStream buffered = new BufferedOutputStream(out)) {
                    copyRest(stamp, buffered);
                }
            });
        }
    }

    /** Copies what stays, byte for byte. Lines that are damaged stay, since nobody can tell whose they are. */
    private void copyRest(String stamp, OutputStream out) throws IOException {
        try (PartReader reader = open(stamp)) {
            while (reader.next()) {
                byte[] line = reader.bytes();
                if (!isToGo(line)) {
                    out.write(line);
                    out.write('\n');
                } else if (LogLines.head(line).isInteraction()) {
                    interactions++;
                } else {
                    feedback++;
                }
            }
        }
    }

    private boolean isToGo(byte[] line) {
        try {
            LogLines.Head head = LogLines.head(line);
            return ids.contains(head.id())
                    && (head.isFeedback() || (head.isInteraction() && person.asked(LogLines.parse(line))));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean read(String stamp, Predicate<PartReader> work) {
        try (PartReader reader = open(stamp)) {
            return work.test(reader);
        }
    }

    /** Nobody else removes files meanwhile. */
    private PartReader open(String stamp) {
        return LogPart.full(files, stamp)
                .open(LONGEST_LINE)
                .orElseThrow(() -> new LifecycleException("Erasing a user from " + files.active() + " failed: its file "
                        + stamp + " has been removed meanwhile; erase again"));
    }
}
