package dev.llmlifecycle.core.monitoring;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineReader;

/**
 * The form of interactions and feedback in a log: one JSON object a line, its version and type first, the checksum of
 * all bytes before it last.
 */
final class LogLines {

    static final String INTERACTION = "interaction";
    static final String FEEDBACK = "feedback";

    /** What every line begins with. */
    static final String START = "{\"schemaVersion\":";

    private static final JsonFactory JSON = new JsonFactory();
    private static final String CHECKSUM = ",\"crc32c\":\"";
    private static final int CHECKSUM_DIGITS = 8;
    private static final String END = "\"}";

    private LogLines() {}

    static byte[] write(Interaction interaction) {
        Map<String, Object> json = start(INTERACTION);
        json.put("id", interaction.id());
        json.put("startedAt", interaction.startedAt().toString());
        json.put("question", interaction.question());
        put(json, "standaloneQuestion", interaction.standaloneQuestion());
        put(json, "conversationId", interaction.conversationId());
        put(json, "user", interaction.user());
        put(json, "tenant", interaction.tenant());
        put(json, "label", interaction.label());
        interaction.release().ifPresent(release -> json.put("release", release.hex()));
        interaction.prompt().ifPresent(prompt -> json.put("prompt", prompt.toCanonical()));
        put(json, "snapshotId", interaction.snapshotId());
        json.put(
                "passages",
                interaction.passages().stream().map(LogLines::toJson).toList());
        json.put("outcome", interaction.outcome());
        json.put("answer", interaction.answer());
        json.put(
                "citations",
                interaction.citations().stream().map(LogLines::toJson).toList());
        json.put(
                "findings",
                interaction.findings().stream().map(LogLines::toJson).toList());
        json.put("inputTokens", interaction.inputTokens());
        json.put("outputTokens", interaction.outputTokens());
        interaction.cost().ifPresent(cost -> json.put("cost", cost.toString()));
        json.put("steps", interaction.steps().stream().map(LogLines::toJson).toList());
        json.put("duration", interaction.duration().toString());
        return withChecksum(json);
    }

    static byte[] write(Feedback feedback) {
        Map<String, Object> json = start(FEEDBACK);
        json.put("interactionId", feedback.interactionId());
        json.put("rating", feedback.rating().name());
        put(json, "reason", feedback.reason());
        put(json, "correction", feedback.correction());
        json.put("at", feedback.at().toString());
        return withChecksum(json);
    }

    /**
     * Checks a line's checksum and parses it.
     *
     * @throws IllegalArgumentException when it is damaged
     */
    static JsonObject parse(byte[] line) {
        requireChecksum(line);
        return JsonObject.parse(LineReader.decode(line));
    }

