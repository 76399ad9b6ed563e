package dev.llmlifecycle.eval.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * The file of a cassette: indented JSON, calls in the order of their requests, so that the same calls give the same
 * file whatever the order in which they were made.
 */
final class CassetteFile {

    private static final String FORMAT = "llm-lifecycle-cassette";
    private static final int VERSION = 1;
    private static final String EDITED = "record it again, or remove its hash to keep what was written by hand";
    private static final ObjectWriter PRETTY = ChatJson.JSON.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withSeparators(Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER)));

    private final Path file;

    CassetteFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /** What a file holds. */
    record Content(Optional<Identity> model, List<RecordedCall> calls, Hash hash) {}

    /** Reads the file, or nothing where there is none. */
    Optional<Content> read() {
        return bytes().map(this::parse);
    }

    /** Returns the hash of the file as it is now, or nothing where there is none. */
    Optional<Hash> currentHash() {
        return bytes().map(Hash::ofBytes);
    }

    /** Writes the file whole or not at all, and returns its hash. */
    Hash write(Identity model, List<RecordedCall> calls) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT).put("version", VERSION);
        json.putObject("model")
                .put("name", model.name())
                .put("version", model.version())
                .put("configurationHash", model.configurationHash().hex());
        ArrayNode entries = json.putArray("calls");
        calls.stream().sorted(Comparator.comparing(RecordedCall::key)).forEach(call -> {
            ObjectNode entry = entries.addObject();
            entry.put("hash", call.hash().hex());
            entry.set("request", call.request());
            entry.set("response", call.responseJson());
        });
        byte[] bytes;
        try {
            bytes = (PRETTY.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cassette must be writable as JSON; report this as a defect", e);
        }
        replace(bytes);
        return Hash.ofBytes(bytes);
    }

    private Optional<byte[]> bytes() {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading the cassette " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check that it is a file and its permissions",
                    e);
        }
    }

    private Content parse(byte[] bytes) {
        Optional<Identity> model = Optional.empty();
        List<RecordedCall> calls = new ArrayList<>();
        boolean known = false;
        boolean complete = false;
        int entry = 0;
        int line = 1;
        try (JsonParser parser = ChatJson.JSON.createParser(new String(bytes, StandardCharsets.UTF_8))) {
            parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw damaged("line 1", "there is no JSON object", null);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                line = parser.currentTokenLocation().getLineNr();
                parser.nextToken();
                switch (name) {
                    case "format" -> known = FORMAT.equals(parser.getValueAsString());
                    case "version" -> requireVersion(parser.getValueAsInt(), line);
                    case "model" -> model = Optional.of(identity(parser.readValueAsTree()));
                    case "calls" -> {
                        complete = parser.currentToken() == JsonToken.START_ARRAY;
                        while (complete && parser.nextToken() != JsonToken.END_ARRAY) {
                            entry++;
                            line = parser.currentTokenLocation().getLineNr();
                            calls.add(call(parser.readValueAsTree(), line));
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw damaged(
                        "line " + parser.currentTokenLocation().getLineNr(), "something follows the object", null);
            }
        } catch (JsonProcessingException e) {
            int at = e.getLocation() == null ? line : e.getLocation().getLineNr();
            throw damaged(position(complete ? entry : 0, at), "the JSON is broken: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw damaged(position(complete ? entry : 0, line), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw damaged("the whole file", "it cannot be read", e);
        }
        if (!known || !complete) {
            throw damaged(
                    "the whole file",
                    known ? "there is no list 'calls'" : "it does not say \"format\": \"" + FORMAT + "\"",
                    null);
        }
        return new Content(model, List.copyOf(calls), Hash.ofBytes(bytes));
    }

    private void requireVersion(int version, int line) {
        if (version != VERSION) {
            throw new DamagedDataException(
                    file.toString(),
                    "line " + line,
                    "the version is " + version + " but only " + VERSION + " is known",
                    "use the library that recorded it, or record it again",
                    null);
        }
    }

    private static Identity identity(JsonNode model) {
        return new Identity(
                model.path("name").asText(),
                model.path("version").asText(),
                new Hash(model.path("configurationHash").asText()));
    }

    private static RecordedCall call(JsonNode entry, int line) {
        if (!entry.path("request").path("messages").isArray()
                || !entry.path("response").isObject()) {
            throw new IllegalArgumentException("there is no 'request' with 'messages', or no 'response'");
        }
        RecordedCall call = RecordedCall.of(entry.path("request"), entry.path("response"), line);
        if (entry.has("hash") && !call.hash().hex().equals(entry.path("hash").asText())) {
            throw new IllegalArgumentException("the call was edited after it was recorded, its hash does not fit");
        }
        return call;
    }

    private static String position(int entry, int line) {
        return (entry > 0 ? "call " + entry + ", " : "") + "line " + line;
    }

    private DamagedDataException damaged(String position, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(file.toString(), position, problem, EDITED, cause);
    }

    private void replace(byte[] bytes) {
        Path target = file.toAbsolutePath();
        Path directory = Optional.ofNullable(target.getParent())
                .orElseThrow(() -> new IllegalArgumentException(file + " is a root and not a file; name a file"));
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempFile(directory, ".cassette", ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                    channel.force(true);
                }
                move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new LifecycleException(
                    "Writing the cassette " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check free space and permissions of its directory",
                    e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
