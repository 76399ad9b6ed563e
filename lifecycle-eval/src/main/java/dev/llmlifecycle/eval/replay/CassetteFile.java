package dev.llmlifecycle.eval.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

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
import dev.langchain4j.model.chat.Capability;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * The file of a cassette: indented JSON, models and calls in an order of their own, so that the same calls give the
 * same file whatever the order in which they were made.
 */
final class CassetteFile {

    private static final String FORMAT = "llm-lifecycle-cassette";
    private static final int VERSION = 1;
    private static final String REMEDY = "correct it, or remove the file and record it again";
    private static final ObjectWriter PRETTY =
            ChatJson.JSON.writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withArrayEmptySeparator("")
                            .withObjectEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private final Path file;

    CassetteFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /** What a file holds. */
    record Content(Recordings recordings, Hash hash) {}

    /** Reads the file, or nothing where there is none. */
    Optional<Content> read() {
        return bytes().map(bytes -> new Content(new Reader(bytes).read(), Hash.ofBytes(bytes)));
    }

    /** Returns the hash of the file as it is now, or nothing where there is none. */
    Optional<Hash> currentHash() {
        return bytes().map(Hash::ofBytes);
    }

    /** Writes the file whole or not at all, and returns its hash. */
    Hash write(Recordings recordings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT).put("version", VERSION);
        ArrayNode models = json.putArray("models");
        recordings.models().forEach((key, model) -> {
            ObjectNode entry = models.addObject();
            entry.put("kind", key.kind().label());
            entry.put("name", key.identity().name());
            entry.put("version", key.identity().version());
            entry.put("configurationHash", key.identity().configurationHash().hex());
            if (!model.capabilities().isEmpty()) {
                ArrayNode capabilities = entry.putArray("capabilities");
                model.capabilities().forEach(capability -> capabilities.add(capability.name()));
            }
            ArrayNode calls = entry.putArray("calls");
            model.calls().forEach(call -> {
                ObjectNode written = calls.addObject();
                written.set("request", call.request());
                written.set("response", call.response());
                written.put("hash", call.hash().hex());
            });
        });
        byte[] bytes;
        try {
            bytes = (PRETTY.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cassette must be writable as JSON; report this as a defect", e);
        }
        DurableFiles.write(file, bytes);
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

    /** Reads the bytes once, and knows where it is. */
    private final class Reader {

        private final byte[] bytes;
        private final Recordings recordings = new Recordings();
        private int call;
        private int line = 1;
        private boolean known;
        private boolean versioned;
        private boolean complete;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        Recordings read() {
            try (JsonParser parser = ChatJson.JSON.createParser(LineReader.decode(bytes))) {
                parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new IllegalArgumentException("there is no JSON object");
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    readMember(parser);
                }
                if (parser.nextToken() != null) {
                    at(parser);
                    throw new IllegalArgumentException("something follows the object");
                }
            } catch (JsonProcessingException e) {
                // Jackson's message may quote the text, so only the place is kept.
                String place = e.getLocation() == null
                        ? ""
                        : " at column " + e.getLocation().getColumnNr();
                line = e.getLocation() == null ? line : e.getLocation().getLineNr();
                String message = String.valueOf(e.getOriginalMessage());
                boolean duplicate = message.startsWith("Duplicate field");
                throw damaged(duplicate ? "a field is there twice" + place : "it is not valid JSON" + place, null);
            } catch (IllegalArgumentException e) {
                throw damaged(String.valueOf(e.getMessage()), e);
            } catch (IOException e) {
                throw damaged("it cannot be read", e);
            }
            if (!known || !versioned || !complete) {
                line = 1;
                throw damaged(
                        known
                                ? "there is no " + (versioned ? "list 'models'" : "'version'")
                                : "it does not say \"format\": \"" + FORMAT + "\"",
                        null);
            }
            return recordings;
        }

        private void readMember(JsonParser parser) throws IOException {
            String name = parser.currentName();
            at(parser);
            parser.nextToken();
            switch (name) {
                case "format" -> known = FORMAT.equals(parser.getValueAsString());
                case "version" -> {
                    versioned = true;
                    if (parser.getValueAsInt() != VERSION) {
                        throw new IllegalArgumentException("the version is not " + VERSION + ", which alone is known");
                    }
                }
                case "models" -> {
                    complete = parser.currentToken() == JsonToken.START_ARRAY;
                    while (complete && parser.nextToken() != JsonToken.END_ARRAY) {
                        at(parser);
                        readModel(parser);
                    }
                }
                default -> parser.skipChildren();
            }
        }

        private void readModel(JsonParser parser) throws IOException {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a model is no object");
            }
            int start = line;
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            List<ReadCall> calls = new ArrayList<>();
            boolean listed = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                at(parser);
                if (parser.nextToken() == JsonToken.START_ARRAY && name.equals("calls")) {
                    listed = true;
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        call++;
                        at(parser);
                        calls.add(new ReadCall(parser.readValueAsTree(), call, line));
                    }
                    call = 0;
                } else {
                    fields.set(name, parser.readValueAsTree());
                }
            }
            line = start;
            if (!listed) {
                throw new IllegalArgumentException("the model has no list 'calls'");
            }
            CallKind kind = CallKind.of(text(fields, "kind"))
                    .orElseThrow(() -> new IllegalArgumentException("the model's 'kind' is not known"));
            ModelKey key = new ModelKey(
                    kind,
                    new Identity(
                            text(fields, "name"),
                            text(fields, "version"),
                            new Hash(text(fields, "configurationHash"))));
            if (recordings.models().containsKey(key)) {
                throw new IllegalArgumentException("the model is there twice");
            }
            recordings.describe(key, capabilities(fields.path("capabilities")));
            Map<JsonNode, Integer> dimensions = new HashMap<>();
            for (ReadCall read : calls) {
                call = read.number();
                line = read.line();
                RecordedCall recorded = read.call(kind);
                recordings.append(key, recorded);
                int dimension = recorded.response().path("dimension").asInt();
                Integer others = dimensions.putIfAbsent(recorded.request().path("parameters"), dimension);
                if (others != null && others != dimension) {
                    throw new IllegalArgumentException(
                            "the vector has the dimension " + dimension + " but those before it have " + others);
                }
            }
            call = 0;
        }

        private void at(JsonParser parser) {
            line = parser.currentTokenLocation().getLineNr();
        }

        private DamagedDataException damaged(String problem, @Nullable Throwable cause) {
            String position = (call > 0 ? "call " + call + ", " : "") + "line " + line;
            return new DamagedDataException(file.toString(), position, problem, REMEDY, cause);
        }
    }

    /** A call as it stands in the file. */
    private record ReadCall(JsonNode entry, int number, int line) {

        RecordedCall call(CallKind kind) {
            if (!entry.path("request").isObject() || !entry.path("response").isObject()) {
                throw new IllegalArgumentException("the call has no 'request' or no 'response'");
            }
            RecordedCall call = RecordedCall.of(kind, entry.path("request"), entry.path("response"), line);
            if (entry.has("hash")
                    && !call.hash().hex().equals(entry.path("hash").asText())) {
                throw new IllegalArgumentException("the call was edited after it was recorded, remove its 'hash' to"
                        + " keep what was written by hand");
            }
            return call;
        }
    }

    private static String text(ObjectNode fields, String name) {
        if (!fields.path(name).isTextual()) {
            throw new IllegalArgumentException("the model has no text '" + name + "'");
        }
        return fields.path(name).textValue();
    }

    private static SortedSet<Capability> capabilities(JsonNode names) {
        SortedSet<Capability> capabilities = new TreeSet<>();
        for (JsonNode name : names) {
            for (Capability capability : Capability.values()) {
                if (capability.name().equals(name.asText())) {
                    capabilities.add(capability);
                }
            }
        }
        return capabilities;
    }
}
