package dev.llmlifecycle.core.monitoring;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * Interactions and feedback as JSON objects; what a newer version added is skipped, what an older one lacks is absent.
 */
final class InteractionJson {

    private static final String TYPE = "type";
    private static final String VALUE = "value";

    private InteractionJson() {}

    static String write(Interaction interaction) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", interaction.id());
        json.put("startedAt", interaction.startedAt().toString());
        json.put("question", interaction.question());
        put(json, "standaloneQuestion", interaction.standaloneQuestion());
        put(json, "conversationId", interaction.conversationId());
        put(json, "user", interaction.user());
        put(json, "tenant", interaction.tenant());
        put(json, "label", interaction.label());
        put(json, "release", interaction.release().map(Hash::hex));
        put(json, "prompt", interaction.prompt().map(PinnedPrompt::toCanonical));
        put(json, "snapshotId", interaction.snapshotId());
        json.put(
                "passages",
                interaction.passages().stream().map(InteractionJson::passage).toList());
        json.put("outcome", interaction.outcome());
        json.put("answer", interaction.answer());
        json.put(
                "citations",
                interaction.citations().stream().map(InteractionJson::citation).toList());
        json.put(
                "findings",
                interaction.findings().stream().map(InteractionJson::finding).toList());
        json.put("inputTokens", interaction.inputTokens());
        json.put("outputTokens", interaction.outputTokens());
        put(json, "cost", interaction.cost().map(BigDecimal::toString));
        json.put(
                "steps", interaction.steps().stream().map(InteractionJson::step).toList());
        json.put("duration", interaction.duration().toString());
        return JsonObject.line(json);
    }

    static Interaction readInteraction(JsonObject json) {
        Interaction.Builder interaction = Interaction.builder(
                        json.text("id"), json.instant("startedAt"), json.text("question"))
                .conversationId(json.optionalText("conversationId"))
                .user(json.optionalText("user"))
                .tenant(json.optionalText("tenant"))
                .label(json.optionalText("label"))
                .outcome(json.text("outcome"), json.text("answer"))
                .citations(json.objects("citations").stream()
                        .map(InteractionJson::readCitation)
                        .toList())
                .findings(json.objects("findings").stream()
                        .map(InteractionJson::readFinding)
                        .toList())
                .tokens(
                        json.optional("inputTokens", json::integer).orElse(0),
                        json.optional("outputTokens", json::integer).orElse(0))
                .cost(json.optionalText("cost").map(BigDecimal::new))
                .duration(json.duration("duration"));
        json.optionalText("standaloneQuestion").ifPresent(interaction::standaloneQuestion);
        json.optional("release", json::hash).ifPresent(interaction::release);
        json.optional("prompt", json::object)
                .ifPresent(prompt -> interaction.prompt(
                        new PinnedPrompt(prompt.text("name"), prompt.integer("number"), prompt.hash("hash"))));
        json.optionalText("snapshotId")
                .ifPresent(snapshot -> interaction.retrieval(
                        snapshot,
                        json.objects("passages").stream()
                                .map(InteractionJson::readPassage)
                                .toList()));
        json.objects("steps").stream().map(InteractionJson::readStep).forEach(interaction::step);
        return interaction.build();
    }

    static String write(Feedback feedback) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("interactionId", feedback.interactionId());
        json.put("rating", feedback.rating().name());
        put(json, "reason", feedback.reason());
        put(json, "correction", feedback.correction());
        json.put("at", feedback.at().toString());
        return JsonObject.line(json);
    }

    static Feedback readFeedback(JsonObject json) {
        return new Feedback(
                json.text("interactionId"),
                json.constant("rating", Feedback.Rating.class),
                json.optionalText("reason"),
                json.optionalText("correction"),
                json.instant("at"));
    }

    private static void put(Map<String, Object> json, String field, Optional<?> value) {
        value.ifPresent(present -> json.put(field, present));
    }

    private static Map<String, Object> passage(Passage passage) {
        Map<String, Object> metadata = new TreeMap<>();
        passage.segment().metadata().toMap().forEach((name, value) -> metadata.put(name, metadataValue(value)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", passage.id());
        json.put("score", passage.score());
        json.put("text", passage.text());
        json.put("metadata", metadata);
        return json;
    }

    /** A text stands as it is; every other type that LangChain4j allows is named beside its value. */
    private static Object metadataValue(Object value) {
        return value instanceof String
                ? value
                : Map.of(TYPE, value.getClass().getSimpleName(), VALUE, value.toString());
    }

    private static Passage readPassage(JsonObject json) {
        Metadata metadata = new Metadata();
        if (json.has("metadata")) {
            JsonObject values = json.object("metadata");
            for (String name : values.names()) {
                if (values.isText(name)) {
                    metadata.put(name, values.text(name));
                } else {
                    readTyped(metadata, name, values.object(name));
                }
            }
        }
        return new Passage(json.text("id"), TextSegment.from(json.text("text"), metadata), json.number("score"));
    }

    private static void readTyped(Metadata metadata, String name, JsonObject typed) {
        String value = typed.text(VALUE);
        switch (typed.text(TYPE)) {
            case "Integer" -> metadata.put(name, Integer.parseInt(value));
            case "Long" -> metadata.put(name, Long.parseLong(value));
            case "Float" -> metadata.put(name, Float.parseFloat(value));
            case "Double" -> metadata.put(name, Double.parseDouble(value));
            case "UUID" -> metadata.put(name, UUID.fromString(value));
            default -> metadata.put(name, value); // a type of a newer version, kept as text
        }
    }

    private static Map<String, Object> citation(Citation citation) {
        return Map.of("number", citation.number(), "passageId", citation.passageId(), "source", citation.source());
    }

    private static Citation readCitation(JsonObject json) {
        return new Citation(json.integer("number"), json.text("passageId"), json.text("source"));
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("validator", finding.validator());
        json.put("code", finding.code());
        json.put("severity", finding.severity().name());
        json.put("message", finding.message());
        put(json, "span", finding.span().map(span -> Map.of("start", span.start(), "end", span.end())));
        return json;
    }

    private static Finding readFinding(JsonObject json) {
        return new Finding(
                json.text("validator"),
                json.text("code"),
                json.constant("severity", Finding.Severity.class),
                json.text("message"),
                json.optional("span", json::object)
                        .map(span -> new TextSpan(span.integer("start"), span.integer("end"))));
    }

    private static Map<String, Object> step(Step step) {
        return Map.of(
                TYPE,
                step.type(),
                "duration",
                step.duration().toString(),
                "attributes",
                new TreeMap<>(step.attributes()));
    }

    private static Step readStep(JsonObject json) {
        return new Step(json.text(TYPE), json.duration("duration"), json.textsByName("attributes"));
    }
}