    /**
     * Checks a line's checksum and reads no more of it than what it is about.
     *
     * @throws IllegalArgumentException when it is damaged
     */
    static Head head(byte[] line) {
        requireChecksum(line);
        String type = "";
        String id = "";
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                String value = parser.nextTextValue();
                if (value == null) {
                    parser.skipChildren();
                } else if (field.equals("type")) {
                    type = value;
                } else if (field.equals("id") || field.equals("interactionId")) {
                    id = value;
                } else if (field.equals("startedAt") || field.equals("at")) {
                    return new Head(type, id, Instant.parse(value));
                }
            }
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("it is not a record of this log", e);
        }
        return new Head(type, id, Instant.EPOCH);
    }

    private static void requireChecksum(byte[] line) {
        int checked = line.length - CHECKSUM.length() - CHECKSUM_DIGITS - END.length();
        if (checked < 1
                || !Arrays.equals(line, checked, line.length, checksumOf(line, checked), 0, line.length - checked)) {
            throw new IllegalArgumentException("its checksum does not fit");
        }
    }

    static boolean isWhole(byte[] line) {
        try {
            parse(line);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static Interaction readInteraction(JsonObject json) {
        Interaction.Builder builder = Interaction.builder(
                        json.text("id"), json.instant("startedAt"), json.text("question"))
                .conversationId(json.optionalText("conversationId"))
                .user(json.optionalText("user"))
                .tenant(json.optionalText("tenant"))
                .label(json.optionalText("label"))
                .outcome(json.text("outcome"), json.text("answer"))
                .citations(json.objects("citations").stream()
                        .map(citation -> new Citation(
                                citation.integer("number"), citation.text("passageId"), citation.text("source")))
                        .toList())
                .findings(
                        json.objects("findings").stream().map(LogLines::finding).toList())
                .tokens(json.integer("inputTokens"), json.integer("outputTokens"))
                .cost(json.optionalText("cost").map(BigDecimal::new))
                .duration(json.duration("duration"));
        json.optionalText("standaloneQuestion").ifPresent(builder::standaloneQuestion);
        json.optional("release", json::hash).ifPresent(builder::release);
        json.optional("prompt", json::object)
                .ifPresent(prompt -> builder.prompt(
                        new PinnedPrompt(prompt.text("name"), prompt.integer("number"), prompt.hash("hash"))));
        json.optionalText("snapshotId")
                .ifPresent(snapshot -> builder.retrieval(
                        snapshot,
                        json.objects("passages").stream().map(LogLines::passage).toList()));
        json.objects("steps")
                .forEach(step -> builder.step(
                        new Step(step.text("type"), step.duration("duration"), step.textsByName("attributes"))));
        return builder.build();
    }

    static Feedback readFeedback(JsonObject json) {
        return new Feedback(
                json.text("interactionId"),
                json.constant("rating", Feedback.Rating.class),
                json.optionalText("reason"),
                json.optionalText("correction"),
                json.instant("at"));
    }

    private static Map<String, Object> start(String type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schemaVersion", Interaction.SCHEMA_VERSION);
        json.put("type", type);
        return json;
    }

    private static void put(Map<String, Object> json, String field, Optional<String> value) {
        value.ifPresent(text -> json.put(field, text));
    }

    private static Map<String, Object> toJson(Passage passage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", passage.id());
        json.put("score", passage.score());
        json.put("text", passage.text());
        Map<String, Object> metadata = new TreeMap<>();
        passage.segment().metadata().toMap().forEach((key, value) -> metadata.put(key, toJson(value)));
        json.put("metadata", metadata);
        return json;
    }

    /** Texts stand for themselves; other types that metadata may have are named, with their exact text. */
    private static Object toJson(Object metadataValue) {
        return metadataValue instanceof String
                ? metadataValue
                : Map.of(metadataValue.getClass().getSimpleName().toLowerCase(Locale.ROOT), metadataValue.toString());
    }

    private static Map<String, Object> toJson(Citation citation) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", citation.number());
        json.put("passageId", citation.passageId());
        json.put("source", citation.source());
        return json;
    }

    private static Map<String, Object> toJson(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("validator", finding.validator());
        json.put("code", finding.code());
        json.put("severity", finding.severity().name());
        json.put("message", finding.message());
        finding.span().ifPresent(span -> {
            json.put("start", span.start());
            json.put("end", span.end());
        });
        json.put("confidence", finding.confidence());
        put(json, "evidence", finding.evidence());
        Map<String, Object> remedy = toJson(finding.remedy());
        if (!remedy.isEmpty()) {
            json.put("remedy", remedy);
        }
        return json;
    }

    private static Map<String, Object> toJson(Remedy remedy) {
        if (remedy instanceof Remedy.Replace replace) {
            return remedy("replace", replace.text());
        }
        if (remedy instanceof Remedy.Rewrite rewrite) {
            return remedy("rewrite", rewrite.text());
        }
        if (remedy instanceof Remedy.AskAgain again) {
            return remedy("ask-again", again.instruction());
        }
        return remedy instanceof Remedy.Refuse refuse ? remedy("refuse", refuse.reason()) : Map.of();
    }

    private static Map<String, Object> remedy(String kind, String text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", kind);
        json.put("text", text);
        return json;
    }

    private static Map<String, Object> toJson(Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", step.type());
        json.put("duration", step.duration().toString());
        json.put("attributes", step.attributes());
        return json;
    }

    private static Finding finding(JsonObject json) {
        return new Finding(
                json.text("validator"),
                json.text("code"),
                json.constant("severity", Finding.Severity.class),
                json.text("message"),
                json.optional("start", start -> new TextSpan(json.integer(start), json.integer("end"))),
                json.optional("confidence", json::number).orElse(1.0),
                json.optionalText("evidence"),
                json.optional("remedy", json::object).map(LogLines::remedy).orElseGet(Remedy::none));
    }

    private static Remedy remedy(JsonObject json) {
        String text = json.optionalText("text").orElse("");
        return switch (json.text("kind")) {
            case "replace" -> new Remedy.Replace(text);
            case "rewrite" -> new Remedy.Rewrite(text);
            case "ask-again" -> new Remedy.AskAgain(text);
            case "refuse" -> new Remedy.Refuse(text);
            default -> Remedy.none();
        };
    }

    private static Passage passage(JsonObject json) {
        Map<String, Object> metadata = new HashMap<>();
        json.optional("metadata", json::object).ifPresent(values -> {
            for (String key : values.names()) {
                metadata.put(key, values.isText(key) ? values.text(key) : metadataValue(values.object(key)));
            }
        });
        return new Passage(
                json.text("id"), TextSegment.from(json.text("text"), Metadata.from(metadata)), json.number("score"));
    }

    private static Object metadataValue(JsonObject json) {
        List<String> types = json.names();
        String type = types.isEmpty() ? "" : types.get(0);
        return switch (type) {
            case "integer" -> Integer.valueOf(json.text(type));
            case "long" -> Long.valueOf(json.text(type));
            case "float" -> Float.valueOf(json.text(type));
            case "double" -> Double.valueOf(json.text(type));
            case "uuid" -> UUID.fromString(json.text(type));
            default -> throw new IllegalArgumentException("a metadata value has the unknown type '" + type + "'");
        };
    }

    private static byte[] withChecksum(Map<String, Object> json) {
        byte[] whole = JsonObject.line(json).getBytes(StandardCharsets.UTF_8);
        int open = whole.length - 1;
        byte[] checksum = checksumOf(whole, open);
        byte[] line = Arrays.copyOf(whole, open + checksum.length);
        System.arraycopy(checksum, 0, line, open, checksum.length);
        return line;
    }

    private static byte[] checksumOf(byte[] line, int length) {
        CRC32C crc = new CRC32C();
        crc.update(line, 0, length);
        return (CHECKSUM + String.format(Locale.ROOT, "%08x", crc.getValue()) + END)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * What a line is about.
     *
     * @param type its type, which may be one that is not known here
     * @param id the interaction
     * @param time when the interaction started or the feedback was given; the epoch for other types
     */
    record Head(String type, String id, Instant time) {

        boolean isInteraction() {
            return type.equals(INTERACTION);
        }

        boolean isFeedback() {
            return type.equals(FEEDBACK);
        }
    }
}
