package dev.llmlifecycle.eval.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.identity.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * Requests and responses as JSON that people read. A text of several lines is a list of them, so that a diff shows the
 * line that changed; a message that is more than a text is kept as LangChain4j writes it.
 */
final class ChatJson {

    static final ObjectMapper JSON = new ObjectMapper();

    private final SecretScrubber scrubber;

    ChatJson(SecretScrubber scrubber) {
        this.scrubber = scrubber;
    }

    /** Returns the one text of a value, by which requests are compared, hashed and ordered. */
    static String canonical(JsonNode node) {
        return CanonicalJson.write(JSON.convertValue(node, Object.class));
    }

    ObjectNode request(ChatRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode messages = json.putArray("messages");
        request.messages().forEach(message -> messages.add(message(message)));
        ObjectNode parameters = parameters(request);
        if (!parameters.isEmpty()) {
            json.set("parameters", parameters);
        }
        return json;
    }

    /** Writes what a vector depends on. */
    ObjectNode request(String text, Map<String, Object> parameters) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("text", scrubbed(text));
        if (!parameters.isEmpty()) {
            json.set("parameters", scrubber.scrub(JSON.valueToTree(parameters)));
        }
        return json;
    }

    ObjectNode response(ChatResponse response) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        AiMessage message = response.aiMessage();
        String text = message.text();
        if (text != null && AiMessage.from(text).equals(message)) {
            json.set("text", scrubbed(text));
        } else {
            json.set("message", raw(message));
        }
        if (response.finishReason() != null) {
            json.put("finishReason", response.finishReason().name());
        }
        if (response.modelName() != null) {
            json.put("model", response.modelName());
        }
        TokenUsage usage = response.tokenUsage();
        if (usage != null) {
            put(json, "inputTokens", usage.inputTokenCount());
            put(json, "outputTokens", usage.outputTokenCount());
            put(json, "totalTokens", usage.totalTokenCount());
        }
        return json;
    }

    /** Reads a response, or throws {@link IllegalArgumentException}. */
    static ChatResponse response(JsonNode json) {
        ChatResponse.Builder response = ChatResponse.builder().aiMessage(answer(json));
        JsonNode reason = json.path("finishReason");
        if (!reason.isMissingNode()) {
            response.finishReason(finishReason(reason.asText()));
        }
        if (json.path("model").isTextual()) {
            response.modelName(json.path("model").textValue());
        }
        Integer input = count(json, "inputTokens");
        Integer output = count(json, "outputTokens");
        Integer total = count(json, "totalTokens");
        if (input != null || output != null || total != null) {
            response.tokenUsage(total == null ? new TokenUsage(input, output) : new TokenUsage(input, output, total));
        }
        return response.build();
    }

    /** Brings a request that someone wrote into the form in which requests are recorded. */
    static JsonNode normalized(JsonNode request) {
        JsonNode copy = request.deepCopy();
        if (copy instanceof ObjectNode object && object.has("text")) {
            object.set("text", lines(text(object.path("text"))));
        }
        for (JsonNode message : copy.path("messages")) {
            if (message instanceof ObjectNode object && object.has("text")) {
                object.set("text", lines(text(object.path("text"))));
            }
        }
        return copy;
    }

    /** Reads a text that may stand in lines, or throws {@link IllegalArgumentException}. */
    static String text(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (!node.isArray() || node.isEmpty()) {
            throw new IllegalArgumentException("'text' is neither a text nor a list of lines");
        }
        List<String> lines = new ArrayList<>();
        for (JsonNode line : node) {
            if (!line.isTextual()) {
                throw new IllegalArgumentException("a line of 'text' is no text");
            }
            lines.add(line.textValue());
        }
        return String.join("\n", lines);
    }

    private ObjectNode message(ChatMessage message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (message instanceof SystemMessage system) {
            return json.put("role", "system").set("text", scrubbed(system.text()));
        }
        if (message instanceof UserMessage user
                && user.hasSingleText()
                && UserMessage.from(user.singleText()).equals(user)) {
            return json.put("role", "user").set("text", scrubbed(user.singleText()));
        }
        if (message instanceof AiMessage ai
                && ai.text() != null
                && AiMessage.from(ai.text()).equals(ai)) {
            return json.put("role", "assistant").set("text", scrubbed(ai.text()));
        }
        return json.put("role", message.type().name()).set("message", raw(message));
    }

    private ObjectNode parameters(ChatRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (request.modelName() != null) {
            json.put("model", request.modelName());
        }
        put(json, "temperature", request.temperature());
        put(json, "topP", request.topP());
        put(json, "topK", request.topK());
        put(json, "frequencyPenalty", request.frequencyPenalty());
        put(json, "presencePenalty", request.presencePenalty());
        put(json, "maxOutputTokens", request.maxOutputTokens());
        List<String> stops = request.stopSequences();
        if (stops != null && !stops.isEmpty()) {
            ArrayNode array = json.putArray("stopSequences");
            stops.forEach(stop -> array.add(scrubber.scrub(stop)));
        }
        List<ToolSpecification> tools = request.toolSpecifications();
        if (tools != null && !tools.isEmpty()) {
            ArrayNode array = json.putArray("tools");
            tools.forEach(tool -> array.add(tree(tool.toJson())));
        }
        if (request.toolChoice() != null) {
            json.put("toolChoice", request.toolChoice().name());
        }
        ResponseFormat format = request.responseFormat();
        if (format != null) {
            json.put("responseFormat", format.type().name());
            if (format.jsonSchema() != null) {
                json.put("responseSchema", format.jsonSchema().toString());
            }
        }
        return json;
    }

    private JsonNode scrubbed(String text) {
        return lines(scrubber.scrub(text));
    }

    private JsonNode raw(ChatMessage message) {
        return tree(ChatMessageSerializer.messageToJson(message));
    }

    private JsonNode tree(String json) {
        try {
            return scrubber.scrub(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("LangChain4j wrote a message that is no JSON; report this as a defect", e);
        }
    }

    private static AiMessage answer(JsonNode json) {
        if (json.has("text")) {
            return AiMessage.from(text(json.path("text")));
        }
        if (!json.path("message").isObject()) {
            throw new IllegalArgumentException("the response has neither 'text' nor 'message'");
        }
        try {
            if (ChatMessageDeserializer.messageFromJson(json.path("message").toString()) instanceof AiMessage message) {
                return message;
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the response's 'message' cannot be read", e);
        }
        throw new IllegalArgumentException("the response's 'message' is not one of a model");
    }

    private static FinishReason finishReason(String name) {
        for (FinishReason reason : FinishReason.values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no finish reason");
    }

    private static @Nullable Integer count(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.canConvertToInt() || value.intValue() < 0) {
            throw new IllegalArgumentException("'" + field + "' is no count");
        }
        return value.intValue();
    }

    private static void put(ObjectNode json, String field, @Nullable Integer value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    private static void put(ObjectNode json, String field, @Nullable Double value) {
        if (value != null) {
            json.put(field, value);
        }
    }

    private static JsonNode lines(String text) {
        if (text.indexOf('\n') < 0) {
            return JsonNodeFactory.instance.textNode(text);
        }
        ArrayNode lines = JsonNodeFactory.instance.arrayNode();
        for (String line : text.split("\n", -1)) {
            lines.add(line);
        }
        return lines;
    }
}
